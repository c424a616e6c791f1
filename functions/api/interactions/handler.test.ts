import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type Created, type Page, pagesOf, startApi, users } from '../../../test/support/api.ts';

const api = await startApi();
afterAll(() => api.aws.close());

let customer: Created;
const create = (who = users.nora) =>
  api.ask<Created>(who, 'Mutation.createCustomer', { input: { kind: 'PERSON', name: 'Ada' } });
beforeEach(async () => {
  api.aws.clear();
  customer = await create();
});

const call = { channel: 'PHONE', direction: 'INBOUND', occurredAt: '2026-10-01T10:00:00Z' };
const log = (input: object = {}, who = users.nora) =>
  api.ask<Created>(who, 'Mutation.logInteraction', { input: { customerId: customer.id, ...call, ...input } });
const refusal = (input: object, who = users.nora) =>
  api.refusal(who, 'Mutation.logInteraction', { input: { customerId: customer.id, ...call, ...input } });
const timeline = (args: object, selects: readonly string[] = [], who = users.nora, source = customer) =>
  api.ask<Page<Created>>(who, 'Customer.timeline', args, { source, selects });
const day = (n: number) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString();

describe('logInteraction', () => {
  test('records a contact and writes no other item of the customer', async () => {
    const before = api.aws.items();

    const interaction = await log({ subject: 'Delivery', body: 'Where is it?' });

    expect(interaction).toMatchObject({
      id: expect.stringMatching(new RegExp(`^int_${customer.id.slice(4)}_[0-9A-HJKMNP-TV-Z]{26}$`)),
      customerId: customer.id,
      subject: 'Delivery',
      body: 'Where is it?',
      occurredAt: '2026-10-01T10:00:00.000Z',
      loggedBy: 'usr_nora',
      version: 1,
    });
    const added = api.aws.items().filter((item) => !before.some(({ sk }) => sk?.S === item.sk?.S));
    expect(added).toHaveLength(1);
    expect(api.aws.items()).toHaveLength(before.length + 1);
    expect((await timeline({}, ['nodes/body'])).nodes).toEqual([interaction]);
  });

  test('stamps the event without what was said', async () => {
    const { id } = await log({ subject: 'Delivery', body: 'Where is it?' });

    expect(api.aws.changes().at(-1)?.events).toEqual([
      {
        type: 'crm.interaction.logged.v1',
        subject: id,
        sequence: 1,
        data: {
          interactionId: id,
          customerId: customer.id,
          channel: 'PHONE',
          direction: 'INBOUND',
          occurredAt: '2026-10-01T10:00:00.000Z',
        },
      },
    ]);
  });

  test.each([
    ['a short body', { body: 'Where is it?' }],
    ['a long body', { body: 'x'.repeat(5000) }],
    ['no body', {}],
  ])('sent again with %s gives the first answer and writes nothing', async (_, content) => {
    const first = await log({ clientRequestId: 'call-1', ...content });
    const before = api.aws.items();
    await new Promise((resolve) => setTimeout(resolve, 2));

    const again = await log({ clientRequestId: 'call-1', ...content });

    expect(again).toEqual(first);
    expect(api.aws.items()).toEqual(before);
  });

  test('with the same clientRequestId and another input is refused', async () => {
    const { id } = await log({ clientRequestId: 'call-1', body: 'Where is it?' });

    expect(await refusal({ clientRequestId: 'call-1', body: 'Never mind' })).toMatchObject({
      code: 'REQUEST.ID_REUSED',
      info: { field: 'clientRequestId', id },
    });
  });

  test('sent three times at the same moment ends as one', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => log({ clientRequestId: 'call-1' })));

    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect((await timeline({})).nodes).toHaveLength(1);
  });

  test('keeps contacts of the same moment apart', async () => {
    await Promise.all([log(), log(), log({}, users.ned)]);

    expect((await timeline({})).nodes).toHaveLength(3);
  });

  test('is refused with an unknown customer', async () => {
    const customerId = 'cus_00000000000000000000000000';

    expect(await refusal({ customerId })).toMatchObject({ code: 'CUSTOMER.NOT_FOUND', info: { customerId } });
  });

  test('is refused with a customer of another team, and to an analyst', async () => {
    expect((await refusal({}, users.sue)).code).toBe('ACCESS.DENIED');
    expect((await refusal({}, users.analyst)).code).toBe('ACCESS.DENIED');
  });
});

