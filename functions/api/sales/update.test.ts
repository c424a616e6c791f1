import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type Created, type Page, startApi, users } from '../../../test/support/api.ts';

const api = await startApi();
afterAll(() => api.aws.close());

let customer: Created;
beforeEach(async () => {
  api.aws.clear();
  customer = await api.ask<Created>(users.nora, 'Mutation.createCustomer', {
    input: { kind: 'PERSON', name: 'Ada' },
  });
});

const place = (input: object = {}, who = users.nora) =>
  api.ask<Created>(who, 'Mutation.placeOrder', {
    input: {
      customerId: customer.id,
      source: 'shop',
      externalId: '1',
      kind: 'SALE',
      placedAt: '2026-11-20T08:00:00Z',
      currency: 'GBP',
      lines: [{ code: 'A', quantity: '1', unitPrice: '1' }],
      ...input,
    },
  });
const update = (input: object, who = users.nora) => api.ask<Created>(who, 'Mutation.updateOrder', { input });
const refusal = (input: object, who = users.nora) => api.refusal(who, 'Mutation.updateOrder', { input });
const read = (id: string) => api.ask<Created>(users.admin, 'Query.node', { id });
const header = () => api.aws.items().find(({ sk }) => sk?.S?.startsWith('order#'));
const openOrders = async () => {
  const selects = ['openOrders'];
  const view = await api.ask<{ openOrders: Created[] }>(
    users.nora,
    'Query.customer360',
    { id: customer.id },
    { selects },
  );
  return view.openOrders;
};

describe('placeOrder', () => {
  test('makes an open order unless it is told otherwise', async () => {
    expect(await place()).toMatchObject({ state: 'OPEN' });
    expect(await place({ externalId: '2', state: 'FULFILLED' })).toMatchObject({ state: 'FULFILLED' });
    expect(await place({ externalId: '3', state: 'CANCELLED' })).toMatchObject({ state: 'CANCELLED' });
  });

  test('sent again, in whatever state, gives the order that is there in its own', async () => {
    const { id } = await place();
    const fulfilled = await update({ id, state: 'FULFILLED' });

    for (const state of ['OPEN', 'FULFILLED', 'CANCELLED', undefined])
      expect(await place({ state })).toEqual(fulfilled);
  });

  test('refuses an unknown state, and names it', async () => {
    const refused = await api.refusal(users.importer, 'Mutation.placeOrders', { input: { orders: [] } });
    expect(refused.code).toBe('BATCH.SIZE');
    await expect(place({ state: 'LOST' })).rejects.toThrow('INPUT.INVALID: state: ');
  });
});

