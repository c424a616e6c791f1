import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { emptyScore } from '../../../domain/insights/score.ts';
import { type Created, type Page, pagesOf, startApi, users } from '../../../test/support/api.ts';
import { cause, user } from '../../../test/support/domain.ts';

const api = await startApi(['north', 'south', 'east', 'west']);
afterAll(() => api.aws.close());
beforeEach(() => api.aws.clear());

const create = (input: object = {}, who = users.nora) =>
  api.ask<Created>(who, 'Mutation.createCustomer', { input: { kind: 'PERSON', name: 'Ada', ...input } });
const log = (customerId: string, input: object = {}) =>
  api.ask<Created>(users.admin, 'Mutation.logInteraction', {
    input: { customerId, channel: 'PHONE', direction: 'INBOUND', ...input },
  });
/** What may stand in a cursor behind the fingerprint of its list, though nobody was given it. */
const tampered: readonly (readonly unknown[])[] = [
  [],
  [''],
  [null],
  [7],
  [{}],
  ['\uD83D'],
  ['x'.repeat(3000)],
  ['cus_00000000000000000000000000'],
  ['', ''],
  ['', '', '', ''],
];
const listOf = (cursor: string | null) => JSON.parse(Buffer.from(cursor ?? '', 'base64url').toString())[0];
const nobody = 'cus_00000000000000000000000000';

describe('Query.customer and Query.customerByIdentity', () => {
  const identity = { kind: 'EMAIL', value: 'ada@example.com' };

  test('give the customer to all whose role reaches it', async () => {
    const customer = await create({ identities: [identity] });

    for (const who of [users.nora, users.ned, users.analyst, users.importer, users.admin]) {
      expect(await api.ask(who, 'Query.customer', { id: customer.id })).toEqual(customer);
      expect(await api.ask(who, 'Query.customerByIdentity', { identity })).toEqual(customer);
    }
  });

  test('give nothing to a salesperson of another team', async () => {
    const { id } = await create({ identities: [identity] });

    expect(await api.ask(users.sue, 'Query.customer', { id })).toBeNull();
    expect(await api.ask(users.sue, 'Query.customerByIdentity', { identity })).toBeNull();
  });

  test('give nothing for an unknown id, another sort of id, or an unknown identity', async () => {
    expect(await api.ask(users.admin, 'Query.customer', { id: nobody })).toBeNull();
    expect(await api.ask(users.admin, 'Query.customer', { id: 'ord_1' })).toBeNull();
    expect(await api.ask(users.admin, 'Query.customerByIdentity', { identity })).toBeNull();
  });

  test.each(['x'.repeat(3000), '\uD83D', `${nobody}#`, ''])(
    'give nothing for what is no key: %s',
    async (id) => {
      expect(await api.ask(users.admin, 'Query.customer', { id })).toBeNull();
      expect(await api.ask(users.admin, 'Query.customer360', { id })).toBeNull();
      expect(await api.ask(users.admin, 'Query.node', { id: `ord_${id}` })).toBeNull();
    },
  );

  test('find an e-mail address in whatever case, and refuse what is none', async () => {
    const { id } = await create({ identities: [identity] });
    const upper = { kind: 'EMAIL', value: 'ADA@EXAMPLE.COM' };

    expect(await api.ask(users.nora, 'Query.customerByIdentity', { identity: upper })).toMatchObject({ id });
    const refused = await api.refusal(users.nora, 'Query.customerByIdentity', {
      identity: { kind: 'EMAIL', value: 'ada' },
    });
    expect(refused.code).toBe('INPUT.INVALID');
  });
});

