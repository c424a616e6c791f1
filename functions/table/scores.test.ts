import { afterAll, beforeEach, expect, test } from 'vitest';
import { emptyBucket } from '../../domain/insights/bucket.ts';
import { emptyScore, type Score } from '../../domain/insights/score.ts';
import { startEnvironment } from '../../test/support/api.ts';
import { cause } from '../../test/support/domain.ts';

const aws = await startEnvironment();
afterAll(() => aws.close());
const { getScore, readBuckets, scoreToChange, toScore, writeScore } = await import('./scores.ts');

const customerId = `cus_${'0'.repeat(26)}`;
const day = { kind: 'interactions', period: '2026-11-20' } as const;
const bucket = { ...emptyBucket(customerId, day.kind, day.period), weight: 7.25, policy: 'abc' };
const score: Score = {
  ...emptyScore(customerId),
  engagement: { at: '2026-11-20T10:00:00.000Z', value: 7.1234567890123 },
  frequency: 2,
  monetary: { GBP: '10.00' },
  reporting: { amount: '10.00', currency: 'GBP' },
  stage: 'ACTIVE',
  above: ['hot'],
  nextDueAt: '2027-01-01T00:00:00.000Z',
  version: 1,
};

beforeEach(() => aws.clear());

test('a score and its buckets are read as they were written, without the stamp of the change', async () => {
  expect(await writeScore(score, [bucket], { ...cause, events: [] })).toBe(true);

  expect(await scoreToChange(customerId)).toEqual(score);
  expect(await readBuckets(customerId, [day])).toEqual([bucket]);
});

test('of two writes of a version the first counts, with its buckets', async () => {
  await writeScore(score, [bucket]);

  expect(await writeScore({ ...score, frequency: 3 }, [{ ...bucket, weight: 9 }])).toBe(false);
  expect(await writeScore({ ...score, version: 3 }, [])).toBe(false);
  expect(await scoreToChange(customerId)).toEqual(score);
  expect(await readBuckets(customerId, [day])).toEqual([bucket]);
  expect(await writeScore({ ...score, version: 2 }, [])).toBe(true);
});

test('a score is in the index of what falls due as long as something does', async () => {
  const { nextDueAt, ...settled } = score;
  await writeScore(score, []);
  expect(aws.items()[0]?.gsi2sk).toEqual({ S: `${nextDueAt}#${customerId}` });

  await writeScore({ ...settled, version: 2 }, []);

  expect(aws.items()[0]).not.toHaveProperty('gsi2pk');
  expect(aws.items()[0]).not.toHaveProperty('gsi2sk');
  expect(await getScore(customerId)).toEqual({ ...settled, version: 2 });
});

test('a moment that never comes is none', () => {
  expect(toScore({ customerId, version: 1, nextDueAt: '' })).toEqual({ customerId, version: 1 });
});
