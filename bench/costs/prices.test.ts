import fc from 'fast-check';
import { expect, test } from 'vitest';
import { added, costOf, priceKeys, type Quantities, readPrices, times, totalOf } from './prices.ts';

const list = readPrices();
const priced = priceKeys.filter((key) => list.prices[key].usd !== null);
const bill: fc.Arbitrary<Quantities> = fc
  .dictionary(fc.constantFrom(...priced), fc.double({ min: 0, max: 1e9, noNaN: true }))
  .map((quantities) => quantities);

const closeTo = (amount: number, other: number) =>
  expect(Math.abs(amount - other)).toBeLessThanOrEqual(1e-9 * Math.max(1, amount, other));

test('a price has its source, or says that none was found', () => {
  expect(Object.keys(list.prices).sort()).toEqual([...priceKeys].sort());
  for (const key of priceKeys) {
    const { usd, per, page, readOn } = list.prices[key];
    expect(page).toMatch(/^https:\/\/aws\.amazon\.com\/.*pricing/);
    expect(per).toBeGreaterThan(0);
    if (usd !== null) expect(readOn).toMatch(/^https:\/\//);
  }
});

test.each([
  ['dynamodb.write', 1_000_000, 0.625],
  ['ses.mail', 1000, 0.1],
  ['waf.acl', 1, 5],
  ['cognito.user', 0, 0],
] as const)('%s: %d cost %d dollars', (key, amount, usd) => {
  expect(costOf(list, key, amount)).toBeCloseTo(usd, 10);
});

test('an amount of what has no price is refused with the page to look at', () => {
  expect(() => costOf(list, 'cognito.user', 1)).toThrow('https://aws.amazon.com/cognito/pricing/');
  expect(() => totalOf(list, { 's3.storage': 1 })).toThrow('s3.storage');
});

test('the price is linear: so many times as much costs so many times as much', () => {
  fc.assert(
    fc.property(bill, fc.integer({ min: 0, max: 1000 }), (quantities, factor) => {
      closeTo(totalOf(list, times(factor, quantities)), factor * totalOf(list, quantities));
    }),
  );
});

test('two bills cost together what they cost one by one, in any order', () => {
  fc.assert(
    fc.property(bill, bill, (some, more) => {
      closeTo(totalOf(list, added(some, more)), totalOf(list, some) + totalOf(list, more));
      closeTo(totalOf(list, added(some, more)), totalOf(list, added(more, some)));
    }),
  );
});

test('nothing costs nothing, and nothing costs less than that', () => {
  expect(totalOf(list, {})).toBe(0);
  fc.assert(fc.property(bill, (quantities) => totalOf(list, quantities) >= 0));
});