describe('Query.customers', () => {
  const names = ['eve', 'Ada', 'Zoë', 'bob', 'Émile', 'Ada'];
  const page = (args: object, who = users.nora) => api.ask<Page<Created>>(who, 'Query.customers', args);

  test('gives the caller’s own by name, whatever the case and the accents, over pages without gap or repetition', async () => {
    for (const name of names) await create({ name });
    await create({ name: 'Foreign' }, users.ned);

    const nodes = await pagesOf((after) => page({ first: 2, after }));

    expect(nodes.map(({ name }) => name)).toEqual(['Ada', 'Ada', 'bob', 'Émile', 'eve', 'Zoë']);
    expect(new Set(nodes.map(({ id }) => id)).size).toBe(6);
  });

  test('of another owner gives those that the caller may read', async () => {
    await create({ name: 'Of Ned in the north' }, users.ned);
    await create({ name: 'Of Sue in the south' }, users.sue);

    expect((await page({ ownerId: 'usr_ned' })).nodes).toHaveLength(1);
    expect((await page({ ownerId: 'usr_sue' })).nodes).toEqual([]);
    expect((await page({ ownerId: 'usr_sue' }, users.analyst)).nodes).toHaveLength(1);
  });

  test('of an owner in another team does not even tell that there are any', async () => {
    for (const name of ['a', 'b', 'c']) await create({ name });
    const empty = { edges: [], nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };

    expect(await page({ ownerId: 'usr_nora', first: 2 }, users.sue)).toEqual(empty);
    expect(await page({ ownerId: 'usr_nora', first: 2 }, user('tim', ['sales']))).toEqual(empty);
    const noRole = user('nora', [], ['north']);
    expect(await api.refusal(noRole, 'Query.customers', {})).toMatchObject({ code: 'ACCESS.DENIED' });
  });

  test('of an owner of several teams is walked over full pages of those that the caller may read', async () => {
    const names = Array.from({ length: 40 }, (_, n) => `customer ${String(n).padStart(2, '0')}`);
    const teamOf = (n: number) => (n % 8 === 3 ? 'south' : n % 8 === 5 ? 'west' : 'north');
    for (const [n, name] of names.entries()) await create({ name, team: teamOf(n) });
    const both = user('bea', ['sales'], ['south', 'west']);

    for (const [who, teams] of [
      [users.sue, ['south']],
      [both, ['south', 'west']],
    ] as const) {
      const sizes: number[] = [];
      const nodes = await pagesOf(async (after) => {
        const answer = await page({ ownerId: 'usr_nora', first: 2, after }, who);
        sizes.push(answer.nodes.length);
        return answer;
      });

      const readable = names.filter((_, n) => teams.some((team) => team === teamOf(n)));
      expect(nodes.map(({ name }) => name)).toEqual(readable);
      expect(sizes).toEqual(
        Array.from({ length: Math.ceil(readable.length / 2) }, (_, n) =>
          Math.min(2, readable.length - 2 * n),
        ),
      );
    }
  });

  test('has cursors that tell no name', async () => {
    for (const name of ['Ada Byron', 'Bob', 'Eve']) await create({ name });

    const { edges, nodes, pageInfo } = await page({ first: 2 });

    const cursors = [...edges.map(({ cursor }) => cursor), pageInfo.endCursor ?? ''];
    const decoded = cursors.map((cursor) => Buffer.from(cursor, 'base64url').toString());
    expect(decoded.filter((text) => /ada|byron|bob/i.test(text))).toEqual([]);
    expect(decoded.map((text) => JSON.parse(text)[1].split(' ')[0])).toEqual(
      [...nodes, nodes[1]].map((node) => node?.id),
    );
  });

  test('refuses a cursor whose customer has left the list, and says to start again', async () => {
    for (const name of ['a', 'b']) await create({ name });
    const mine = await page({ first: 1 });
    const neds = await page({ first: 1, ownerId: 'usr_nora' }, users.ned);
    const id = mine.nodes[0]?.id;
    const update = (input: object) =>
      api.ask(users.admin, 'Mutation.updateCustomer', { input: { id, ...input } });
    const invalid = {
      code: 'CURSOR.INVALID',
      message: expect.stringContaining('start again without after'),
      info: { field: 'after' },
    };
    const refused = (after: string | null, args: object, who = users.nora) =>
      api.refusal(who, 'Query.customers', { ...args, after });

    await update({ team: 'south' });
    expect((await page({ after: mine.pageInfo.endCursor })).nodes).toHaveLength(1);
    expect(await refused(neds.pageInfo.endCursor, { ownerId: 'usr_nora' }, users.ned)).toMatchObject(invalid);
    await update({ ownerId: 'usr_sue' });
    expect(await refused(mine.pageInfo.endCursor, {})).toMatchObject(invalid);
    await update({ ownerId: null });
    expect(await refused(mine.pageInfo.endCursor, {})).toMatchObject(invalid);
    api.aws.clear();
    expect(await refused(mine.pageInfo.endCursor, {})).toMatchObject(invalid);
  });

  test('follows a customer to its new name and owner', async () => {
    const { id } = await create({ name: 'Ada' });

    await api.ask(users.admin, 'Mutation.updateCustomer', { input: { id, name: 'Zoë', ownerId: 'usr_ned' } });

    expect((await page({})).nodes).toEqual([]);
    expect((await page({}, users.ned)).nodes).toEqual([expect.objectContaining({ id, name: 'Zoë' })]);
  });

  test('takes a name of any length and any characters', async () => {
    const name = `${'x'.repeat(199)}\u{1F600}#|`;

    const { id } = await create({ name });

    expect((await page({})).nodes).toEqual([expect.objectContaining({ id, name })]);
    const keys = api.aws.items().flatMap(({ gsi1sk, gsi2sk }) => [gsi1sk?.S, gsi2sk?.S]);
    expect(keys.map((key) => key?.isWellFormed())).toEqual([true, true]);
  });

  test('refuses an owner’s id that is too long, and names it', async () => {
    const refused = await api.refusal(users.nora, 'Query.customers', { ownerId: 'x'.repeat(3000) });

    expect(refused).toMatchObject({ code: 'INPUT.INVALID', info: { field: 'ownerId' } });
  });

  test('refuses a cursor of another owner’s list', async () => {
    for (const who of [users.nora, users.ned]) for (const name of ['a', 'b']) await create({ name }, who);
    const { pageInfo } = await page({ first: 1, ownerId: 'usr_ned' });

    const refused = await api.refusal(users.nora, 'Query.customers', { first: 1, after: pageInfo.endCursor });

    expect(refused.code).toBe('CURSOR.INVALID');
  });

  test.each(tampered)('refuses a cursor that was tampered with: %j', async (...parts) => {
    const { id } = await create({ name: 'a' });
    await create({ name: 'b' });
    const list = listOf((await page({ first: 1 })).pageInfo.endCursor);
    const others = await create({ name: 'c' }, users.ned);

    for (const forged of [[...parts], [others.id], [id, id], [`demo#${id}`]]) {
      const after = Buffer.from(JSON.stringify([list, ...forged])).toString('base64url');
      const refused = await api.refusal(users.nora, 'Query.customers', { after });
      expect(refused).toMatchObject({ code: 'CURSOR.INVALID', info: { field: 'after' } });
    }
  });
});