describe('updateOrder', () => {
  test.each(['FULFILLED', 'CANCELLED'])(
    'says that an order is %s, and answers what is stored',
    async (state) => {
      const order = await place();

      const updated = await update({ id: order.id, state, expectedVersion: 1 });

      expect(updated).toEqual({ ...order, state, version: 2 });
      expect(await read(order.id)).toEqual({ __typename: 'Order', ...updated });
      expect(api.aws.changes().at(-1)).toMatchObject({
        reason: 'Mutation.updateOrder',
        actor: users.nora.id,
        events: [
          {
            type: 'crm.order.changed.v1',
            subject: order.id,
            sequence: 2,
            data: { orderId: order.id, customerId: customer.id, state, previousState: 'OPEN' },
          },
        ],
      });
    },
  );

  test('keeps lines and time of the order', async () => {
    const order = await place();

    const updated = await update({ id: order.id, state: 'FULFILLED' });

    const source = updated;
    const { nodes } = await api.ask<Page<Created>>(users.nora, 'Order.lines', {}, { source });
    expect(nodes).toMatchObject([{ number: 1, code: 'A' }]);
    expect(updated.placedAt).toBe(order.placedAt);
  });

  test('of what is in the state already writes nothing', async () => {
    const { id } = await place();
    const updated = await update({ id, state: 'CANCELLED' });
    const before = api.aws.items();

    expect(await update({ id, state: 'CANCELLED' })).toEqual(updated);
    expect(api.aws.items()).toEqual(before);
  });

  test('does not take back what is final', async () => {
    const { id } = await place();
    await update({ id, state: 'FULFILLED' });
    const before = api.aws.items();

    expect(await refusal({ id, state: 'OPEN' })).toMatchObject({
      code: 'ORDER.STATE_FINAL',
      info: { field: 'state', value: 'OPEN', state: 'FULFILLED', orderId: id },
    });
    expect(api.aws.items()).toEqual(before);
  });

  test('with a stale version is refused and says which is current', async () => {
    const { id } = await place();

    expect(await refusal({ id, state: 'FULFILLED', expectedVersion: 7 })).toMatchObject({
      code: 'ORDER.VERSION_STALE',
      info: { version: 1, value: 7 },
    });
  });

  test('sent again with its clientRequestId answers the order, whatever version was seen', async () => {
    const { id } = await place();
    const input = { id, state: 'FULFILLED', expectedVersion: 1, clientRequestId: 'once' };
    const updated = await update(input);
    const before = api.aws.items();

    expect(await update(input)).toEqual(updated);
    expect(api.aws.items()).toEqual(before);
    expect(await refusal({ ...input, state: 'CANCELLED' })).toMatchObject({
      code: 'REQUEST.ID_REUSED',
      info: { field: 'clientRequestId', id },
    });
  });

  test('remembers a request that changed nothing', async () => {
    const { id } = await place({ state: 'CANCELLED' });
    const input = { id, state: 'CANCELLED', clientRequestId: 'once' };
    await update(input);

    expect(await refusal({ ...input, expectedVersion: 1 })).toMatchObject({ code: 'REQUEST.ID_REUSED' });
  });

  test('of two who fulfil and cancel at the same time lets one have it', async () => {
    const { id } = await place();

    const envelopes = await Promise.all(
      ['FULFILLED', 'CANCELLED', 'FULFILLED', 'CANCELLED'].map((state, n) =>
        api.call(users.nora, 'Mutation.updateOrder', { input: { id, state, clientRequestId: `${n}` } }),
      ),
    );

    const { state, version } = await read(id);
    expect(version).toBe(2);
    const answers = envelopes.map((one) => (one.ok ? (one.value as Created).state : one.error.code));
    expect(answers.filter((answer) => answer === state)).toHaveLength(2);
    expect(answers.filter((answer) => answer === 'ORDER.STATE_FINAL')).toHaveLength(2);
    const changes = api.aws.changes().filter(({ reason }) => reason === 'Mutation.updateOrder');
    expect(changes).toHaveLength(1);
  });

  test.each(['ord_00000000000000000000000000', 'cus_1', 'x'.repeat(64)])(
    'of what is no order is refused: %s',
    async (id) => {
      expect(await refusal({ id, state: 'FULFILLED' })).toMatchObject({
        code: 'ORDER.NOT_FOUND',
        info: { field: 'id', value: id },
      });
    },
  );

  test('is for who may record orders of the customer', async () => {
    const { id } = await place();

    for (const who of [users.sue, users.analyst])
      expect(await refusal({ id, state: 'CANCELLED' }, who)).toMatchObject({ code: 'ACCESS.DENIED' });
    expect(await update({ id, state: 'CANCELLED' }, users.ned)).toMatchObject({ state: 'CANCELLED' });
  });
});

describe('the index of open orders', () => {
  test('has an order as long as it is open', async () => {
    const { id } = await place();
    expect(header()).toMatchObject({
      gsi1pk: { S: 'demo#orders#OPEN' },
      gsi2pk: { S: `demo#${customer.id}#open` },
    });
    expect(await openOrders()).toMatchObject([{ id }]);

    await update({ id, state: 'FULFILLED' });

    expect(header()).toMatchObject({ gsi1pk: { S: 'demo#orders#FULFILLED' } });
    expect(header()).not.toHaveProperty('gsi2pk');
    expect(header()).not.toHaveProperty('gsi2sk');
    expect(await openOrders()).toEqual([]);
  });
});

describe('an order from before states were recorded', () => {
  const asItWas = () => {
    const { state: _state, gsi1pk: _1, gsi1sk: _2, gsi2pk: _3, gsi2sk: _4, ...old } = header() ?? {};
    api.aws.dynamodb('PutItem', { Item: old });
  };

  test('is fulfilled, and in no list by state', async () => {
    const { id } = await place();
    asItWas();

    expect(await read(id)).toMatchObject({ state: 'FULFILLED' });
    expect(await place()).toMatchObject({ id, state: 'FULFILLED' });
    const source = customer;
    const { nodes } = await api.ask<Page<Created>>(users.nora, 'Customer.orders', {}, { source });
    expect(nodes).toMatchObject([{ id, state: 'FULFILLED' }]);
    for (const state of ['OPEN', 'FULFILLED'])
      expect((await api.ask<Page<Created>>(users.admin, 'Query.orders', { state })).nodes).toEqual([]);
  });

  test('stays so', async () => {
    const { id } = await place();
    asItWas();

    expect(await update({ id, state: 'FULFILLED' })).toMatchObject({ version: 1 });
    expect(await refusal({ id, state: 'CANCELLED' })).toMatchObject({ code: 'ORDER.STATE_FINAL' });
  });
});
