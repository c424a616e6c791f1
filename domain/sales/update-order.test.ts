import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cause, now, refusalOf } from '../../test/support/domain.ts';
import { checkPlaceOrder, type Order, placeOrder } from './order.ts';
import { counts, mayBecome, type OrderState, orderStates } from './order-state.ts';
import { checkOrderState, checkUpdateOrder, updateOrder } from './update-order.ts';

const input = {
  customerId: 'cus_1',
  source: 'shop',
  externalId: '536365',
  kind: 'SALE',
  placedAt: '2026-11-20T08:26:00Z',
  currency: 'GBP',
  lines: [{ code: '85123A', quantity: '6', unitPrice: '2.55' }],
};
const orderIn = (state: OrderState): Order =>
  placeOrder('ord_1', checkPlaceOrder({ ...input, state }, now), { reporting: 'GBP', rates: {} }, cause)
    .order;
const update = (order: Order, changes: object) =>
  updateOrder(order, checkUpdateOrder({ id: 'ord_1', ...changes }), cause);

const anyState = fc.constantFrom(...orderStates);

describe('checkUpdateOrder and checkOrderState', () => {
  test('take every state', () => {
    for (const state of orderStates) {
      expect(checkUpdateOrder({ id: 'ord_1', state })).toEqual({ id: 'ord_1', state });
      expect(checkOrderState(state)).toBe(state);
    }
  });

  test.each(['open', 'SHIPPED', '', null, undefined])('refuse %j, and name it', (state) => {
    const refused = { code: 'INPUT.INVALID', info: { field: 'state' } };

    expect(refusalOf(() => checkUpdateOrder({ id: 'ord_1', state }))).toMatchObject(refused);
    expect(refusalOf(() => checkOrderState(state))).toMatchObject(refused);
  });
});

describe('updateOrder', () => {
  test.each(['FULFILLED', 'CANCELLED'] as const)('says that an open order is %s, and stamps it', (state) => {
    const open = orderIn('OPEN');

    const { order, change } = update(open, { state });

    expect(order).toEqual({ ...open, state, version: 2 });
    expect(change).toEqual({
      ...cause,
      events: [
        {
          type: 'crm.order.changed.v1',
          subject: 'ord_1',
          sequence: 2,
          data: {
            orderId: 'ord_1',
            customerId: 'cus_1',
            kind: 'SALE',
            placedAt: '2026-11-20T08:26:00.000Z',
            amount: '15.30',
            currency: 'GBP',
            lineCount: 1,
            reportingAmount: '15.30',
            reportingCurrency: 'GBP',
            state,
            previousState: 'OPEN',
          },
        },
      ],
    });
  });

  test.each([
    ['FULFILLED', 'OPEN', 'record what comes back as a RETURN'],
    ['FULFILLED', 'CANCELLED', 'record what comes back as a RETURN'],
    ['CANCELLED', 'OPEN', 'as a new order'],
    ['CANCELLED', 'FULFILLED', 'as a new order'],
  ] as const)('does not make of a %s order an %s one, and says what to do', (present, state, remedy) => {
    const refusal = refusalOf(() => update(orderIn(present), { state }));

    expect(refusal).toMatchObject({
      code: 'ORDER.STATE_FINAL',
      info: { field: 'state', value: state, state: present, orderId: 'ord_1' },
    });
    expect(refusal.message).toContain(`ord_1 is ${present} and stays so`);
    expect(refusal.message).toContain(remedy);
  });

  test('changes nothing of an order that is in the state already', () => {
    for (const state of orderStates) {
      const order = orderIn(state);

      expect(update(order, { state })).toEqual({ order });
    }
  });

  test('refuses a version that is not the present one, and says which is', () => {
    const order = orderIn('OPEN');

    expect(refusalOf(() => update(order, { state: 'FULFILLED', expectedVersion: 2 }))).toMatchObject({
      code: 'ORDER.VERSION_STALE',
      info: { field: 'expectedVersion', value: 2, version: 1, orderId: 'ord_1' },
    });
    expect(update(order, { state: 'FULFILLED', expectedVersion: 1 }).order.version).toBe(2);
  });

  test('ends in the first state that is asked for, however many are, and never leaves it', () => {
    fc.assert(
      fc.property(fc.array(anyState, { maxLength: 6 }), (asked) => {
        const [first] = asked.filter((state) => state !== 'OPEN');
        const last = asked.reduce((order, state) => {
          const allowed = order.state === state || mayBecome(order.state, state);
          return allowed ? update(order, { state }).order : order;
        }, orderIn('OPEN'));

        expect(last).toMatchObject({ state: first ?? 'OPEN', version: first ? 2 : 1 });
      }),
    );
  });
});

test('all but what was cancelled counts, also what is older than states', () => {
  expect(orderStates.filter((state) => counts({ state }))).toEqual(['OPEN', 'FULFILLED']);
  expect(counts({})).toBe(true);
});
