import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { demoTenant, policy } from '../../test/support/domain.ts';
import { anyFact, type Fact, momentOf, naiveScore } from '../../test/support/facts.ts';
import { type Bucket, emptyBucket, interactionsBucket, ordersBucket, periodOf } from './bucket.ts';
import { emptyScore, replaceBucket, type Score, saysTheSame } from './score.ts';

function bucketOf(facts: readonly Fact[], kind: Bucket['kind'], period: string): Bucket {
  const inPeriod = facts.filter((one) => periodOf(kind, momentOf(one)) === period);
  return kind === 'interactions'
    ? interactionsBucket(
        'cus_1',
        period,
        inPeriod.flatMap((one) => (one.kind === 'interaction' ? [one.fact] : [])),
        policy,
      )
    : ordersBucket(
        'cus_1',
        period,
        inPeriod.flatMap((one) => (one.kind === 'order' ? [one.fact] : [])),
        policy,
        'GBP',
      );
}

/** The score after the facts became known one by one, each time with its bucket rebuilt. */
function scoreStepByStep(facts: readonly Fact[]): Score {
  let score = emptyScore('cus_1');
  for (let known = 1; known <= facts.length; known++) {
    const fact = facts[known - 1] as Fact;
    const kind = fact.kind === 'interaction' ? 'interactions' : 'orders';
    const period = periodOf(kind, momentOf(fact));
    const before = bucketOf(facts.slice(0, known - 1), kind, period);
    const after = bucketOf(facts.slice(0, known), kind, period);
    score = replaceBucket(score, before, after, policy.halfLifeDays);
  }
  return score;
}

describe('replaceBucket', () => {
  test('is what all facts come to, in whatever order they become known', () => {
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 40 }), (facts) => {
        const { engagement, ...rest } = scoreStepByStep(facts);
        const { engagement: expected, ...expectedRest } = naiveScore(facts, demoTenant);

        expect(rest).toEqual({ ...expectedRest, customerId: 'cus_1', version: 0 });
        expect(engagement?.at).toBe(expected?.at);
        expect(engagement?.value ?? 0).toBeCloseTo(expected?.value ?? 0, 9);
      }),
    );
  });

  test('by the same bucket changes nothing', () => {
    fc.assert(
      fc.property(fc.array(anyFact, { minLength: 1, maxLength: 20 }), (facts) => {
        const score = scoreStepByStep(facts);
        const last = facts.at(-1) as Fact;
        const kind = last.kind === 'interaction' ? 'interactions' : 'orders';
        const bucket = bucketOf(facts, kind, periodOf(kind, momentOf(last)));

        const again = replaceBucket(score, bucket, bucket, policy.halfLifeDays);

        expect(again).toEqual(score);
        expect(saysTheSame(score, again)).toBe(true);
      }),
    );
  });

  test('by an older bucket carries the value at its own moment', () => {
    const at = '2026-01-31T00:00:00.000Z';
    const score: Score = { ...emptyScore('cus_1'), engagement: { at, value: 10 } };
    const empty = emptyBucket('cus_1', 'interactions', '2026-01-01');

    const { engagement } = replaceBucket(
      score,
      empty,
      { ...empty, weight: 8, lastAt: '2026-01-01T09:00:00.000Z' },
      30,
    );

    expect(engagement).toEqual({ at, value: 14 });
  });

  test('by a bucket without points gives no engagement', () => {
    const empty = emptyBucket('cus_1', 'orders', '2026-01');

    const score = replaceBucket(emptyScore('cus_1'), empty, { ...empty, monetary: { GBP: '-5.00' } }, 30);

    expect(score).toEqual({ customerId: 'cus_1', frequency: 0, monetary: { GBP: '-5.00' }, version: 0 });
  });
});

describe('replaceBucket in the reporting currency', () => {
  const month = emptyBucket('cus_1', 'orders', '2026-01');
  const inGbp = { ...month, reporting: { amount: '5.00', currency: 'GBP' } };

  test('counts a month as it is now, and no more as it was', () => {
    const score: Score = { ...emptyScore('cus_1'), reporting: { amount: '15.00', currency: 'GBP' } };
    const after = { ...month, reporting: { amount: '7.50', currency: 'GBP' } };

    expect(replaceBucket(score, inGbp, after, 30).reporting).toEqual({ amount: '17.50', currency: 'GBP' });
  });

  test('begins anew when the tenant has changed to another currency', () => {
    const score: Score = { ...emptyScore('cus_1'), reporting: { amount: '15.00', currency: 'GBP' } };
    const after = { ...month, reporting: { amount: '6.00', currency: 'EUR' } };

    expect(replaceBucket(score, inGbp, after, 30).reporting).toEqual({ amount: '6.00', currency: 'EUR' });
  });

  test('begins with a score and a month that are older than that sum', () => {
    expect(replaceBucket(emptyScore('cus_1'), month, inGbp, 30).reporting).toEqual(inGbp.reporting);
  });
});

describe('saysTheSame', () => {
  const score: Score = {
    customerId: 'cus_1',
    engagement: { at: '2026-01-31T00:00:00.000Z', value: 10 },
    lastOrderAt: '2026-01-30T00:00:00.000Z',
    frequency: 2,
    previousOrderAt: '2026-01-20T00:00:00.000Z',
    monetary: { GBP: '10.00', EUR: '1.00' },
    reporting: { amount: '10.85', currency: 'GBP' },
    version: 4,
  };

  test.each([
    ['its version', { version: 9 }],
    ['what was told', { stage: 'LAPSED', above: ['hot'], evaluatedAt: '2026-01-31T00:00:00.000Z' }],
    [
      'less than a millionth of a point',
      { engagement: { at: '2026-01-31T00:00:00.000Z', value: 10.0000009 } },
    ],
    ['the order of the currencies', { monetary: { EUR: '1.00', GBP: '10.00' } }],
  ] satisfies [string, Partial<Score>][])('is true when only %s differs', (_, changes) => {
    expect(saysTheSame(score, { ...score, ...changes })).toBe(true);
  });

  test.each([
    ['the engagement', { engagement: { at: '2026-01-31T00:00:00.000Z', value: 10.00001 } }],
    ['its moment', { engagement: { at: '2026-01-31T00:00:00.001Z', value: 10 } }],
    ['the last order', { lastOrderAt: '2026-01-30T00:00:00.001Z' }],
    ['the order before', { previousOrderAt: '2026-01-20T00:00:00.001Z' }],
    ['the sum in the reporting currency', { reporting: { amount: '10.86', currency: 'GBP' } }],
    ['the reporting currency', { reporting: { amount: '10.85', currency: 'EUR' } }],
    ['the number of sales', { frequency: 3 }],
    ['an amount', { monetary: { GBP: '10.01', EUR: '1.00' } }],
    ['a currency', { monetary: { GBP: '10.00' } }],
  ])('is false when %s differs', (_, changes) => {
    expect(saysTheSame(score, { ...score, ...changes })).toBe(false);
  });
});