describe('a body of more than 2 KB', () => {
  const body = 'é'.repeat(40_000);

  test('lies apart and is read only when it is selected', async () => {
    const { id } = await log({ body });
    await log({ body: 'short', occurredAt: '2026-10-02T10:00:00Z' });
    api.aws.takeConsumed();

    const without = await timeline({});
    const unitsWithout = api.aws.takeConsumed().reduce((sum, { read }) => sum + read, 0);
    const withBodies = await timeline({}, ['nodes/body', 'edges/node/id']);

    expect(without.nodes.map((node) => node.body)).toEqual(['short', undefined]);
    expect(unitsWithout).toBe(0.5);
    expect(withBodies.nodes.map((node) => node.body)).toEqual(['short', body]);
    expect(withBodies.nodes[1]).not.toHaveProperty('bodyApart');
    const inEdges = await timeline({}, ['edges/node/body', 'nodes/id']);
    expect(inEdges.edges[1]?.node.body).toBe(body);
    expect(inEdges.nodes[1]).not.toHaveProperty('body');
    expect(withBodies.edges[1]?.node).not.toHaveProperty('body');
    expect(await api.ask(users.nora, 'Query.node', { id })).toMatchObject({ id, body });
  });

  test('of 100,000 bytes is taken, and not one byte more', async () => {
    await log({ body: 'x'.repeat(100_000) });

    const refused = await refusal({ body: 'x'.repeat(100_001) });

    expect(refused).toMatchObject({ code: 'INPUT.INVALID', info: { field: 'body' } });
    expect(refused.info.value).toHaveLength(201);
  });
});

describe('bodies that are too long for one answer together', () => {
  const longest = async (count: number, character = 'x') => {
    const size = Math.floor(100_000 / Buffer.byteLength(character));
    for (let n = 0; n < count; n++) await log({ occurredAt: day(n), body: character.repeat(size) });
  };
  const wireBytes = (answer: unknown) => Buffer.byteLength(JSON.stringify(answer));
  const both = ['nodes/body', 'edges/node/body'];

  test('end the page before its size, and the next one goes on', async () => {
    await longest(26);
    const sizes: number[] = [];

    const nodes = await pagesOf(async (after) => {
      const page = await timeline({ first: 100, after }, both);
      sizes.push(page.nodes.length);
      expect(wireBytes(page)).toBeLessThan(5_000_000);
      return page;
    });

    expect(sizes).toEqual([20, 6]);
    expect(nodes.map(({ occurredAt }) => occurredAt)).toEqual(
      Array.from({ length: 26 }, (_, n) => day(25 - n)),
    );
    expect(nodes.filter(({ body }) => String(body).length === 100_000)).toHaveLength(26);
  });

  test.each([
    ['\u20AC', 20],
    ['"', 10],
    ['\u0001', 3],
  ])('are counted as they are sent: of %j %i fit', async (character, fitting) => {
    await longest(26, character);

    const page = await timeline({ first: 26 }, both);

    expect(page.nodes).toHaveLength(fitting);
    expect(page.pageInfo.hasNextPage).toBe(true);
    expect(wireBytes(page)).toBeLessThan(5_000_000);
    const view = await api.ask<{ timeline: Created[] }>(
      users.nora,
      'Query.customer360',
      { id: customer.id },
      { selects: ['timeline', 'timeline/body'] },
    );
    expect(wireBytes(view)).toBeLessThan(5_000_000);
    expect(view.timeline.map(({ id }) => id)).toEqual(page.nodes.map(({ id }) => id));
  });

  test('do not shorten a page that does not ask for them', async () => {
    await longest(26);
    api.aws.takeConsumed();

    expect((await timeline({ first: 26 })).nodes).toHaveLength(26);
    expect(api.aws.takeConsumed().map(({ action }) => action)).toEqual(['Query']);
  });

  test('are not read far beyond the end of the page', async () => {
    await longest(45);
    api.aws.takeConsumed();

    await timeline({ first: 45 }, both);

    const read = api.aws.takeConsumed().reduce((sum, call) => sum + call.read, 0);
    expect(read).toBeLessThan(300);
  });
});

