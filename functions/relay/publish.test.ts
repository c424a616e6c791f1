import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { startEnvironment } from '../../test/support/api.ts';

const aws = await startEnvironment();
afterAll(() => aws.close());
const { publish } = await import('./publish.ts');

beforeEach(() => {
  aws.busRefuses(() => false);
  aws.takeBusCalls();
});

const entry = (sequenceNumber: string, bytes = 100) => ({
  sequenceNumber,
  entry: {
    Source: 'fidelia',
    DetailType: 'test',
    Detail: JSON.stringify({ n: sequenceNumber, x: 'x'.repeat(bytes) }),
  },
});
const sizes = () => aws.takeBusCalls().map((entries) => entries.length);

describe('publish', () => {
  test('makes no call without entries', async () => {
    expect(await publish([])).toEqual([]);
    expect(sizes()).toEqual([]);
  });

  test('puts as many as the 256 KB of a call take', async () => {
    const kib = 1024;
    const entries = [entry('1', 100 * kib), entry('2', 100 * kib), entry('3', 100 * kib), entry('4', 10)];

    await publish(entries);

    expect(sizes()).toEqual([2, 2]);
  });

  test('puts what is too large for a call by itself, so that only it is refused', async () => {
    await publish([entry('1'), entry('2', 300 * 1024), entry('3')]);

    expect(sizes()).toEqual([1, 1, 1]);
  });

  test('answers the sequence numbers of what was not taken', async () => {
    aws.busRefuses(({ Detail }) => ['"2"', '"12"'].some((n) => Detail.includes(n)));

    const failed = await publish(Array.from({ length: 15 }, (_, n) => entry(`${n}`)));

    expect(failed).toEqual(['2', '12']);
  });
});
