import { expect, test } from 'vitest';
import { rateFigures } from './figures.ts';
import type { Passage } from './latencies.ts';
import type { LoadResult } from './load.ts';
import type { Commit } from './mutation.ts';

const commit = (n: number): Commit => ({
  id: `int_${n}`,
  customerId: 'cus_1',
  subject: `at-50-${n}`,
  occurredAt: '2026-11-22T10:00:00.000Z',
  dueAt: n * 20,
  committedAt: n * 20 + 8,
});
const commits = Array.from({ length: 100 }, (_, n) => commit(n));
const after = (ms: number): Passage[] =>
  commits.map(({ committedAt }) => ({ committedAt, arrivedAt: committedAt + ms }));

const result: LoadResult = {
  commits,
  seconds: 2.5,
  errors: 2,
  firstError: '500 Internal',
  busy: 0.1,
  passages: { consumer: after(5), score: after(20).slice(0, 10), subscriber: after(15), partner: after(30) },
};

test('a rate is told by what was answered, how fast, and how long the rest took', () => {
  expect(rateFigures(50, result)).toMatchObject({
    asked: 50,
    reached: 40,
    errors: 2,
    firstError: '500 Internal',
    answered: { interactions: 100, p50: 8, p99: 8, grows: false },
    ways: {
      consumer: { interactions: 100, p50: 5 },
      score: { interactions: 10, p99: 20 },
      subscriber: { p50: 15 },
      partner: { p50: 30, grows: false },
    },
  });
});

test('requests that wait ever longer are told as such', () => {
  const late = commits.map((one) => ({ ...one, committedAt: one.dueAt * 3 }));
  expect(rateFigures(50, { ...result, commits: late }).answered.grows).toBe(true);
});

test('a rate without any answer is refused, with what was answered instead', () => {
  expect(() => rateFigures(50, { ...result, commits: [] })).toThrow(
    'at 50/s no interaction was logged: 500 Internal',
  );
});
