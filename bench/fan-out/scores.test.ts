import { expect, test } from 'vitest';
import type { AwsCall } from '../../tools/client/aws.ts';
import { pauseAfter, watchScores } from './scores.ts';

const stack = { tenant: 'demo', tableName: 'crm' };
const counted = { id: 'int_1', customerId: 'cus_1', occurredAt: '2026-11-22T10:00:00.000Z' };

/** Answers one after the other, and the last again and again. */
function answering(...moments: (string | undefined)[]) {
  let calls = 0;
  const aws = (async () => {
    const at = moments[Math.min(calls++, moments.length - 1)];
    return at === undefined ? {} : { Item: { engagement: { M: { at: { S: at } } } } };
  }) as AwsCall;
  return { aws, calls: () => calls };
}

test('a score is read until it stands at the moment of the interaction', async () => {
  const { aws, calls } = answering(undefined, '2026-11-22T09:59:59.999Z', counted.occurredAt);
  const scores = watchScores(aws, stack);
  scores.watch(counted);
  while (scores.arrivals.size === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await scores.stop();
  expect(calls()).toBe(3);
  expect([...scores.arrivals.keys()]).toEqual(['int_1']);
});

test('a later interaction of the customer counts this one too', async () => {
  const { aws } = answering('2026-11-22T10:00:01.000Z');
  const scores = watchScores(aws, stack);
  scores.watch(counted);
  await scores.stop();
  expect(scores.arrivals.has('int_1')).toBe(true);
});

test('a score that never shows it is not read for ever', async () => {
  const { aws } = answering('2026-11-22T09:00:00.000Z');
  const scores = watchScores(aws, stack);
  scores.watch(counted);
  await scores.stop();
  expect(scores.arrivals.size).toBe(0);
});

test('the longer it has taken, the longer is the pause', () => {
  expect(pauseAfter(0)).toBe(2);
  expect(pauseAfter(16)).toBe(2);
  expect(pauseAfter(800)).toBe(100);
});