describe('the timeline', () => {
  test('walked page by page gives every contact once, latest first', async () => {
    for (let n = 0; n < 23; n++) await log({ occurredAt: day((n * 7) % 23), subject: `day ${(n * 7) % 23}` });

    const nodes = await pagesOf((after) => timeline({ first: 5, after }));

    expect(nodes.map(({ subject }) => subject)).toEqual(
      Array.from({ length: 23 }, (_, n) => `day ${22 - n}`),
    );
  });

  test('has no further page when the last one is just full', async () => {
    for (let n = 0; n < 4; n++) await log({ occurredAt: day(n) });

    const first = await timeline({ first: 2 });
    const second = await timeline({ first: 2, after: first.pageInfo.endCursor });

    expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false]);
  });

  test('goes on from its cursor when contacts were added meanwhile', async () => {
    for (let n = 0; n < 4; n++) await log({ occurredAt: day(n), subject: `${n}` });
    const { pageInfo } = await timeline({ first: 2 });
    await log({ occurredAt: day(9), subject: '9' });

    const next = await timeline({ first: 2, after: pageInfo.endCursor });

    expect(next.nodes.map(({ subject }) => subject)).toEqual(['1', '0']);
  });

  test('gives 20 when the size is left out', async () => {
    for (let n = 0; n < 21; n++) await log({ occurredAt: day(n) });

    const page = await timeline({});

    expect(page.nodes).toHaveLength(20);
    expect(page.pageInfo.hasNextPage).toBe(true);
  });

  test('of a customer without contacts is an empty page', async () => {
    expect(await timeline({})).toEqual({
      edges: [],
      nodes: [],
      pageInfo: { hasNextPage: false, endCursor: null },
    });
  });

  test.each([0, 101, -1])('refuses a page of %i', async (first) => {
    const refused = await api.refusal(users.nora, 'Customer.timeline', { first }, { source: customer });

    expect(refused).toMatchObject({ code: 'INPUT.INVALID', info: { field: 'first', value: first } });
  });

  test('refuses a cursor of another customer, of another list, and what is none', async () => {
    const other = await create();
    for (const customerId of [customer.id, other.id]) {
      for (let n = 0; n < 2; n++) {
        await api.ask(users.nora, 'Mutation.logInteraction', { input: { ...call, customerId } });
      }
    }
    const foreign = (await timeline({ first: 1 }, [], users.nora, other)).pageInfo.endCursor;
    const whole = Buffer.from(foreign ?? '', 'base64url').toString();
    const forged = Buffer.from(whole.replaceAll(other.id, customer.id)).toString('base64url');
    const orders = await api.ask<Page<Created>>(users.nora, 'Customer.orders', {}, { source: customer });
    expect(orders.pageInfo.endCursor).toBeNull();

    for (const after of [foreign, forged, 'nonsense', 'bnVsbA', 'W10', 'IntcInB']) {
      const refused = await api.refusal(users.nora, 'Customer.timeline', { after }, { source: customer });
      expect(refused).toMatchObject({ code: 'CURSOR.INVALID', info: { field: 'after' } });
    }
  });

  test('is not there for a salesperson of another team', async () => {
    await log();

    expect(await timeline({}, [], users.sue)).toBeNull();
  });
});

describe('logInteractions', () => {
  const logMany = (interactions: readonly object[]) =>
    api.ask<{ results: { interaction?: Created; error?: { code: string } }[] }>(
      users.nora,
      'Mutation.logInteractions',
      { input: { interactions } },
    );

  test('records each row for itself', async () => {
    const foreign = await create(users.sue);
    const rows = Array.from({ length: 100 }, (_, n) => ({
      ...call,
      customerId: n === 7 ? foreign.id : customer.id,
      channel: n === 8 ? 'FAX' : 'PHONE',
    }));

    const { results } = await logMany(rows);

    expect(results).toHaveLength(100);
    expect(results[7]?.error?.code).toBe('ACCESS.DENIED');
    expect(results[8]?.error?.code).toBe('INPUT.INVALID');
    expect(await pagesOf((after) => timeline({ first: 100, after }))).toHaveLength(98);
  });

  test('reads the customers of a batch at once', async () => {
    api.aws.takeConsumed();

    await logMany([call, call, call].map((row) => ({ ...row, customerId: customer.id })));

    const actions = api.aws.takeConsumed().map(({ action }) => action);
    expect(actions.filter((action) => action === 'BatchGetItem')).toHaveLength(1);
  });

  test.each([0, 101])('refuses %i rows', async (count) => {
    const interactions = Array.from({ length: count }, () => ({ ...call, customerId: customer.id }));

    const refused = await api.refusal(users.nora, 'Mutation.logInteractions', { input: { interactions } });

    expect(refused.code).toBe('BATCH.SIZE');
  });
});

