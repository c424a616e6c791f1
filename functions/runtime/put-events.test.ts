import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { startEnvironment } from '../../test/support/api.ts';

const aws = await startEnvironment();
afterAll(() => aws.close());
const { putEvents } = await import('./put-events.ts');

beforeEach(() => {
  aws.busRefuses(() => false);
  aws.takeBusCalls();
});

const kib = 1024;
const entry = (name: string, bytes = 100) => ({
  EventBusName: 'bus-test',
  Source: 'fidelia',
  DetailType: 'test',
  Detail: JSON.stringify({ name, x: 'x'.repeat(bytes) }),
});
const calls = () => aws.takeBusCalls().map((entries) => entries.map(({ Detail }) => JSON.parse(Detail).name));

describe('putEvents', () => {
  test('makes no call without entries', async () => {
    expect(await putEvents([])).toEqual([]);
    expect(calls()).toEqual([]);
  });

  test('puts ten a call, in order', async () => {
    const names = Array.from({ length: 25 }, (_, n) => `${n}`);

    expect(await putEvents(names.map((name) => entry(name)))).toEqual([]);

    const made = calls();
    expect(made.map((names) => names.length)).toEqual([10, 10, 5]);
    expect(made.flat()).toEqual(names);
  });

  test('says when an event happened in seconds since 1970', async () => {
    await putEvents([{ ...entry('a'), Time: new Date('2026-11-20T10:00:01.250Z') }]);

    expect(aws.takeBusCalls()).toMatchObject([[{ Time: Date.parse('2026-11-20T10:00:01.250Z') / 1000 }]]);
  });

  test('puts as many as the 1 MiB of a call takes', async () => {
    await putEvents([entry('a', 400 * kib), entry('b', 400 * kib), entry('c', 400 * kib), entry('d')]);

    expect(calls()).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  test('does not ask for what is too large for a call, and puts the others', async () => {
    const untaken = await putEvents([entry('a'), entry('b', 1024 * kib), entry('c')]);

    expect(calls()).toEqual([['a'], ['c']]);
    expect(untaken).toEqual([{ index: 1, reason: 'an event has more than 1048576 bytes', hopeless: true }]);
  });

  test.each([
    ['MalformedDetail', true],
    ['InvalidArgument', true],
    ['InternalFailure', false],
    ['ThrottlingException', false],
  ])('says which entries were refused with %s, and whether that passes', async (code, hopeless) => {
    aws.busRefuses(({ Detail }) => ['"3"', '"11"'].some((name) => Detail.includes(name)) && code);

    const untaken = await putEvents(Array.from({ length: 12 }, (_, n) => entry(`${n}`)));

    const reason = `the bus answers ${code}`;
    expect(untaken).toEqual([
      { index: 3, reason, hopeless },
      { index: 11, reason, hopeless },
    ]);
  });
});
