import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type Created, type Page, pagesOf, startApi, users } from '../../../test/support/api.ts';
import { user } from '../../../test/support/domain.ts';

const api = await startApi(['north', 'south', 'east', 'west']);
afterAll(() => api.aws.close());
beforeEach(() => api.aws.clear());

const create = (input: object = {}, who = users.nora) =>
  api.ask<Created>(who, 'Mutation.createCustomer', { input: { kind: 'PERSON', name: 'Ada', ...input } });
const place = (customerId: string, externalId: string, input: object = {}) =>
  api.ask<Created>(users.admin, 'Mutation.placeOrder', {
    input: {
      customerId,
      source: 'shop',
      externalId,
      kind: 'SALE',
      placedAt: '2026-11-20T08:00:00Z',
      currency: 'GBP',
      lines: [{ code: 'A', quantity: '1', unitPrice: '1' }],
      ...input,
    },
  });
const page = (args: object = {}, who = users.nora) =>
  api.ask<Page<Created>>(who, 'Query.orders', { state: 'OPEN', ...args });
const refusal = (args: object = {}, who = users.nora) =>
  api.refusal(who, 'Query.orders', { state: 'OPEN', ...args });
const numbersOf = (nodes: readonly Created[]) => nodes.map(({ externalId }) => externalId);
const minute = (n: number) => new Date(Date.UTC(2026, 10, 1, 0, n)).toISOString();

describe('Query.orders', () => {
  test('gives those of all customers that are in the state, latest first', async () => {
    const [ada, bob] = [await create(), await create()];
    await place(ada.id, 'first', { placedAt: '2026-11-01T00:00:00Z' });
    await place(bob.id, 'third', { placedAt: '2026-11-03T00:00:00Z' });
    await place(ada.id, 'second', { placedAt: '2026-11-02T00:00:00Z' });
    await place(ada.id, 'done', { state: 'FULFILLED' });
    await place(bob.id, 'gone', { state: 'CANCELLED' });

    expect(numbersOf((await page()).nodes)).toEqual(['third', 'second', 'first']);
    expect(numbersOf((await page({ state: 'FULFILLED' })).nodes)).toEqual(['done']);
    expect(numbersOf((await page({ state: 'CANCELLED' })).nodes)).toEqual(['gone']);
    const [latest] = (await page()).nodes;
    expect({ __typename: 'Order', ...latest }).toEqual(
      await api.ask(users.nora, 'Query.node', { id: latest?.id }),
    );
  });

  test('follows an order from one state to another', async () => {
    const { id } = await place((await create()).id, '1');

    await api.ask(users.nora, 'Mutation.updateOrder', { input: { id, state: 'CANCELLED' } });

    expect((await page()).nodes).toEqual([]);
    expect((await page({ state: 'CANCELLED' })).nodes).toMatchObject([
      { id, state: 'CANCELLED', version: 2 },
    ]);
  });

  test('is walked page by page without gap or repetition, also where moments are the same', async () => {
    const customers = [await create(), await create()];
    for (let n = 0; n < 17; n++) {
      const { id } = customers[n % 2] as Created;
      await place(id, String(n), { placedAt: minute(Math.floor(n / 4)) });
    }

    for (const who of [users.admin, users.nora]) {
      const nodes = await pagesOf((after) => page({ first: 3, after }, who));
      expect(numbersOf(nodes).toSorted()).toEqual(Array.from({ length: 17 }, (_, n) => String(n)).toSorted());
      const moments = nodes.map(({ placedAt }) => String(placedAt));
      expect(moments).toEqual(moments.toSorted().toReversed());
    }
  });

  test('goes on where it was, also when the order there is in another state by now', async () => {
    const { id } = await create();
    for (let n = 0; n < 3; n++) await place(id, String(n), { placedAt: minute(n) });
    const { nodes, pageInfo } = await page({ first: 1 });
    await api.ask(users.nora, 'Mutation.updateOrder', { input: { id: nodes[0]?.id, state: 'FULFILLED' } });

    expect(numbersOf((await page({ after: pageInfo.endCursor })).nodes)).toEqual(['1', '0']);
  });

  test('reads one query for who may read all customers, and of a salesperson’s page the customers at once', async () => {
    const customers = [await create(), await create(), await create()];
    for (let n = 0; n < 60; n++)
      await place((customers[n % 3] as Created).id, String(n), { placedAt: minute(n) });
    api.aws.takeConsumed();

    for (const who of [users.admin, users.analyst, users.importer]) {
      expect((await page({ first: 50 }, who)).nodes).toHaveLength(50);
      expect(api.aws.takeConsumed().map(({ action }) => action)).toEqual(['Query']);
    }
    expect((await page({ first: 50 })).nodes).toHaveLength(50);
    const calls = api.aws.takeConsumed();
    expect(calls.map(({ action }) => action)).toEqual(['Query', 'BatchGetItem']);
    expect(calls[1]?.read).toBe(1.5);
  });

  test('gives a salesperson the orders of own and team customers only, in full pages', async () => {
    const teams = ['north', 'south', 'west', 'north', 'north', 'west', 'north', 'north'];
    const customers: Created[] = [];
    for (const team of teams) customers.push(await create({ team, ownerId: 'usr_other' }, users.admin));
    const owned = await create({ team: 'east', ownerId: users.sue.id }, users.admin);
    for (let n = 0; n < 40; n++)
      await place((customers[n % 8] as Created).id, String(n), { placedAt: minute(n) });
    await place(owned.id, 'own', { placedAt: minute(20) });
    const sizes: number[] = [];

    const nodes = await pagesOf(async (after) => {
      const answer = await page({ first: 2, after }, users.sue);
      sizes.push(answer.nodes.length);
      return answer;
    });

    expect(numbersOf(nodes)).toEqual(['33', '25', 'own', '17', '9', '1']);
    expect(sizes).toEqual([2, 2, 2]);
    expect((await page({ first: 100 }, users.analyst)).nodes).toHaveLength(41);
  });

  test('does not even tell who may read none that there are any', async () => {
    const { id } = await create();
    for (const externalId of ['1', '2', '3']) await place(id, externalId);
    const empty = { edges: [], nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };

    expect(await page({ first: 2 }, users.sue)).toEqual(empty);
    expect(await page({ first: 2 }, user('tim', ['sales']))).toEqual(empty);
    expect(await refusal({}, user('nora', [], ['north']))).toMatchObject({ code: 'ACCESS.DENIED' });
  });

  test('asks of each customer once, however many of its orders are read over', async () => {
    const { id } = await create();
    for (let n = 0; n < 30; n++) await place(id, String(n), { placedAt: minute(n) });
    api.aws.takeConsumed();

    await page({ first: 2 }, users.sue);

    expect(api.aws.takeConsumed().filter(({ action }) => action === 'BatchGetItem')).toHaveLength(1);
  });

  test.each(['open', 'LOST', '', null])('refuses %j as a state', async (state) => {
    expect(await refusal({ state })).toMatchObject({ code: 'INPUT.INVALID', info: { field: 'state' } });
  });

  test.each([0, 101])('refuses a page of %i', async (first) => {
    expect(await refusal({ first })).toMatchObject({ code: 'INPUT.INVALID', info: { field: 'first' } });
  });

  test('refuses a cursor of another state, of a customer’s orders, and one that was tampered with', async () => {
    const source = await create();
    for (const externalId of ['1', '2']) {
      await place(source.id, externalId);
      await place(source.id, `done ${externalId}`, { state: 'FULFILLED' });
    }
    const mine = (await page({ first: 1 })).pageInfo.endCursor ?? '';
    const done = (await page({ first: 1, state: 'FULFILLED' })).pageInfo.endCursor;
    const ofCustomer = await api.ask<Page<Created>>(users.nora, 'Customer.orders', { first: 1 }, { source });
    const [list, place0] = JSON.parse(Buffer.from(mine, 'base64url').toString());
    const forged = [
      [],
      [list],
      [list, ''],
      [list, 7],
      [list, `${place0}#`],
      [list, 'ord_00000000000000000000000000'],
      [list, '2026-11-20'],
      [list, `${String(place0).slice(0, 24)}#`],
      [list, source.id],
      [list, String(place0).replace('ord_', 'int_')],
      [list, String(place0).replace(source.id, 'view')],
    ].map((parts) => Buffer.from(JSON.stringify(parts)).toString('base64url'));

    for (const after of [done, ofCustomer.pageInfo.endCursor, 'nonsense', ...forged])
      expect(await refusal({ after })).toMatchObject({ code: 'CURSOR.INVALID', info: { field: 'after' } });
  });
});