describe('Query.thread', () => {
  const thread = (args: object = {}, selects: readonly string[] = [], who = users.nora) =>
    api.ask<Page<Created>>(
      who,
      'Query.thread',
      { customerId: customer.id, threadId: 'case-7', ...args },
      { selects },
    );

  test('gives the interactions of the thread page by page, latest first, and no others', async () => {
    const logged: Created[] = [];
    for (let n = 0; n < 5; n++) logged.push(await log({ threadId: 'case-7', occurredAt: day(n) }));
    await log({ threadId: 'case-8' });
    await log();
    const other = await create();
    await log({ threadId: 'case-7', customerId: other.id });

    expect(await pagesOf((after) => thread({ first: 2, after }))).toEqual(logged.reverse());
    expect((await timeline({})).nodes).toHaveLength(7);
  });

  test('gives long bodies when they are selected', async () => {
    const body = 'x'.repeat(5000);
    const interaction = await log({ threadId: 'case-7', body });

    expect((await thread({}, ['nodes/body'])).nodes).toEqual([interaction]);
    expect((await thread()).nodes[0]).not.toHaveProperty('body');
  });

  test('is nothing for one who may not read the customer, and empty where nothing was said', async () => {
    await log({ threadId: 'case-7' });

    expect(await thread({}, [], users.sue)).toBeNull();
    expect(await thread({ customerId: 'cus_00000000000000000000000000' })).toBeNull();
    expect((await thread({ threadId: 'case-9' })).nodes).toEqual([]);
  });

  test('refuses what is no id of a thread, and a cursor of another thread or of the timeline', async () => {
    for (const threadId of ['case-7', 'case-8'])
      for (const n of [1, 2]) await log({ threadId, occurredAt: day(n) });
    const { pageInfo } = await thread({ first: 1 });
    const timelines = (await timeline({ first: 1 })).pageInfo;
    const refused = (args: object) =>
      api.refusal(users.nora, 'Query.thread', { customerId: customer.id, threadId: 'case-8', ...args });

    expect(await refused({ threadId: 'a#b' })).toMatchObject({
      code: 'INPUT.INVALID',
      info: { field: 'threadId', value: 'a#b' },
    });
    expect(await refused({ after: pageInfo.endCursor })).toMatchObject({ code: 'CURSOR.INVALID' });
    expect(await refused({ after: timelines.endCursor })).toMatchObject({ code: 'CURSOR.INVALID' });
    const list = JSON.parse(Buffer.from(pageInfo.endCursor ?? '', 'base64url').toString())[0];
    for (const place of ['', 'x', 'timeline#', '0'.repeat(27)]) {
      const after = Buffer.from(JSON.stringify([list, place])).toString('base64url');
      expect(await refused({ threadId: 'case-7', after })).toMatchObject({ code: 'CURSOR.INVALID' });
    }
  });
});

describe('where a contact took place', () => {
  const where = { threadId: 'case-7', agentId: 'usr_eve', storeId: 'Leeds 2' };

  test('is read as it was recorded, and told in the event', async () => {
    const interaction = await log(where);

    expect(interaction).toMatchObject({ ...where, via: 'API' });
    expect(await api.ask(users.nora, 'Query.node', { id: interaction.id })).toMatchObject(where);
    expect(api.aws.changes().at(-1)?.events).toMatchObject([{ data: where }]);
  });

  test('is not there where nobody said it, and costs no index entry', async () => {
    const { id } = await log();

    expect(await api.ask(users.nora, 'Query.node', { id })).not.toHaveProperty('threadId');
    const contacts = api.aws.items().filter(({ sk }) => sk?.S?.startsWith('timeline#'));
    expect(contacts.map((item) => item.gsi2pk)).toEqual([undefined]);
  });

  test('is part of what a retry repeats', async () => {
    const first = await log({ ...where, clientRequestId: 'once' });

    expect(await log({ ...where, clientRequestId: 'once', via: 'API' })).toEqual(first);
    expect(await refusal({ ...where, storeId: 'York', clientRequestId: 'once' })).toMatchObject({
      code: 'REQUEST.ID_REUSED',
    });
  });

  test('is imported by integrations only', async () => {
    expect(await refusal({ via: 'IMPORT' })).toMatchObject({ code: 'ACCESS.DENIED', info: { field: 'via' } });
    expect(await log({ via: 'IMPORT' }, users.importer)).toMatchObject({ via: 'IMPORT' });
    expect(api.aws.changes().at(-1)).toMatchObject({ via: 'IMPORT' });
  });
});
