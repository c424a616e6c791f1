import { expect, test } from 'vitest';
import { createDraw } from './draw.ts';
import type { When } from './plan.ts';

const fates = (when: When, seed: string, count: number) => {
  const draw = createDraw(when, seed);
  return Array.from({ length: count }, () => draw.strikes());
};

test('a seed gives the same fates in every run, another seed others', () => {
  const first = fates({ chance: 0.5 }, 'a', 100);

  expect(fates({ chance: 0.5 }, 'a', 100)).toEqual(first);
  expect(fates({ chance: 0.5 }, 'b', 100)).not.toEqual(first);
});

test('a chance is met', () => {
  const struck = fates({ chance: 0.2 }, 'a', 10_000).filter(Boolean).length;

  expect(struck).toBeGreaterThan(1850);
  expect(struck).toBeLessThan(2150);
  expect(fates({ chance: 1 }, 'a', 50)).not.toContain(false);
});

test('every n-th occasion is struck, up to so many times', () => {
  expect(fates({ every: 3, times: 2 }, 'a', 12).flatMap((is, index) => (is ? [index + 1] : []))).toEqual([
    3, 6,
  ]);
});

test('it counts', () => {
  const draw = createDraw({ every: 2 }, 'a');
  for (let n = 0; n < 5; n++) draw.strikes();

  expect([draw.asked, draw.struck]).toEqual([5, 2]);
});
