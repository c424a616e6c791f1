import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { policy } from '../../test/support/domain.ts';
import { aboveAt, fallsAt } from './threshold.ts';

const at = '2026-11-22T12:00:00.000Z';
const thresholds = { warm: 30, hot: 60 };

describe('aboveAt', () => {
  test.each([
    [100, ['hot', 'warm']],
    [60.1, ['hot', 'warm']],
    [60, ['warm']],
    [30, []],
    [0, []],
  ])('with %d points is above %j', (value, names) => {
    expect(aboveAt({ value, at }, at, thresholds, policy)).toEqual(names);
  });

  test('counts what is left at the moment', () => {
    expect(aboveAt({ value: 100, at }, '2026-12-22T12:00:00.000Z', thresholds, policy)).toEqual(['warm']);
  });

  test('without engagement is above nothing', () => {
    expect(aboveAt(undefined, at, thresholds, policy)).toEqual([]);
  });
});

describe('fallsAt', () => {
  test('is a half-life later for twice the threshold', () => {
    expect(fallsAt({ value: 120, at }, 60, { ...policy, halfLifeDays: 30 })).toBe('2026-12-22T12:00:00.000Z');
  });

  test('is later than now, and at that moment it has fallen: a due run never meets it again', () => {
    const threshold = fc.double({ min: 0.1, max: 1e6, noNaN: true });
    const factor = fc.oneof(
      fc.double({ min: 1, max: 1e6, noNaN: true }),
      fc.double({ min: 1, max: 1 + 1e-8, noNaN: true }),
    );
    const halfLife = fc.double({ min: 1, max: 3650, noNaN: true });
    const moment = fc.date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(threshold, factor, halfLife, moment, (points, times, halfLifeDays, date) => {
        const engagement = { value: points * times, at: date.toISOString() };
        const under = { ...policy, halfLifeDays };
        fc.pre(aboveAt(engagement, engagement.at, { one: points }, under).length === 1);

        const falls = fallsAt(engagement, points, under);
        const dayBefore = new Date(Math.max(Date.parse(falls) - 86_400_000, date.getTime())).toISOString();

        expect(falls > engagement.at).toBe(true);
        expect(aboveAt(engagement, dayBefore, { one: points }, under)).toEqual(['one']);
        expect(aboveAt(engagement, falls, { one: points }, under)).toEqual([]);
      }),
      { numRuns: 5000 },
    );
  });
});
