import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { demoTenant } from '../../test/support/domain.ts';
import { anyFact, naiveScore, naiveStanding } from '../../test/support/facts.ts';
import { stageAt, stageEndsAt } from './stage.ts';

const policy = { lapsingAfterDays: 90, lapsedAfterDays: 180 };
const last = '2026-06-01T00:00:00.000Z';
const one = { frequency: 1, lastOrderAt: last };
const two = { frequency: 2, lastOrderAt: last, previousOrderAt: '2026-05-01T00:00:00.000Z' };
const back = { frequency: 9, lastOrderAt: last, previousOrderAt: '2025-12-03T00:00:00.000Z' };

describe('stageAt', () => {
  test.each([
    ['PROSPECT', 'without a sale', { frequency: 0 }, last],
    ['FIRST_TIME', 'after one sale', one, last],
    ['FIRST_TIME', '90 days after one sale, to the millisecond', one, '2026-08-30T00:00:00.000Z'],
    ['ACTIVE', 'after a sale soon after another', two, last],
    ['ACTIVE', 'after two sales at the same moment', { ...two, previousOrderAt: last }, last],
    ['LAPSING', 'more than 90 days after a sale', one, '2026-08-30T00:00:00.001Z'],
    ['LAPSING', '180 days after a sale', two, '2026-11-28T00:00:00.000Z'],
    ['LAPSED', 'more than 180 days after a sale', two, '2026-11-28T00:00:00.001Z'],
    ['WON_BACK', 'after a sale 180 days after the one before', back, last],
    ['ACTIVE', 'a millisecond less', { ...back, previousOrderAt: '2025-12-03T00:00:00.001Z' }, last],
    ['LAPSING', 'after a return that did not last', back, '2026-08-30T00:00:00.001Z'],
    ['ACTIVE', 'before a sale that lies ahead', two, '2026-05-31T00:00:00.000Z'],
    ['ACTIVE', 'of sales whose last but one is not known', { frequency: 2, lastOrderAt: last }, last],
  ])('is %s %s', (stage, _, sales, now) => {
    expect(stageAt(sales, now, policy)).toBe(stage);
  });

  test('follows from all facts and the clock as the definition says', () => {
    const days = fc.integer({ min: 1, max: 60 });
    const moment = fc.date({
      min: new Date('2025-11-01'),
      max: new Date('2026-08-01'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 12 }), moment, days, days, (facts, date, first, more) => {
        const lifecycle = { lapsingAfterDays: first, lapsedAfterDays: first + more };
        const now = date.toISOString();
        const tenant = { ...demoTenant, lifecycle };

        expect(stageAt(naiveScore(facts, tenant), now, lifecycle)).toBe(
          naiveStanding(facts, now, tenant).stage,
        );
      }),
      { numRuns: 1000 },
    );
  });
});

describe('stageEndsAt', () => {
  test.each([
    ['when a customer will be lapsing', one, last, '2026-08-30T00:00:00.001Z'],
    ['when a customer will have lapsed', one, '2026-08-30T00:00:00.001Z', '2026-11-28T00:00:00.001Z'],
    ['never for one who has lapsed', one, '2026-11-28T00:00:00.001Z', undefined],
    ['never without a sale', { frequency: 0 }, last, undefined],
  ])('is %s', (_, sales, now, end) => {
    expect(stageEndsAt(sales, now, policy)).toBe(end);
  });

  test('is the first millisecond of another stage, also where days are no whole numbers', () => {
    const days = fc.double({ min: 1, max: 3650, noNaN: true });
    fc.assert(
      fc.property(days, days, (a, b) => {
        fc.pre(a !== b);
        const lifecycle = { lapsingAfterDays: Math.min(a, b), lapsedAfterDays: Math.max(a, b) };
        const end = stageEndsAt(one, last, lifecycle) ?? '';
        const before = new Date(Date.parse(end) - 1).toISOString();

        expect(stageAt(one, before, lifecycle)).toBe('FIRST_TIME');
        expect(stageAt(one, end, lifecycle)).not.toBe('FIRST_TIME');
      }),
    );
  });
});