interface View {
  readonly customer: Created;
  readonly score: unknown;
  readonly timeline: Created[];
  readonly orders: Created[];
  readonly openOrders: Created[];
}

describe('Query.customer360', () => {
  const ask = (
    id: string,
    selects: readonly string[] = ['customer', 'timeline', 'orders'],
    who = users.nora,
  ) => api.ask<View | null>(who, 'Query.customer360', { id }, { selects });

  test('gives profile, latest 20 of the timeline and latest 20 orders, latest first', async () => {
    const customer = await create();
    for (let day = 1; day <= 25; day++) {
      const date = `2026-10-${String(day).padStart(2, '0')}T10:00:00Z`;
      await log(customer.id, { occurredAt: date, subject: `contact ${day}` });
      await api.ask(users.nora, 'Mutation.placeOrder', {
        input: {
          customerId: customer.id,
          source: 'shop',
          externalId: `${day}`,
          kind: 'SALE',
          placedAt: date,
          currency: 'GBP',
          lines: [{ code: 'A', quantity: '1', unitPrice: '1' }],
        },
      });
    }

    const view = await ask(customer.id);

    const latest20 = Array.from({ length: 20 }, (_, n) => 25 - n);
    expect(view?.customer).toEqual(customer);
    expect(view?.score).toBeUndefined();
    expect(view?.timeline.map(({ subject }) => subject)).toEqual(latest20.map((day) => `contact ${day}`));
    expect(view?.orders.map(({ externalId }) => externalId)).toEqual(latest20.map(String));
  });

  test('reads one query, and one more only for the orders', async () => {
    const { id } = await create();
    api.aws.takeConsumed();

    await ask(id, ['customer', 'timeline']);
    expect(api.aws.takeConsumed().map(({ action }) => action)).toEqual(['Query']);
    await ask(id);
    expect(api.aws.takeConsumed().map(({ action }) => action)).toEqual(['Query', 'Query']);
  });

  test('gives the latest 20 of the open orders, by one query more and only when they are selected', async () => {
    const { id } = await create();
    const order = { customerId: id, source: 'shop', kind: 'SALE', currency: 'GBP' };
    const lines = [{ code: 'A', quantity: '1', unitPrice: '1' }];
    for (let day = 1; day <= 25; day++) {
      const placedAt = `2026-10-${String(day).padStart(2, '0')}T10:00:00Z`;
      for (const state of ['OPEN', 'FULFILLED']) {
        const input = { ...order, lines, placedAt, state, externalId: `${state} ${day}` };
        await api.ask(users.nora, 'Mutation.placeOrder', { input });
      }
    }
    api.aws.takeConsumed();

    expect((await ask(id, ['customer', 'timeline']))?.openOrders).toEqual([]);
    expect(api.aws.takeConsumed().map(({ action }) => action)).toEqual(['Query']);
    const view = await ask(id, ['customer', 'openOrders']);
    expect(api.aws.takeConsumed().map(({ action }) => action)).toEqual(['Query', 'Query']);
    expect(view?.openOrders.map(({ externalId }) => externalId)).toEqual(
      Array.from({ length: 20 }, (_, n) => `OPEN ${25 - n}`),
    );
    expect(await ask(id, ['openOrders'], users.sue)).toBeNull();
  });

  test('gives 20 of the timeline beside all that is viewed with it', async () => {
    const { id } = await create();
    for (let count = 0; count < 21; count++) await log(id);
    const consent = { customerId: id, purpose: 'SERVICE', state: 'GRANTED', basis: 'CONTRACT' };
    await api.ask(users.nora, 'Mutation.recordConsent', { input: consent });
    const { writeScore } = await import('../../table/scores.ts');
    await writeScore({ ...emptyScore(id), version: 1 }, [], { ...cause, events: [] });

    const view = await ask(id);

    expect(view?.timeline).toHaveLength(20);
    expect(view).toMatchObject({ score: { customerId: id }, consents: [{ purpose: 'SERVICE' }] });
  });

  test('gives a long body only when it is selected', async () => {
    const { id } = await create();
    const body = 'é'.repeat(2000);
    await log(id, { body });

    expect((await ask(id))?.timeline[0]).not.toHaveProperty('body');
    expect((await ask(id, ['timeline', 'timeline/body']))?.timeline[0]).toMatchObject({ body });
  });

  test('gives orders and long bodies that may be meant by an alias', async () => {
    const { id } = await create();
    const body = 'x'.repeat(5000);
    await log(id, { body });
    const lines = [{ code: 'A', quantity: '1', unitPrice: '1' }];
    const order = { source: 'shop', externalId: '1', kind: 'SALE', currency: 'GBP', lines };
    await api.ask(users.nora, 'Mutation.placeOrder', {
      input: { ...order, customerId: id, placedAt: '2026-01-01T00:00:00Z' },
    });

    expect((await ask(id, ['recent', 'recent/id']))?.orders).toHaveLength(1);
    expect((await ask(id, ['timeline', 'timeline/text']))?.timeline[0]).toMatchObject({ body });
    expect((await ask(id, ['said', 'said/text']))?.timeline[0]).toMatchObject({ body });
    expect((await ask(id, ['timeline', 'timeline/id', '__typename']))?.orders).toEqual([]);
  });

  test('gives nothing for a foreign or unknown customer', async () => {
    const { id } = await create({}, users.sue);

    expect(await ask(id)).toBeNull();
    expect(await ask(nobody)).toBeNull();
  });
});

