import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { policy } from '../../test/support/domain.ts';
import {
  emptyBucket,
  endOf,
  type InteractionFact,
  interactionsBucket,
  type OrderFact,
  ordersBucket,
  periodOf,
  startOf,
} from './bucket.ts';

describe('periodOf', () => {
  test('is the UTC day of an interaction and the UTC month of an order', () => {
    expect(periodOf('interactions', '2026-11-22T23:59:59.999Z')).toBe('2026-11-22');
    expect(periodOf('orders', '2026-11-22T23:59:59.999Z')).toBe('2026-11');
  });
});

describe('startOf and endOf', () => {
  test.each([
    ['2026-11-22', '2026-11-22T00:00:00.000Z', '2026-11-23T00:00:00.000Z'],
    ['2026-12-31', '2026-12-31T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
    ['2024-02-28', '2024-02-28T00:00:00.000Z', '2024-02-29T00:00:00.000Z'],
    ['2023-02-28', '2023-02-28T00:00:00.000Z', '2023-03-01T00:00:00.000Z'],
    ['2026-01', '2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z'],
    ['2024-02', '2024-02-01T00:00:00.000Z', '2024-03-01T00:00:00.000Z'],
    ['2026-12', '2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
  ])('%s lasts from %s until %s', (period, start, end) => {
    expect(startOf(period)).toBe(start);
    expect(endOf(period)).toBe(end);
  });

  test('hold every moment in its own period: from the start, before the end', () => {
    const moment = fc.date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(moment, fc.constantFrom('interactions' as const, 'orders' as const), (date, kind) => {
        const at = date.toISOString();
        const period = periodOf(kind, at);

        expect(startOf(period) <= at && at < endOf(period)).toBe(true);
        expect(periodOf(kind, endOf(period))).not.toBe(period);
      }),
    );
  });
});

describe('interactionsBucket', () => {
  const call: InteractionFact = {
    channel: 'PHONE',
    direction: 'INBOUND',
    occurredAt: '2026-11-22T00:00:00.000Z',
  };
  const visit: InteractionFact = {
    channel: 'WEB',
    direction: 'OUTBOUND',
    occurredAt: '2026-11-22T20:00:00.000Z',
  };

  test('of a day without contacts is empty', () => {
    expect(interactionsBucket('cus_1', '2026-11-22', [], policy)).toEqual(
      emptyBucket('cus_1', 'interactions', '2026-11-22'),
    );
  });

  test('weighs contacts as worth at the start of the day', () => {
    const noon = { ...call, occurredAt: '2026-11-22T12:00:00.000Z' };

    const bucket = interactionsBucket('cus_1', '2026-11-22', [call, noon], { ...policy, halfLifeDays: 1 });

    expect(bucket.weight).toBeCloseTo(8 + 8 * Math.SQRT2, 12);
    expect(bucket).toMatchObject({ lastAt: noon.occurredAt, sales: 0, monetary: {} });
  });

  test('does not take a contact without points for the latest', () => {
    expect(interactionsBucket('cus_1', '2026-11-22', [call, visit], policy)).toMatchObject({
      weight: 8,
      lastAt: call.occurredAt,
    });
    expect(interactionsBucket('cus_1', '2026-11-22', [visit], policy)).not.toHaveProperty('lastAt');
  });
});

describe('ordersBucket', () => {
  const order = (kind: 'SALE' | 'RETURN', day: string, amount: string, currency = 'GBP'): OrderFact => ({
    kind,
    placedAt: `2026-11-${day}T00:00:00.000Z`,
    total: { amount, currency },
  });

  test('counts sales and their points, and returns only in money', () => {
    const facts = [order('SALE', '01', '10.10'), order('RETURN', '30', '-3.05'), order('SALE', '11', '0.20')];

    const bucket = ordersBucket('cus_1', '2026-11', facts, { ...policy, halfLifeDays: 10 }, 'GBP');

    expect(bucket).toMatchObject({
      sales: 2,
      lastAt: '2026-11-11T00:00:00.000Z',
      lastSaleAt: '2026-11-11T00:00:00.000Z',
      previousSaleAt: '2026-11-01T00:00:00.000Z',
      monetary: { GBP: '7.25' },
    });
    expect(bucket.weight).toBeCloseTo(15 + 30, 12);
  });

  test('keeps currencies apart', () => {
    const facts = [order('SALE', '01', '10.00'), order('SALE', '02', '500', 'JPY')];

    expect(ordersBucket('cus_1', '2026-11', facts, policy, 'GBP').monetary).toEqual({
      GBP: '10.00',
      JPY: '500',
    });
  });

  test('of returns alone has money, but no points and no sale', () => {
    const bucket = ordersBucket('cus_1', '2026-11', [order('RETURN', '05', '-3.05')], policy, 'GBP');

    expect(bucket).toEqual({
      ...emptyBucket('cus_1', 'orders', '2026-11'),
      monetary: { GBP: '-3.05' },
      reporting: { amount: '-3.05', currency: 'GBP' },
      revision: 1,
    });
  });

  test('counts nothing of what was cancelled, but keeps its currency, and its moment as the latest', () => {
    const gone = { ...order('SALE', '21', '7.00', 'EUR'), state: 'CANCELLED' as const, version: 2 };
    const facts = [order('SALE', '01', '10.10'), order('SALE', '11', '0.20'), gone];

    const bucket = ordersBucket('cus_1', '2026-11', facts, { ...policy, halfLifeDays: 10 }, 'GBP');

    expect(bucket).toMatchObject({
      sales: 2,
      lastAt: '2026-11-21T00:00:00.000Z',
      lastSaleAt: '2026-11-11T00:00:00.000Z',
      previousSaleAt: '2026-11-01T00:00:00.000Z',
      monetary: { GBP: '10.30', EUR: '0.00' },
      reporting: { amount: '10.30', currency: 'GBP' },
    });
    expect(bucket.weight).toBeCloseTo(15 + 30, 12);
  });

  test.each(['OPEN', 'FULFILLED', undefined] as const)('counts an order whose state is %s', (state) => {
    const fact = { ...order('SALE', '01', '10.10'), ...(state ? { state } : {}) };

    expect(ordersBucket('cus_1', '2026-11', [fact], policy, 'GBP')).toMatchObject({
      sales: 1,
      monetary: { GBP: '10.10' },
    });
  });

  test('is told apart by its revision from what it was before an order came or was changed', () => {
    const facts = [order('SALE', '01', '0'), order('SALE', '02', '0')];
    const revisionOf = (list: readonly OrderFact[]) =>
      ordersBucket('cus_1', '2026-11', list, policy, 'GBP').revision;

    expect(revisionOf([])).toBe(0);
    expect(revisionOf(facts.slice(1))).toBe(1);
    expect(revisionOf(facts)).toBe(2);
    expect(revisionOf(facts.map((fact) => ({ ...fact, version: 2 })))).toBe(4);
  });

  test('keeps two sales of the same moment apart', () => {
    const facts = [order('SALE', '01', '1'), order('SALE', '11', '1'), order('SALE', '11', '1')];

    expect(ordersBucket('cus_1', '2026-11', facts, policy, 'GBP')).toMatchObject({
      lastSaleAt: '2026-11-11T00:00:00.000Z',
      previousSaleAt: '2026-11-11T00:00:00.000Z',
    });
  });

  test('of one sale knows no sale before', () => {
    const bucket = ordersBucket('cus_1', '2026-11', [order('SALE', '01', '1')], policy, 'GBP');

    expect(bucket).not.toHaveProperty('previousSaleAt');
  });

  test('adds up in the reporting currency what was recorded in it', () => {
    const facts = [
      { ...order('SALE', '01', '10.00', 'EUR'), reportingTotal: { amount: '8.50', currency: 'GBP' } },
      { ...order('RETURN', '02', '-2.00', 'EUR'), reportingTotal: { amount: '-1.70', currency: 'GBP' } },
    ];

    expect(ordersBucket('cus_1', '2026-11', facts, policy, 'GBP').reporting).toEqual({
      amount: '6.80',
      currency: 'GBP',
    });
  });

  test.each([
    ['in its own currency when that is the reporting one', order('SALE', '01', '10.00'), '10.00'],
    ['as nothing when no rate was recorded', order('SALE', '01', '10.00', 'EUR'), '0.00'],
    [
      'as nothing when the rate was to a reporting currency of the past',
      { ...order('SALE', '01', '10.00', 'EUR'), reportingTotal: { amount: '11.00', currency: 'USD' } },
      '0.00',
    ],
  ])('counts an older order %s', (_, fact, amount) => {
    expect(ordersBucket('cus_1', '2026-11', [fact], policy, 'GBP').reporting?.amount).toBe(amount);
  });
});
