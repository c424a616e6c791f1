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
    expect(await publish([])).toEqual({ failed: new Set(), refused: new Map() });
    expect(sizes()).toEqual([]);
  });

  test('refuses what is too large for a call, without a call', async () => {
    const { failed, refused } = await publish([entry('1'), entry('2', 1100 * 1024), entry('3')]);

    expect(sizes()).toEqual([1, 1]);
    expect(failed).toEqual(new Set());
    expect(refused).toEqual(new Map([['2', 'an event has more than 1048576 bytes']]));
  });

  test('answers the sequence numbers of what was not taken', async () => {
    aws.busRefuses(({ Detail }) => ['"2"', '"12"'].some((n) => Detail.includes(n)));

    const { failed, refused } = await publish(Array.from({ length: 15 }, (_, n) => entry(`${n}`)));

    expect(failed).toEqual(new Set(['2', '12']));
    expect(refused.size).toBe(0);
  });

  test.each([
    ['MalformedDetail', true],
    ['InvalidArgument', true],
    ['InternalFailure', false],
    ['ThrottlingException', false],
    ['NotAuthorizedForSourceException', false],
  ])('tells whether %s passes', async (code, hopeless) => {
    aws.busRefuses(({ Detail }) => Detail.includes('"1"') && code);

    const { failed, refused } = await publish([entry('0'), entry('1')]);

    expect([...failed]).toEqual(hopeless ? [] : ['1']);
    expect([...refused]).toEqual(hopeless ? [['1', `the bus answers ${code}`]] : []);
  });
});
