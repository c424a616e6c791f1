import { describe, expect, test } from 'vitest';
import { refusalOf } from '../../test/support/domain.ts';
import { exchange, rateOf } from './exchange.ts';

const firm = { reporting: 'GBP', rates: { EUR: '0.85' } };

describe('rateOf', () => {
  test('is what was sent, else the firm’s, and 1 for the reporting currency', () => {
    expect(rateOf('EUR', '0.9', firm)).toBe('0.9');
    expect(rateOf('EUR', undefined, firm)).toBe('0.85');
    expect(rateOf('JPY', '0.0053', firm)).toBe('0.0053');
    expect(rateOf('GBP', null, firm)).toBe('1');
    expect(rateOf('GBP', '1.00', firm)).toBe('1');
  });

  test('is refused where nobody gives it, and where it contradicts itself', () => {
    expect(refusalOf(() => rateOf('JPY', undefined, firm))).toMatchObject({
      code: 'ORDER.RATE_UNKNOWN',
      info: { field: 'exchangeRate', value: 'JPY' },
    });
    expect(refusalOf(() => rateOf('constructor', null, firm)).code).toBe('ORDER.RATE_UNKNOWN');
    expect(refusalOf(() => rateOf('GBP', '1.1', firm))).toMatchObject({
      code: 'INPUT.INVALID',
      info: { field: 'exchangeRate', value: '1.1' },
    });
  });
});

describe('exchange', () => {
  test.each([
    ['10.01', '0.5', 'GBP', '5.01'],
    ['-10.01', '0.5', 'GBP', '-5.01'],
    ['0.10', '0.04', 'GBP', '0.00'],
    ['-0.10', '0.04', 'GBP', '0.00'],
    ['100.00', '188.345', 'JPY', '18835'],
    ['999999999999999.99', '123456789012345.0123456789', 'GBP', '123456789012345011111111009876.55'],
  ])('%s at %s in %s is %s, rounded half up', (amount, rate, currency, expected) => {
    expect(exchange({ amount, currency: 'EUR' }, rate, currency)).toEqual({ amount: expected, currency });
  });
});
