import { describe, expect, test } from 'vitest';
import { grow, latencyOf, type Passage, passagesOf, percentile, wayFigures } from './latencies.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('a percentile', () => {
  test('is the value that so many of 100 do not exceed', () => {
    expect(percentile(upTo(100), 50)).toBe(50);
    expect(percentile(upTo(100), 99)).toBe(99);
    expect(percentile(upTo(30), 99)).toBe(30);
    expect(percentile([7], 50)).toBe(7);
  });

  test('does not depend on the order, and leaves it as it is', () => {
    const values = [30, 10, 20];
    expect(percentile(values, 50)).toBe(20);
    expect(values).toEqual([30, 10, 20]);
  });

  test('of nothing is no number', () => {
    expect(percentile([], 50)).toBeNaN();
  });
});

describe('a passage', () => {
  test('is matched by its key', () => {
    const commits = [
      { id: 'int_1', committedAt: 10 },
      { id: 'int_2', committedAt: 20 },
    ];
    const arrivals = new Map([
      ['int_2', 25],
      ['int_of_another_run', 26],
    ]);
    expect(passagesOf(commits, arrivals, ({ id }) => id)).toEqual([
      { committedAt: 10, arrivedAt: undefined },
      { committedAt: 20, arrivedAt: 25 },
    ]);
  });

  test('takes no time when it ends before the answer is there, and for ever when it does not end', () => {
    expect(latencyOf({ committedAt: 10, arrivedAt: 14 })).toBe(4);
    expect(latencyOf({ committedAt: 10, arrivedAt: 8 })).toBe(0);
    expect(latencyOf({ committedAt: 10, arrivedAt: undefined })).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('the figures of a way', () => {
  const steady = upTo(200).map((n): Passage => ({ committedAt: n * 20, arrivedAt: n * 20 + 10 + (n % 10) }));

  test('tell of latencies and of what was on the way at the end', () => {
    expect(wayFigures(steady)).toEqual({
      interactions: 200,
      p50: 14,
      p99: 19,
      onTheWay: 1,
      neverCame: 0,
      grows: false,
    });
  });

  test('count what never came as late beyond measure', () => {
    const lost = steady.map((passage, index) => (index < 3 ? { ...passage, arrivedAt: undefined } : passage));
    expect(wayFigures(lost)).toMatchObject({ neverCame: 3, p99: Number.POSITIVE_INFINITY, p50: 15 });
  });

  test('say when more comes in than goes through', () => {
    const behind = steady.map(({ committedAt }) => ({ committedAt, arrivedAt: committedAt * 1.5 }));
    expect(wayFigures(behind.toReversed())).toMatchObject({ grows: true, onTheWay: 67 });
  });

  test('are not to be had of nothing', () => {
    expect(() => wayFigures([])).toThrow('no interaction was committed');
  });
});

describe('latencies grow', () => {
  test('when the queue does', () => {
    expect(grow(upTo(1000).map((n) => n * 2))).toBe(true);
  });

  test('not when they are long but steady', () => {
    expect(grow(upTo(1000).map((n) => 3000 + (n % 7)))).toBe(false);
  });

  test('not when they are short', () => {
    expect(grow(upTo(100).map((n) => n))).toBe(false);
  });

  test('not when only the first were slow', () => {
    expect(grow(upTo(100).map((n) => (n < 20 ? 5000 : 30)))).toBe(false);
  });
});
