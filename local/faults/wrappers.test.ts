import { describe, expect, test } from 'vitest';
import type { Caller } from '../aws.ts';
import type { StreamRecord } from '../lambda/sources.ts';
import { type BusFault, faultyBus } from './bus.ts';
import { repeatingStreams } from './streams.ts';
import { faultyTables, type TableFault } from './tables.ts';

const caller = (accessKeyId: string): Caller => ({ accessKeyId, arn: accessKeyId, accountId: '1' });
const [admin, role] = [caller('ADMIN'), caller('ROLE')];

describe('DynamoDB', () => {
  const calling = (fault: TableFault) => {
    const done: string[] = [];
    const call = faultyTables((action) => done.push(action), { onCall: () => fault }, admin);
    return { call, done };
  };

  test.each([
    ['throttle', 'ProvisionedThroughputExceededException', 0],
    ['fail', 'InternalServerError', 0],
    ['conflict', 'TransactionConflictException', 0],
    ['lose answer', 'InternalServerError', 1],
  ] as const)('%s answers %s', (fault, code, count) => {
    const { call, done } = calling(fault);

    expect(() => call('PutItem', {}, role)).toThrow(expect.objectContaining({ code }));
    expect(done).toHaveLength(count);
  });

  test('a conflict cancels a transaction with a reason for each item, and no read', () => {
    const { call, done } = calling('conflict');

    expect(() => call('TransactWriteItems', { TransactItems: [{}, {}] }, role)).toThrow(
      expect.objectContaining({
        code: 'TransactionCanceledException',
        message: expect.stringContaining('[TransactionConflict, None]'),
        extra: { CancellationReasons: [expect.anything(), { Code: 'None' }] },
      }),
    );
    call('GetItem', {}, role);
    expect(done).toEqual(['GetItem']);
  });

  test('spares the administrator', () => {
    const { call, done } = calling('fail');

    call('PutItem', {}, admin);

    expect(done).toEqual(['PutItem']);
  });
});

describe('EventBridge', () => {
  const put = (fault: BusFault | undefined, refused: readonly boolean[], by = role) => {
    const taken: unknown[] = [];
    const answers = [...refused];
    const call = faultyBus(
      (_, { Entries }) => {
        taken.push(...(Entries as unknown[]));
        return { FailedEntryCount: 0, Entries: (Entries as unknown[]).map((EventId) => ({ EventId })) };
      },
      { onPut: () => fault, refusesEntry: () => answers.shift() ?? false },
      admin,
    );
    return { taken, answer: () => call('PutEvents', { Entries: ['a', 'b', 'c'] }, by) };
  };

  test.each([
    ['throttle', 'ThrottlingException', []],
    ['fail', 'InternalException', []],
    ['lose answer', 'InternalException', ['a', 'b', 'c']],
  ] as const)('%s answers %s', (fault, code, kept) => {
    const { taken, answer } = put(fault, []);

    expect(answer).toThrow(expect.objectContaining({ code }));
    expect(taken).toEqual(kept);
  });

  test('refuses entries and takes the others, each answered in its place', () => {
    const { taken, answer } = put(undefined, [false, true, false]);

    expect(answer()).toEqual({
      FailedEntryCount: 1,
      Entries: [
        { EventId: 'a' },
        expect.objectContaining({ ErrorCode: 'InternalFailure' }),
        { EventId: 'c' },
      ],
    });
    expect(taken).toEqual(['a', 'c']);
  });

  test('can refuse all entries, and spares the administrator', () => {
    expect(put(undefined, [true, true, true]).answer()).toMatchObject({ FailedEntryCount: 3 });
    expect(put('fail', [true], admin).answer()).toMatchObject({ FailedEntryCount: 0 });
  });
});

describe('a stream', () => {
  const record = (SequenceNumber: string): StreamRecord => ({
    ...{ eventID: SequenceNumber, eventName: 'INSERT' },
    dynamodb: { SequenceNumber, ApproximateCreationDateTime: 0 },
  });
  const all = ['1', '2', '3', '4', '5'].map(record);
  const streams = {
    onStream: () => () => {},
    readStream: (_: string, after: string, limit: number) => ({
      records: all.filter(({ eventID }) => eventID > after).slice(0, limit),
    }),
  };
  const ids = (from: { records: readonly StreamRecord[] }) => from.records.map(({ eventID }) => eventID);

  test('gives the records of the look before again with new ones, and never less than what is new', () => {
    const { readStream } = repeatingStreams(streams, { repeats: () => true });

    expect(ids(readStream('s', '0', 1))).toEqual(['1']);
    expect(ids(readStream('s', '1', 3))).toEqual(['2', '3', '4']);
    expect(ids(readStream('s', '4', 3))).toEqual(['3', '4', '5']);
    expect(ids(readStream('s', '5', 3))).toEqual([]);
  });

  test('repeats nothing unless it is asked for, or when the reader went back', () => {
    const quiet = repeatingStreams(streams, {});
    quiet.readStream('s', '0', 1);
    expect(ids(quiet.readStream('s', '1', 2))).toEqual(['2', '3']);

    const { readStream } = repeatingStreams(streams, { repeats: () => true });
    readStream('s', '0', 3);
    expect(ids(readStream('s', '1', 2))).toEqual(['2', '3']);
  });
});
