import { describe, expect, test } from 'vitest';
import { demoTenant, now } from '../../test/support/domain.ts';
import { emptyScore, type Score } from './score.ts';
import { newsOf, type ScoringPolicy, standingAt, told } from './standing.ts';

const policy: ScoringPolicy = { ...demoTenant, thresholds: { hot: 60, warm: 30 } };
const score: Score = {
  ...emptyScore('cus_1'),
  engagement: { value: 120, at: now },
  lastOrderAt: now,
  frequency: 1,
  version: 4,
};

describe('standingAt', () => {
  test('is due when the highest threshold is fallen below, for that is the earliest change', () => {
    expect(standingAt(score, now, policy)).toEqual({
      stage: 'FIRST_TIME',
      above: ['hot', 'warm'],
      nextDueAt: '2026-12-22T12:00:00.000Z',
    });
  });

  test('is due when the stage ends where no threshold comes before', () => {
    expect(standingAt(score, '2027-01-21T12:00:00.000Z', policy)).toEqual({
      stage: 'FIRST_TIME',
      above: [],
      nextDueAt: '2027-02-20T12:00:00.001Z',
    });
  });

  test('is never due again of who has lapsed and is above nothing', () => {
    expect(standingAt(score, '2028-01-01T00:00:00.000Z', policy)).toEqual({ stage: 'LAPSED', above: [] });
  });

  test('of nobody known is that of a prospect', () => {
    expect(standingAt(emptyScore('cus_1'), now, policy)).toEqual({ stage: 'PROSPECT', above: [] });
  });
});

describe('told', () => {
  test('forgets what was due before', () => {
    const later = told(told(score, now, policy), '2028-01-01T00:00:00.000Z', policy);

    expect(later).toEqual({
      ...score,
      stage: 'LAPSED',
      above: [],
      evaluatedAt: '2028-01-01T00:00:00.000Z',
    });
  });
});

describe('newsOf', () => {
  const next = told(score, now, policy);
  const about = { subject: 'cus_1', sequence: 4 };

  test('a customer who was not known is the first stage, and the thresholds above', () => {
    expect(newsOf(emptyScore('cus_1'), next, policy.thresholds)).toEqual([
      {
        ...about,
        type: 'crm.customer.stage-changed.v1',
        data: { customerId: 'cus_1', stage: 'FIRST_TIME', at: now },
      },
      {
        ...about,
        type: 'crm.score.threshold-crossed.v1',
        data: { customerId: 'cus_1', threshold: 'hot', to: 'ABOVE', at: now },
      },
      {
        ...about,
        type: 'crm.score.threshold-crossed.v1',
        data: { customerId: 'cus_1', threshold: 'warm', to: 'ABOVE', at: now },
      },
    ]);
  });

  test('another stage names the one before, and each threshold is told by itself', () => {
    const before: Score = { ...next, stage: 'PROSPECT', above: ['warm'] };
    const data = newsOf(before, { ...next, above: ['hot'] }, policy.thresholds).map((event) => event.data);

    expect(data).toEqual([
      { customerId: 'cus_1', stage: 'FIRST_TIME', previousStage: 'PROSPECT', at: now },
      { customerId: 'cus_1', threshold: 'hot', to: 'ABOVE', at: now },
      { customerId: 'cus_1', threshold: 'warm', to: 'BELOW', at: now },
    ]);
  });

  test('is nothing when all was told, nor when the tenant gave a threshold up', () => {
    expect(newsOf(next, next, policy.thresholds)).toEqual([]);
    expect(newsOf({ ...next, above: ['hot', 'old', 'warm'] }, next, policy.thresholds)).toEqual([]);
  });
});
