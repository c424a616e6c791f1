import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cause, now, refusalOf } from '../../test/support/domain.ts';
import { checkPlaceOrder, mostLines, placeOrder } from './order.ts';

const line = { code: '85123A', quantity: '6', unitPrice: '2.55' };

const input = {
  customerId: 'cus_1',
  source: 'shop',
  externalId: '536365',
  kind: 'SALE',
  placedAt: '2010-12-01T08:26:00Z',
  currency: 'GBP',
  lines: [line],
};

/** Reports in pounds. */
const firm = { reporting: 'GBP', rates: { EUR: '0.85' } };

const check = (changes: object) => checkPlaceOrder({ ...input, ...changes }, now);
const place = (changes: object) => placeOrder('ord_1', check(changes), firm, cause);

describe('checkPlaceOrder', () => {
  test('takes from 1 to 1,000 lines', () => {
    expect(check({ lines: Array(mostLines).fill(line) }).lines).toHaveLength(1000);
    expect(refusalOf(() => check({ lines: [] })).message).toBe('lines: an order needs a line');
    expect(refusalOf(() => check({ lines: Array(mostLines + 1).fill(line) })).message).toContain(
      'has 1001 lines; at most 1000',
    );
  });

  test.each(['0', '0.000', '-0', '-0.0'])('refuses a quantity of %s', (quantity) => {
    const refusal = refusalOf(() => check({ lines: [{ ...line, quantity }] }));

    expect(refusal).toMatchObject({
      code: 'INPUT.INVALID',
      info: { field: 'lines.0.quantity', value: quantity },
    });
    expect(refusal.message).toContain('leave the line out');
  });

  test.each(['6', '-1', '0.250', '-0.5', '123456789012345.0123456789'])(
    'takes a quantity of %s',
    (quantity) => {
      expect(check({ lines: [{ ...line, quantity }] }).lines[0]?.quantity).toBe(quantity);
    },
  );

  test.each(['', '1e3', '1,5', ' 1', '+1', '.5', '1.', 'NaN', '1234567890123456', '0.12345678901'])(
    'refuses %j as a decimal',
    (text) => {
      expect(refusalOf(() => check({ lines: [{ ...line, quantity: text }] })).info.field).toBe(
        'lines.0.quantity',
      );
      expect(refusalOf(() => check({ lines: [{ ...line, unitPrice: text }] })).info.field).toBe(
        'lines.0.unitPrice',
      );
    },
  );

  test.each(['0', '0.00', '-1', '1e3', '', 'one'])('refuses %j as a rate', (exchangeRate) => {
    expect(refusalOf(() => check({ exchangeRate }))).toMatchObject({
      code: 'INPUT.INVALID',
      info: { field: 'exchangeRate', value: exchangeRate },
    });
  });

  test('takes a price of zero or with more decimals than the currency', () => {
    expect(check({ lines: [{ ...line, unitPrice: '0' }] }).lines).toHaveLength(1);
    expect(check({ lines: [{ ...line, unitPrice: '0.001' }] }).lines).toHaveLength(1);
  });

  test('refuses a negative price: the quantity is what turns around', () => {
    const refusal = refusalOf(() => check({ lines: [{ ...line, unitPrice: '-2.55' }] }));

    expect(refusal.message).toContain('make the quantity negative');
  });

  test.each(['XYZ', 'gbp', '', 'GB', '£'])('refuses %j as a currency', (currency) => {
    const refusal = refusalOf(() => check({ currency }));

    expect(refusal.info).toEqual({ field: 'currency', value: currency });
    expect(refusal.message).toContain('write it as GBP');
  });

  test('refuses a time that is more than a day ahead', () => {
    expect(refusalOf(() => check({ placedAt: '2026-12-24T00:00:00Z' })).info.field).toBe('placedAt');
  });

  test('refuses an unknown kind, and an unknown state', () => {
    expect(refusalOf(() => check({ kind: 'GIFT' })).info.field).toBe('kind');
    expect(refusalOf(() => check({ state: 'LOST' })).info).toEqual({ field: 'state', value: 'LOST' });
  });
});

