import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { policy } from '../../test/support/domain.ts';
import { channels, directions } from '../interactions/channel.ts';
import { decay, pointsOf, valueAt } from './engagement.ts';

const dayMs = 86_400_000;
const moment = fc.date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
const points = fc.double({ min: 0, max: 1000, noNaN: true });
const halfLife = fc.integer({ min: 1, max: 3650 });
const daysAfter = (at: Date, days: number) => new Date(at.getTime() + days * dayMs).toISOString();

describe('decay', () => {
  test('halves with every half-life', () => {
    const from = '2026-01-01T00:00:00.000Z';

    expect(decay(8, from, from, 30)).toBe(8);
    expect(decay(8, from, '2026-01-31T00:00:00.000Z', 30)).toBe(4);
    expect(decay(8, from, '2026-03-02T00:00:00.000Z', 30)).toBe(2);
    expect(decay(8, from, '2026-01-16T00:00:00.000Z', 30)).toBeCloseTo(8 / Math.SQRT2, 12);
  });

  test('halves after the half-life, whatever it is and whenever it starts', () => {
    fc.assert(
      fc.property(points, moment, halfLife, (p, at, days) => {
        expect(decay(p, at.toISOString(), daysAfter(at, days), days)).toBeCloseTo(p / 2, 9);
      }),
    );
  });

  test('over two spans is the decay over both', () => {
    const span = fc.integer({ min: 0, max: 1000 });
    fc.assert(
      fc.property(points, moment, span, span, halfLife, (p, at, first, second, days) => {
        const halfway = decay(p, at.toISOString(), daysAfter(at, first), days);
        const atLast = decay(halfway, daysAfter(at, first), daysAfter(at, first + second), days);

        expect(atLast).toBeCloseTo(decay(p, at.toISOString(), daysAfter(at, first + second), days), 9);
      }),
    );
  });

  test('of a sum is the sum of the decays', () => {
    fc.assert(
      fc.property(
        points,
        points,
        moment,
        halfLife,
        fc.integer({ min: 0, max: 1000 }),
        (a, b, at, days, age) => {
          const later = daysAfter(at, age);
          const sum = decay(a, at.toISOString(), later, days) + decay(b, at.toISOString(), later, days);

          expect(decay(a + b, at.toISOString(), later, days)).toBeCloseTo(sum, 9);
        },
      ),
    );
  });

  test('backward in time grows, and forward again is where it was', () => {
    const noon = '2026-01-01T12:00:00.000Z';
    const start = '2026-01-01T00:00:00.000Z';

    const earlier = decay(8, noon, start, 1);

    expect(earlier).toBeCloseTo(8 * Math.SQRT2, 12);
    expect(decay(earlier, start, noon, 1)).toBeCloseTo(8, 12);
  });
});

describe('valueAt', () => {
  const engagement = { value: 10, at: '2026-01-10T00:00:00.000Z' };

  test('is the value decayed until now', () => {
    expect(valueAt(engagement, '2026-02-09T00:00:00.000Z', 30)).toBe(5);
  });

  test('is the value itself at its moment, and before it: what is ahead counts in full', () => {
    expect(valueAt(engagement, engagement.at, 30)).toBe(10);
    expect(valueAt(engagement, '2026-01-09T12:00:00.000Z', 30)).toBe(10);
  });
});

describe('pointsOf', () => {
  test('reads the points of the channel and direction', () => {
    expect(pointsOf(policy, { channel: 'PHONE', direction: 'INBOUND' })).toBe(8);
    expect(pointsOf(policy, { channel: 'MAILING', direction: 'OUTBOUND' })).toBe(0.5);
  });

  test('has an answer for every channel and direction', () => {
    const all = channels.flatMap((channel) =>
      directions.map((direction) => pointsOf(policy, { channel, direction })),
    );

    expect(all).toHaveLength(20);
    expect(all.every(Number.isFinite)).toBe(true);
  });
});
