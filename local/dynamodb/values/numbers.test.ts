import Big from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addNumbers, compareNumbers, numberBytes, numberSize } from './numbers.ts';

/** Numbers as the engine stores them: all signs, up to 38 digits, exponents from -130 to 125. */
const number = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.bigInt({ min: 0n, max: 10n ** 38n - 1n }),
    fc.integer({ min: -160, max: 88 }),
  )
  .map(([sign, digits, exponent]) => new Big(`${sign}${digits}e${exponent}`))
  .filter((big) => big.eq(0) || (big.e >= -130 && big.e <= 125))
  .map((big) => (big.eq(0) ? '0' : big.toFixed()));

describe('numbers', () => {
  it('sort by their bytes as they do by value', () => {
    fc.assert(
      fc.property(number, number, (a, b) => {
        const order = new Big(a).cmp(b);
        expect(Math.sign(Buffer.compare(numberBytes(a), numberBytes(b)))).toBe(order);
        expect(Math.sign(compareNumbers(a, b))).toBe(order);
      }),
      { numRuns: 1000 },
    );
  });

  it('sort around zero and at the ends of their range', () => {
    const ascending = [
      '-9.9',
      '-9',
      '-1.25',
      '-1.2',
      '-0.001',
      '0',
      '0.0001',
      '0.001',
      '1',
      '1.2',
      '1.25',
      '9',
      '10',
    ];
    const bytes = ascending.map(numberBytes);
    expect([...bytes].reverse().sort(Buffer.compare)).toEqual(bytes);
  });

  // Measured against DynamoDB by accepting and refusing items at the limit of 400 KB.
  it.each([
    ['0', 1],
    ['1', 2],
    ['12', 2],
    ['123', 3],
    ['100', 2],
    ['1010', 3],
    ['12345678901234567890123456789012345678', 20],
    ['0.0000001', 2],
    ['1.5', 3],
    ['3.14159', 5],
    ['100.5', 4],
    ['0.15', 2],
    ['-42', 3],
  ])('%s weighs %i bytes', (literal, size) => {
    expect(numberSize(literal)).toBe(size);
  });

  it('are added exactly up to 38 digits', () => {
    expect(addNumbers('1', '10000000000000000000000')).toBe('10000000000000000000001');
    expect(addNumbers('10000000000000000000000', '1', 'minus')).toBe('9999999999999999999999');
    expect(addNumbers('0.1', '0.2')).toBe('0.3');
    expect(addNumbers('1', '1', 'minus')).toBe('0');
  });

  it('refuse sums that need more digits or a larger exponent', () => {
    const large = `9${'0'.repeat(125)}`;
    expect(() => addNumbers(large, large)).toThrow('Number overflow');
    expect(() => addNumbers(`1${'0'.repeat(50)}`, '1')).toThrow('Number overflow');
  });
});