describe('a page of a salesperson for whom there is little among very much', () => {
  /** Copies the only order of a customer to as many moments, so many to each. */
  function copyOrder(count: number, ofMoment: number) {
    const original = api.aws.items().find(({ sk }) => sk?.S?.startsWith('order#'));
    for (let n = 0; n < count; n++) {
      const at = minute(Math.floor(n / ofMoment));
      const id = `ord_${String(n).padStart(26, '0')}`;
      const key = { sk: { S: `order#${at}#${id}` }, gsi1sk: { S: `${at}#${id}` }, gsi2sk: { S: at } };
      api.aws.dynamodb('PutItem', { Item: { ...original, ...key, id: { S: id }, placedAt: { S: at } } });
    }
  }

  test.each([1, 30, 5000])(
    'ends early, says that there is more, and leaves out and repeats nothing, with %i orders a moment',
    async (ofMoment) => {
      const { mostReadOver } = await import('../../table/page.ts');
      const foreign = await create({}, users.nora);
      await place(foreign.id, 'any', { placedAt: '2026-10-31T00:00:00Z' });
      const count = mostReadOver + 300;
      copyOrder(count, ofMoment);
      const own = await create({}, users.sue);
      const moments = [300, 301, 290, 2, 1, 0].map((n) => minute(Math.floor(n / ofMoment)));
      const numbers = ['2026-11-19T00:00:00Z', ...moments, '2026-10-30T00:00:00Z'].map((placedAt, n) => ({
        placedAt,
        externalId: String(n),
      }));
      for (const { placedAt, externalId } of numbers) await place(own.id, externalId, { placedAt });
      const seen: Created[] = [];
      const cursors: string[] = [];
      let after: string | null = null;

      do {
        const { nodes, pageInfo }: Page<Created> = await page({ first: 20, after }, users.sue);
        seen.push(...nodes);
        cursors.push(Buffer.from(pageInfo.endCursor ?? '', 'base64url').toString());
        after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
      } while (after && cursors.length < 10);

      expect(cursors).toHaveLength(2);
      expect(cursors[0]).not.toMatch(/cus_|ord_/);
      expect(numbersOf(seen).toSorted()).toEqual(numbers.map(({ externalId }) => externalId));
      const placed = seen.map(({ placedAt }) => String(placedAt));
      expect(placed).toEqual(placed.toSorted().toReversed());
    },
  );
});
