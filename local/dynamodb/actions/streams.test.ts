import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Fixture, MAIN_TABLE, openMain } from '../test-support.ts';
import type { StreamRecord } from './streams.ts';

let t: Fixture;
let arn: string;
beforeEach(() => {
  t = openMain();
  arn = arnOf('main');
});
afterEach(() => t.close());

const arnOf = (TableName: string) =>
  t.call<{ Table: { LatestStreamArn: string } }>('DescribeTable', { TableName }).Table.LatestStreamArn;
const key = (sk: string) => ({ pk: { S: 'p' }, sk: { S: sk } });
const put = (sk: string, more: object = {}, TableName = 'main') =>
  t.call('PutItem', { TableName, Item: { ...key(sk), ...more } });
const update = (UpdateExpression: string, values: object) =>
  t.call('UpdateItem', {
    TableName: 'main',
    Key: key('a'),
    UpdateExpression,
    ExpressionAttributeValues: values,
  });
const all = (stream = arn) => t.db.readStream(stream, 'TRIM_HORIZON', 100).records;

describe('a stream', () => {
  it('records changes as a Lambda event source gives them', () => {
    put('a', { n: { N: '1' } });
    update('SET n = :n', { ':n': { N: '2' } });
    t.call('DeleteItem', { TableName: 'main', Key: key('a') });
    const [insert, modify, remove] = all() as [StreamRecord, StreamRecord, StreamRecord];
    expect(insert).toEqual({
      eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
      eventName: 'INSERT',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'eu-west-1',
      dynamodb: {
        ApproximateCreationDateTime: 1767614400,
        Keys: key('a'),
        NewImage: { ...key('a'), n: { N: '1' } },
        SequenceNumber: '100000000000000000001',
        SizeBytes: 15,
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
      eventSourceARN: arn,
    });
    expect(modify).toMatchObject({
      eventName: 'MODIFY',
      dynamodb: { OldImage: { ...key('a'), n: { N: '1' } }, NewImage: { ...key('a'), n: { N: '2' } } },
    });
    expect(remove).toMatchObject({
      eventName: 'REMOVE',
      dynamodb: { OldImage: { ...key('a'), n: { N: '2' } } },
    });
    expect(remove.dynamodb).not.toHaveProperty('NewImage');
    expect(new Set([insert, modify, remove].map(({ eventID }) => eventID)).size).toBe(3);
  });

  it('records nothing where nothing changes', () => {
    put('a', { n: { N: '1' }, s: { SS: ['x', 'y'] } });
    put('a', { s: { SS: ['y', 'x'] }, n: { N: '1.0' } });
    update('SET n = :n', { ':n': { N: '1' } });
    t.call('DeleteItem', { TableName: 'main', Key: key('none') });
    expect(() =>
      t.call('PutItem', {
        TableName: 'main',
        Item: key('a'),
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    ).toThrow();
    expect(all()).toHaveLength(1);
  });

  it('records what a transaction changed, and nothing of one that was cancelled', () => {
    const Put = { TableName: 'main', Item: key('b') };
    expect(() =>
      t.call('TransactWriteItems', {
        TransactItems: [
          { Put },
          {
            ConditionCheck: { TableName: 'main', Key: key('c'), ConditionExpression: 'attribute_exists(pk)' },
          },
        ],
      }),
    ).toThrow();
    expect(all()).toHaveLength(0);
    t.call('TransactWriteItems', {
      TransactItems: [{ Put }, { Put: { TableName: 'main', Item: key('c') } }],
    });
    expect(all().map(({ dynamodb }) => dynamodb.Keys)).toEqual([key('b'), key('c')]);
  });

  it('is undone with the write it belongs to', () => {
    expect(() =>
      t.store.write(() => {
        put('a');
        throw new Error('the caller fails');
      }),
    ).toThrow('the caller fails');
    expect(all()).toHaveLength(0);
    expect(t.call('GetItem', { TableName: 'main', Key: key('a') })).toEqual({});
  });

  it.each<[string, boolean, boolean]>([
    ['KEYS_ONLY', false, false],
    ['NEW_IMAGE', true, false],
    ['OLD_IMAGE', false, true],
    ['NEW_AND_OLD_IMAGES', true, true],
  ])('shows %s', (StreamViewType, hasNew, hasOld) => {
    t.call('CreateTable', {
      ...MAIN_TABLE,
      TableName: 'view',
      StreamSpecification: { StreamEnabled: true, StreamViewType },
    });
    put('a', { n: { N: '1' } }, 'view');
    put('a', { n: { N: '2' } }, 'view');
    const record = all(arnOf('view'))[1]?.dynamodb;
    expect(record?.Keys).toEqual(key('a'));
    expect([record?.NewImage !== undefined, record?.OldImage !== undefined]).toEqual([hasNew, hasOld]);
  });

  it('is read from its oldest record, behind its newest, and after any', () => {
    for (const sk of ['a', 'b', 'c']) put(sk);
    const first = t.db.readStream(arn, 'TRIM_HORIZON', 2);
    expect(first.records).toHaveLength(2);
    const rest = t.db.readStream(arn, first.lastSequence, 2);
    expect(rest.records.map(({ dynamodb }) => dynamodb.Keys)).toEqual([key('c')]);
    expect(t.db.readStream(arn, rest.lastSequence, 2)).toEqual({
      records: [],
      lastSequence: rest.lastSequence,
    });
    const latest = t.db.readStream(arn, 'LATEST', 2);
    expect(latest.records).toEqual([]);
    put('d');
    expect(t.db.readStream(arn, latest.lastSequence, 2).records).toHaveLength(1);
  });

  it('forgets after a day, and goes on numbering', () => {
    put('a');
    put('b');
    t.clock.now += 24 * 60 * 60 * 1000 + 1;
    expect(all()).toEqual([]);
    t.db.sweep();
    put('c');
    expect(all().map(({ dynamodb }) => dynamodb.SequenceNumber)).toEqual(['100000000000000000003']);
  });

  it('gives at most a megabyte at once', () => {
    for (let index = 0; index < 4; index++) put(String(index), { data: { S: 'x'.repeat(300 * 1024) } });
    expect(all()).toHaveLength(3);
  });

  it('tells listeners of committed records, until they stop', async () => {
    let calls = 0;
    const stop = t.db.onStream(arn, () => calls++);
    put('a');
    put('b');
    expect(calls).toBe(0);
    await t.store.committed();
    await Promise.resolve();
    expect(calls).toBe(1);
    stop();
    put('c');
    await t.store.committed();
    await Promise.resolve();
    expect(calls).toBe(1);
  });
});

describe('the wire protocol of streams', () => {
  const shardOf = (StreamArn: string) =>
    t.streams<{ StreamDescription: { Shards: { ShardId: string }[] } }>('DescribeStream', { StreamArn })
      .StreamDescription.Shards[0]?.ShardId as string;
  const iterator = (ShardIteratorType: string, SequenceNumber?: string) =>
    t.streams<{ ShardIterator: string }>('GetShardIterator', {
      StreamArn: arn,
      ShardId: shardOf(arn),
      ShardIteratorType,
      ...(SequenceNumber && { SequenceNumber }),
    }).ShardIterator;
  const records = (ShardIterator: string, Limit?: number) =>
    t.streams<{ Records: StreamRecord[]; NextShardIterator: string }>('GetRecords', {
      ShardIterator,
      ...(Limit && { Limit }),
    });

  it('lists and describes streams', () => {
    t.call('CreateTable', { ...MAIN_TABLE, TableName: 'second' });
    expect(t.streams('ListStreams', { TableName: 'main' })).toEqual({
      Streams: [{ StreamArn: arn, TableName: 'main', StreamLabel: '2026-01-05T12:00:00.000' }],
    });
    expect(t.streams('ListStreams', { Limit: 1 })).toMatchObject({ LastEvaluatedStreamArn: arn });
    expect(t.streams('DescribeStream', { StreamArn: arn })).toMatchObject({
      StreamDescription: { StreamStatus: 'ENABLED', StreamViewType: 'NEW_AND_OLD_IMAGES', TableName: 'main' },
    });
    expect(shardOf(arn).length).toBeGreaterThanOrEqual(28);
  });

  it('reads records in pages', () => {
    for (const sk of ['a', 'b', 'c']) put(sk);
    const first = records(iterator('TRIM_HORIZON'), 2);
    expect(first.Records).toHaveLength(2);
    expect(first.Records[0]).not.toHaveProperty('eventSourceARN');
    const second = records(first.NextShardIterator);
    expect(second.Records.map(({ dynamodb }) => dynamodb.Keys)).toEqual([key('c')]);
    expect(records(second.NextShardIterator).Records).toEqual([]);
    const number = first.Records[1]?.dynamodb.SequenceNumber as string;
    expect(records(iterator('AT_SEQUENCE_NUMBER', number)).Records).toHaveLength(2);
    expect(records(iterator('AFTER_SEQUENCE_NUMBER', number)).Records).toHaveLength(1);
    expect(records(iterator('LATEST')).Records).toEqual([]);
  });

  it('writes the identity of the service in its own case', () => {
    t.call('UpdateTimeToLive', {
      TableName: 'main',
      TimeToLiveSpecification: { Enabled: true, AttributeName: 'e' },
    });
    put('a', { e: { N: '1767614000' } });
    t.db.sweep();
    expect(records(iterator('TRIM_HORIZON')).Records[1]).toMatchObject({
      userIdentity: { Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' },
    });
  });

  it('refuses what it does not know, what is trimmed, and iterators older than 15 minutes', () => {
    put('a');
    const old = iterator('TRIM_HORIZON');
    t.clock.now += 15 * 60 * 1000 + 1;
    const refused = (action: string, input: Record<string, unknown>) => {
      try {
        t.streams(action, input);
      } catch (error) {
        return (error as { code: string }).code;
      }
      return 'accepted';
    };
    expect(refused('GetRecords', { ShardIterator: old })).toBe('ExpiredIteratorException');
    expect(refused('GetRecords', { ShardIterator: 'nonsense' })).toBe('ValidationException');
    expect(refused('DescribeStream', { StreamArn: `${arn}x` })).toBe('ResourceNotFoundException');
    t.clock.now += 24 * 60 * 60 * 1000;
    for (const sk of ['b', 'c']) put(sk);
    const at = { StreamArn: arn, ShardId: shardOf(arn), ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' };
    expect(refused('GetShardIterator', { ...at, SequenceNumber: '100000000000000000000' })).toBe(
      'TrimmedDataAccessException',
    );
    expect(refused('GetShardIterator', { ...at, SequenceNumber: '100000000000000000001' })).toBe('accepted');
    expect(refused('GetShardIterator', at)).toBe('ValidationException');
  });
});