describe('placeOrder', () => {
  test('keeps an order with its lines, numbered from 1, and stamps what happened', () => {
    const command = {
      lines: [
        line,
        line,
        { kind: 'CHARGE', code: 'POST', description: 'Postage', quantity: '1', unitPrice: '18' },
      ],
    };

    const { order, lines, change } = place(command);

    expect(order).toEqual({
      id: 'ord_1',
      customerId: 'cus_1',
      kind: 'SALE',
      state: 'OPEN',
      source: 'shop',
      externalId: '536365',
      placedAt: '2010-12-01T08:26:00.000Z',
      total: { amount: '48.60', currency: 'GBP' },
      exchangeRate: '1',
      reportingTotal: { amount: '48.60', currency: 'GBP' },
      lineCount: 3,
      via: 'API',
      recordedAt: now,
      version: 1,
    });
    expect(lines).toEqual([
      { number: 1, kind: 'PRODUCT', code: '85123A', quantity: '6', unitPrice: '2.55' },
      { number: 2, kind: 'PRODUCT', code: '85123A', quantity: '6', unitPrice: '2.55' },
      { number: 3, kind: 'CHARGE', code: 'POST', description: 'Postage', quantity: '1', unitPrice: '18' },
    ]);
    expect(change).toEqual({
      ...cause,
      events: [
        {
          type: 'crm.order.placed.v1',
          subject: 'ord_1',
          sequence: 1,
          data: {
            orderId: 'ord_1',
            customerId: 'cus_1',
            kind: 'SALE',
            placedAt: '2010-12-01T08:26:00.000Z',
            amount: '48.60',
            currency: 'GBP',
            lineCount: 3,
            reportingAmount: '48.60',
            reportingCurrency: 'GBP',
          },
        },
      ],
    });
  });

  test('keeps what the order comes to in the reporting currency, at its own rate or the firm’s', () => {
    const euros = { currency: 'EUR', lines: [{ ...line, quantity: '1', unitPrice: '10.01' }] };

    expect(place(euros).order).toMatchObject({
      exchangeRate: '0.85',
      reportingTotal: { amount: '8.51', currency: 'GBP' },
    });
    const { order, change } = place({ ...euros, exchangeRate: '0.5' });
    expect(order).toMatchObject({ exchangeRate: '0.5', reportingTotal: { amount: '5.01', currency: 'GBP' } });
    expect(change.events).toMatchObject([{ data: { reportingAmount: '5.01', reportingCurrency: 'GBP' } }]);
  });

  test.each(['OPEN', 'FULFILLED', 'CANCELLED'])('keeps that the order is %s', (state) => {
    expect(place({ state }).order.state).toBe(state);
  });

  test('says that it was imported', () => {
    const { order, change } = place({ via: 'IMPORT' });

    expect([order.via, change.via]).toEqual(['IMPORT', 'IMPORT']);
  });

  test('rounds the invoice once, not each line', () => {
    const lines = [
      { ...line, quantity: '1', unitPrice: '2042.755' },
      { ...line, quantity: '1', unitPrice: '0.003' },
      { ...line, quantity: '1', unitPrice: '0.003' },
    ];

    expect(place({ lines }).order.total.amount).toBe('2042.76');
  });

  test.each([
    ['SALE', '5', '5.00'],
    ['SALE', '0', '0.00'],
    ['RETURN', '0', '0.00'],
  ])('takes a %s at a price of %s', (kind, unitPrice, total) => {
    const { order } = place({ kind, lines: [{ ...line, quantity: '1', unitPrice }] });

    expect(order.total.amount).toBe(total);
  });

  test('takes a return with a negative total, and its lines of either sign', () => {
    const lines = [
      { ...line, quantity: '-2', unitPrice: '10' },
      { ...line, kind: 'CHARGE', quantity: '1', unitPrice: '1.50' },
    ];

    expect(place({ kind: 'RETURN', lines }).order.total.amount).toBe('-18.50');
  });

  test('a return of less than half a penny comes to zero, without a sign', () => {
    const lines = [{ ...line, quantity: '-1', unitPrice: '0.004' }];

    expect(place({ kind: 'RETURN', lines }).order.total.amount).toBe('0.00');
  });

  test.each([
    ['SALE', '-1', '-2.55', 'record a RETURN'],
    ['RETURN', '1', '2.55', 'record a SALE'],
  ])('refuses a %s of quantity %s, which comes to %s, with the remedy', (kind, quantity, total, remedy) => {
    const refusal = refusalOf(() => place({ kind, lines: [{ ...line, quantity }] }));

    expect(refusal).toMatchObject({ code: 'INPUT.INVALID', info: { field: 'lines', value: total } });
    expect(refusal.message).toContain(remedy);
  });

  test('the total is the exact sum of the lines, rounded once, for every invoice', () => {
    const millionths = fc.record({
      quantity: fc.bigInt({ min: 1n, max: 10n ** 12n }),
      price: fc.bigInt({ min: 0n, max: 10n ** 12n }),
      back: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(millionths, { minLength: 1, maxLength: 50 }), (rows) => {
        const exact = rows.reduce(
          (sum, { quantity, price, back }) => sum + quantity * price * (back ? -1n : 1n),
          0n,
        );
        const lines = rows.map(({ quantity, price, back }) => ({
          code: 'A',
          quantity: `${back ? '-' : ''}${asMillionths(quantity)}`,
          unitPrice: asMillionths(price),
        }));

        const { order } = place({ kind: exact < 0n ? 'RETURN' : 'SALE', lines });

        expect(order.total.amount).toBe(pence(exact, 10n ** 10n));
      }),
    );
  });
});

function asMillionths(value: bigint): string {
  const digits = value.toString().padStart(7, '0');
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

/** The amount in pounds of `value`, of which `unit` make a penny: half up, away from zero. */
function pence(value: bigint, unit: bigint): string {
  const whole = ((value < 0n ? -value : value) + unit / 2n) / unit;
  const digits = whole.toString().padStart(3, '0');
  return `${value < 0n && whole > 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
