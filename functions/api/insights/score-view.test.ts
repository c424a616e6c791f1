import { afterAll, expect, test } from 'vitest';
import type { Score } from '../../../domain/insights/score.ts';
import { startEnvironment } from '../../../test/support/api.ts';

const aws = await startEnvironment();
afterAll(() => aws.close());
const { toScoreView } = await import('./score-view.ts');

const score: Score = {
  customerId: 'cus_1',
  engagement: { at: '2026-10-23T00:00:00.000Z', value: 12 },
  lastOrderAt: '2026-11-01T12:00:00.000Z',
  frequency: 3,
  previousOrderAt: '2026-10-01T12:00:00.000Z',
  monetary: { USD: '5.00', GBP: '10.00' },
  reporting: { amount: '13.90', currency: 'GBP' },
  stage: 'FIRST_TIME',
  above: ['hot'],
  version: 4,
};

test('shows engagement decayed until now, recency in full days, and currencies in order', () => {
  expect(toScoreView(score, '2026-11-22T00:00:00.000Z')).toEqual({
    customerId: 'cus_1',
    engagement: 6,
    recencyDays: 20,
    lastOrderAt: '2026-11-01T12:00:00.000Z',
    frequency: 3,
    monetary: [
      { currency: 'GBP', amount: '10.00' },
      { currency: 'USD', amount: '5.00' },
    ],
    monetaryTotal: { currency: 'GBP', amount: '13.90' },
    stage: 'ACTIVE',
    above: [],
    version: 4,
  });
});

test.each([
  ['2026-11-01T11:59:59.999Z', 0],
  ['2026-11-02T11:59:59.999Z', 0],
  ['2026-11-02T12:00:00.000Z', 1],
])('at %s counts %i days since the last sale', (now, days) => {
  expect(toScoreView(score, now).recencyDays).toBe(days);
});

test('of a customer who has done nothing that counts has no recency and no engagement', () => {
  const empty = { customerId: 'cus_1', frequency: 0, monetary: {}, version: 1 };

  expect(toScoreView(empty, '2026-11-22T00:00:00.000Z')).toMatchObject({
    engagement: 0,
    recencyDays: null,
    lastOrderAt: null,
    monetary: [],
    monetaryTotal: { currency: 'GBP', amount: '0.00' },
    stage: 'PROSPECT',
  });
});

test.each([
  ['2026-10-23T00:00:00.000Z', ['hot'], 'ACTIVE'],
  ['2026-10-24T00:00:00.000Z', [], 'ACTIVE'],
  ['2027-01-30T12:00:00.000Z', [], 'ACTIVE'],
  ['2027-01-30T12:00:00.001Z', [], 'LAPSING'],
  ['2027-04-30T12:00:00.001Z', [], 'LAPSED'],
])('at %s stands above %j and is %s, whatever was told last', (now, above, stage) => {
  const hot: Score = { ...score, engagement: { at: '2026-10-23T00:00:00.000Z', value: 61 } };

  expect(toScoreView(hot, now)).toMatchObject({ above, stage });
});

test('shows a score from before there were stages and a reporting currency', () => {
  const { previousOrderAt: _before, reporting: _sum, stage: _stage, above: _above, ...old } = score;

  expect(toScoreView(old, '2026-11-22T00:00:00.000Z')).toMatchObject({
    monetaryTotal: { currency: 'GBP', amount: '10.00' },
    stage: 'ACTIVE',
    above: [],
  });
});