describe('Subscription.onCustomerActivity', () => {
  const follow = (customerId: string, who = users.nora) =>
    api.call(who, 'Subscription.onCustomerActivity', { customerId });

  test('is filtered to the customer', async () => {
    const { id } = await create();

    expect(await follow(id)).toEqual({
      ok: true,
      value: null,
      subscriptionFilter: {
        filterGroup: [{ filters: [{ fieldName: 'customerId', operator: 'eq', value: id }] }],
      },
    });
  });

  test('is refused for a customer of another team, and for none', async () => {
    const { id } = await create({}, users.sue);

    expect(await follow(id)).toMatchObject({ ok: false, error: { code: 'ACCESS.DENIED' } });
    expect(await follow(nobody)).toMatchObject({ ok: false, error: { code: 'CUSTOMER.NOT_FOUND' } });
  });
});

test('a list that was changed at the cursor’s customer is not gone on with at another place', async () => {
  const owner = { ownerId: 'usr_pager' };
  const ids: string[] = [];
  for (const name of ['a', 'b', 'c', 'd']) {
    const input = { kind: 'PERSON', name, ...owner };
    ids.push((await api.ask<{ id: string }>(users.admin, 'Mutation.createCustomer', { input })).id);
  }
  const page = await api.ask<{ pageInfo: { endCursor: string } }>(users.admin, 'Query.customers', {
    ...owner,
    first: 2,
  });
  await api.ask(users.admin, 'Mutation.updateCustomer', { input: { id: ids[1], name: 'zz' } });

  const refused = await api.refusal(users.admin, 'Query.customers', {
    ...owner,
    first: 2,
    after: page.pageInfo.endCursor,
  });

  expect(refused.code).toBe('CURSOR.INVALID');
});
