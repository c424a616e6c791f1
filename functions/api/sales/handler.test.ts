import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
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

const line = { code: '85123A', description: 'Heart T-light holder', quantity: '6', unitPrice: '2.55' };
const invoice = {
  source: 'shop',
  externalId: '536365',
  kind: 'SALE',
  placedAt: '2010-12-01T08:26:00Z',
  currency: 'GBP',
  lines: [line],
};
const linesOf = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ code: `P${n}`, quantity: '1', unitPrice: '0.01' }));

const place = (input: object = {}, who = users.nora) =>
  api.ask<Created>(who, 'Mutation.placeOrder', { input: { customerId: customer.id, ...invoice, ...input } });
const refusal = (input: object, who = users.nora) =>
  api.refusal(who, 'Mutation.placeOrder', { input: { customerId: customer.id, ...invoice, ...input } });
const orders = (args: object = {}, who = users.nora, source: object = customer) =>
  api.ask<Page<Created>>(who, 'Customer.orders', args, { source });
const lines = (order: Created, args: object) =>
  api.ask<Page<{ number: number; code: string }>>(users.nora, 'Order.lines', args, { source: order });
const orderItems = () => api.aws.items().filter(({ sk }) => /^(order|lines)#/.test(sk?.S ?? ''));

describe('placeOrder', () => {
  test('records an order with its lines', async () => {
    const order = await place();

    expect(order).toMatchObject({
      id: expect.stringMatching(/^ord_[0-9A-HJKMNP-TV-Z]{26}$/),
      customerId: customer.id,
      total: { amount: '15.30', currency: 'GBP' },
      lineCount: 1,
      placedAt: '2010-12-01T08:26:00.000Z',
    });
    expect((await orders()).nodes).toEqual([order]);
    expect((await lines(order, {})).nodes).toEqual([
      { number: 1, kind: 'PRODUCT', productId: expect.stringMatching(/^prd_[0-9A-Z]{26}$/), ...line },
    ]);
  });

  test('sent again gives the order that is there and writes nothing', async () => {
    const first = await place();
    const before = api.aws.items();

    const again = await place({}, users.ned);

    expect(again).toEqual(first);
    expect(api.aws.items()).toEqual(before);
  });

  test('sent three times at the same moment ends as one', async () => {
    const answers = await Promise.all([place(), place(), place()]);

    expect(answers).toEqual([answers[0], answers[0], answers[0]]);
    expect((await orders()).nodes).toHaveLength(1);
    expect(api.aws.changes().filter(({ reason }) => reason === 'Mutation.placeOrder')).toHaveLength(1);
  });

  test.each([
    ['other lines', { lines: [{ ...line, quantity: '7' }] }],
    ['another time', { placedAt: '2010-12-01T08:27:00Z' }],
    ['another kind', { kind: 'RETURN', lines: [{ ...line, quantity: '-6' }] }],
  ])('is refused when the external id belongs to an order with %s', async (_, change) => {
    const { id } = await place();
    const before = api.aws.items();

    const refused = await refusal(change);

    expect(refused).toMatchObject({
      code: 'ORDER.EXTERNAL_ID_TAKEN',
      info: { field: 'externalId', value: '536365', orderId: id },
    });
    expect(api.aws.items()).toEqual(before);
  });

  test('is refused when the external id belongs to an order of another customer', async () => {
    const { id } = await place();
    const other = await create();

    expect(await refusal({ customerId: other.id })).toMatchObject({
      code: 'ORDER.EXTERNAL_ID_TAKEN',
      info: { orderId: id },
    });
    expect((await orders({}, users.nora, other)).nodes).toEqual([]);
  });

  test('takes the same external id of another source', async () => {
    const first = await place();

    expect((await place({ source: 'erp' })).id).not.toBe(first.id);
  });

  test('is refused with an unknown customer', async () => {
    expect((await refusal({ customerId: 'cus_00000000000000000000000000' })).code).toBe('CUSTOMER.NOT_FOUND');
  });

  test('is refused with a customer of another team, and to who may not sell', async () => {
    expect((await refusal({}, users.sue)).code).toBe('ACCESS.DENIED');
    expect((await refusal({}, users.analyst)).code).toBe('ACCESS.DENIED');
    expect(orderItems()).toEqual([]);
  });

  test('refuses a wrong total and names it', async () => {
    expect(await refusal({ kind: 'RETURN' })).toMatchObject({
      code: 'INPUT.INVALID',
      info: { field: 'lines', value: '15.30' },
    });
  });
});

describe('the lines of an order', () => {
  test('of 542 lie in six chunks, and all pages give them in order', async () => {
    const order = await place({ lines: linesOf(542) });

    expect(orderItems().filter(({ sk }) => sk?.S?.startsWith('lines#'))).toHaveLength(6);
    expect(order).toMatchObject({ lineCount: 542, total: { amount: '5.42' } });
    const nodes = await pagesOf((after) => lines(order, { first: 73, after }));
    expect(nodes.map(({ number }) => number)).toEqual(Array.from({ length: 542 }, (_, n) => n + 1));
    expect(nodes[541]?.code).toBe('P541');
  });

  test('of 1,000 are taken', async () => {
    expect(await place({ lines: linesOf(1000) })).toMatchObject({ lineCount: 1000 });
  });

  test('are read by the chunks of the page only', async () => {
    const order = await place({
      lines: linesOf(542).map((one) => ({ ...one, description: 'x'.repeat(200) })),
    });
    const second = await lines(order, { first: 100 });
    api.aws.takeConsumed();

    await lines(order, { first: 100 });
    const aligned = api.aws.takeConsumed();
    await lines(order, { first: 20, after: second.edges[89]?.cursor });
    const across = api.aws.takeConsumed();

    expect(aligned.map(({ action }) => action)).toEqual(['Query']);
    expect(across[0]?.read).toBeGreaterThan(1.5 * (aligned[0]?.read ?? 0));
    expect(across[0]?.read).toBeLessThan(2.5 * (aligned[0]?.read ?? 0));
  });

  test('refuse a cursor of another order, of a list, and what is none', async () => {
    const order = await place({ lines: linesOf(3) });
    const other = await place({ externalId: '2', lines: linesOf(3) });
    const foreign = (await lines(other, { first: 1 })).pageInfo.endCursor;
    const list = (await orders({ first: 1 })).pageInfo.endCursor;

    for (const after of [foreign, list, 'nonsense', Buffer.from(`${order.id}/x`).toString('base64url')]) {
      const refused = await api.refusal(users.nora, 'Order.lines', { after }, { source: order });
      expect(refused.code).toBe('CURSOR.INVALID');
    }
  });

  test.each([0, 101])('refuse a page of %i', async (first) => {
    const order = await place();

    const refused = await api.refusal(users.nora, 'Order.lines', { first }, { source: order });

    expect(refused).toMatchObject({ code: 'INPUT.INVALID', info: { field: 'first' } });
  });

  test('behind the last are an empty page', async () => {
    const order = await place({ lines: linesOf(3) });
    const all = await lines(order, { first: 3 });

    expect(all.pageInfo.hasNextPage).toBe(false);
    expect(await lines(order, { after: all.pageInfo.endCursor })).toEqual({
      edges: [],
      nodes: [],
      pageInfo: { hasNextPage: false, endCursor: null },
    });
  });
});

describe('the orders of a customer', () => {
  test('walked page by page are each order once, latest first', async () => {
    for (let n = 0; n < 12; n++) {
      const month = String(((n * 5) % 12) + 1).padStart(2, '0');
      await place({ externalId: `${n}`, placedAt: `2025-${month}-01T00:00:00Z` });
    }

    const nodes = await pagesOf((after) => orders({ first: 5, after }));

    expect(nodes.map(({ placedAt }) => String(placedAt).slice(5, 7))).toEqual(
      Array.from({ length: 12 }, (_, n) => String(12 - n).padStart(2, '0')),
    );
  });

  test('refuse a cursor of the timeline, of another customer, and a page of 101', async () => {
    const other = await create();
    for (const externalId of ['1', '2']) await place({ externalId, customerId: other.id });
    const foreign = (await orders({ first: 1 }, users.nora, other)).pageInfo.endCursor;
    const contact = { customerId: customer.id, channel: 'PHONE', direction: 'INBOUND' };
    await api.ask(users.nora, 'Mutation.logInteraction', { input: contact });
    const source = customer;
    const timeline = await api.ask<Page<Created>>(users.nora, 'Customer.timeline', {}, { source });

    for (const after of [foreign, timeline.pageInfo.endCursor]) {
      const refused = await api.refusal(users.nora, 'Customer.orders', { after }, { source });
      expect(refused.code).toBe('CURSOR.INVALID');
    }
    const refused = await api.refusal(users.nora, 'Customer.orders', { first: 101 }, { source });
    expect(refused.code).toBe('INPUT.INVALID');
  });

  test('are not there for a salesperson of another team', async () => {
    await place();

    expect(await orders({}, users.sue)).toBeNull();
  });
});

describe('placeOrders', () => {
  const placeMany = (rows: readonly object[]) =>
    api.ask<{ results: { order?: Created; created?: boolean; error?: { code: string } }[] }>(
      users.importer,
      'Mutation.placeOrders',
      { input: { orders: rows } },
    );

  test('records each row for itself and says what was there already', async () => {
    await place({ externalId: '3' });
    const rows = Array.from({ length: 100 }, (_, n) => ({
      ...invoice,
      customerId: n === 4 ? 'cus_00000000000000000000000000' : customer.id,
      externalId: `${n}`,
      lines: n === 5 ? [] : [line],
    }));

    const { results } = await placeMany(rows);

    expect(results).toHaveLength(100);
    expect(results[2]).toMatchObject({ created: true, order: { externalId: '2' } });
    expect(results[3]).toMatchObject({ created: false, order: { externalId: '3' } });
    expect(results[4]?.error?.code).toBe('CUSTOMER.NOT_FOUND');
    expect(results[5]?.error?.code).toBe('INPUT.INVALID');
    expect(await pagesOf((after) => orders({ first: 100, after }))).toHaveLength(98);
  });

  test('sent again records nothing more', async () => {
    const rows = [1, 2, 3].map((n) => ({ ...invoice, customerId: customer.id, externalId: `${n}` }));
    await placeMany(rows);
    const before = api.aws.items();

    const { results } = await placeMany(rows);

    expect(results.map(({ created }) => created)).toEqual([false, false, false]);
    expect(api.aws.items()).toEqual(before);
  });

  test.each([0, 101])('refuses %i rows', async (count) => {
    const rows = Array.from({ length: count }, () => ({ ...invoice, customerId: customer.id }));

    const refused = await api.refusal(users.importer, 'Mutation.placeOrders', { input: { orders: rows } });

    expect(refused.code).toBe('BATCH.SIZE');
  });
});

describe('the rate of an order', () => {
  const euros = { currency: 'EUR' };

  test('is the one that was sent, else the tenant’s, and gives the total in the reporting currency', async () => {
    expect(await place({ ...euros, exchangeRate: '0.9', externalId: '1' })).toMatchObject({
      exchangeRate: '0.9',
      reportingTotal: { amount: '13.77', currency: 'GBP' },
      total: { amount: '15.30', currency: 'EUR' },
    });
    expect(await place({ ...euros, externalId: '2' })).toMatchObject({
      exchangeRate: '0.85',
      reportingTotal: { amount: '13.01', currency: 'GBP' },
    });
    expect(await place()).toMatchObject({ exchangeRate: '1', reportingTotal: { amount: '15.30' } });
  });

  test('that nobody gives is refused with the remedy, and nothing is written', async () => {
    const refused = await refusal({ currency: 'JPY' });

    expect(refused).toMatchObject({
      code: 'ORDER.RATE_UNKNOWN',
      info: { field: 'exchangeRate', value: 'JPY' },
    });
    expect(refused.message).toContain('send exchangeRate with the order');
    expect(orderItems()).toEqual([]);
    expect(await refusal({ exchangeRate: '1.1' })).toMatchObject({
      code: 'INPUT.INVALID',
      info: { field: 'exchangeRate', value: '1.1' },
    });
  });

  test('may change in the tenant’s file without making another order of a retry', async () => {
    const { tenantConfig } = await import('../../runtime/tenant-config.ts');
    const rates = tenantConfig.currency.rates as Record<string, string>;
    const { EUR: before } = rates;
    const first = await place(euros);

    rates.EUR = '0.5';
    try {
      expect(await place(euros)).toEqual(first);
      delete rates.EUR;
      expect(await place(euros)).toEqual(first);
      const other = await refusal({ ...euros, lines: [{ ...line, quantity: '7' }] });
      expect(other.code).toBe('ORDER.RATE_UNKNOWN');
    } finally {
      rates.EUR = before ?? '';
    }
    expect(await refusal({ ...euros, exchangeRate: '0.7' })).toMatchObject({
      code: 'ORDER.EXTERNAL_ID_TAKEN',
    });
  });

  test('of an order from before rates were recorded is 1, in its own currency', async () => {
    const { id } = await place(euros);
    const header = api.aws.items().find(({ sk }) => sk?.S?.startsWith('order#'));
    const { exchangeRate: _rate, reportingTotal: _total, via: _via, ...old } = header ?? {};
    await new DynamoDBClient({}).send(
      new PutItemCommand({ TableName: api.aws.tables.crm, Item: old as never }),
    );

    expect(await api.ask(users.nora, 'Query.node', { id })).toMatchObject({
      exchangeRate: '1',
      reportingTotal: { amount: '15.30', currency: 'EUR' },
      via: 'API',
    });
  });

  test('of imported orders is for integrations to say', async () => {
    expect(await refusal({ via: 'IMPORT' })).toMatchObject({ code: 'ACCESS.DENIED' });
    const imported = await place({ via: 'IMPORT' }, users.importer);
    expect(imported).toMatchObject({ via: 'IMPORT' });
    expect(api.aws.changes().at(-1)).toMatchObject({ via: 'IMPORT' });
    expect(await place()).toEqual(imported);
  });
});

test('a line tells the id of its product, a charge none', async () => {
  const order = await place({ lines: [line, { ...line, kind: 'CHARGE', code: 'POST' }] });
  const product = await api.ask<Created>(users.importer, 'Mutation.recordProduct', {
    input: { source: 'shop', code: line.code, name: 'Heart' },
  });

  const { nodes } = await lines(order, {});

  expect(nodes.map((one) => 'productId' in one && one.productId)).toEqual([product.id, false]);
});
