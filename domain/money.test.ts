import Big from 'big.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { add, currencies, minorDigits, round, subtract } from './money.ts';

describe('minorDigits', () => {
  test.each([
    ['GBP', 2],
    ['JPY', 0],
    ['KWD', 3],
  ])('knows how many decimals %s has', (currency, digits) => {
    expect(minorDigits(currency)).toBe(digits);
  });

  test.each(['HUF', 'COP', 'IDR', 'PKR', 'RSD'])(
    'follows ISO 4217, not the habits of shops, for %s',
    (currency) => {
      expect(minorDigits(currency)).toBe(2);
    },
  );

  test('has an answer for every currency that is taken', () => {
    const digits = [...currencies].map(minorDigits);

    expect(digits.length).toBeGreaterThan(150);
    expect(new Set(digits)).toEqual(new Set([0, 2, 3]));
  });
});

describe('round', () => {
  test.each([
    ['2042.761', 'GBP', '2042.76'],
    ['0.005', 'GBP', '0.01'],
    ['0.0049999999', 'GBP', '0.00'],
    ['-0.005', 'GBP', '-0.01'],
    ['1.5', 'JPY', '2'],
    ['1.0005', 'KWD', '1.001'],
    ['7', 'GBP', '7.00'],
  ])('makes %s %s to %s', (exact, currency, rounded) => {
    expect(round(new Big(exact), currency)).toBe(rounded);
  });

  test('never gives a negative zero', () => {
    expect(round(new Big('-0.004'), 'GBP')).toBe('0.00');
  });

  test('is the nearest amount, away from zero at the middle, for every amount', () => {
    const thousandths = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
    fc.assert(
      fc.property(thousandths, (value) => {
        const exact = new Big(value.toString()).div(1000);
        const magnitude = value < 0n ? -value : value;
        const pence = (magnitude + 5n) / 10n;
        const expected = new Big((value < 0n ? -pence : pence).toString()).div(100).toFixed(2);

        expect(round(exact, 'GBP')).toBe(expected);
      }),
    );
  });
});

describe('add and subtract', () => {
  test('are exact where floating-point numbers are not', () => {
    expect(add('GBP', '0.10', '0.20')).toBe('0.30');
    expect(subtract('GBP', '0.30', '0.10')).toBe('0.20');
    expect(add('GBP', '9007199254740993.01', '0.01')).toBe('9007199254740993.02');
  });

  test('undo each other for every two amounts', () => {
    const pence = fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n });
    const amount = pence.map((value) => new Big(value.toString()).div(100).plus(0).toFixed(2));
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        expect(subtract('GBP', add('GBP', a, b), b)).toBe(a);
      }),
    );
  });
});
