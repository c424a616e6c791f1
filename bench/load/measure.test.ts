import fc from 'fast-check';
import { expect, test } from 'vitest';
import { median } from './measure.ts';

test.each([
  [[7], 7],
  [[3, 1, 2], 2],
  [[10, 9, 100], 10],
  [[4, 1, 3, 2], 2.5],
])('the middle of %j is %d', (values, middle) => {
  expect(median(values)).toBe(middle);
});

test('as many values lie below the middle as above it, in whatever order they come', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 20 }), (values) => {
      const middle = median(values);
      const below = values.filter((value) => value < middle).length;
      const above = values.filter((value) => value > middle).length;
      expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2);
      expect(median(values.toReversed())).toBe(middle);
    }),
  );
});

test('the values stay as they are', () => {
  const values = Object.freeze([3, 1, 2]);

  expect(median(values)).toBe(2);
});
