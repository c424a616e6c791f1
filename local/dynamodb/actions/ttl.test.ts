import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Fixture, openMain } from '../test-support.ts';

let t: Fixture;
beforeEach(() => {
  t = openMain();
});
afterEach(() => t.close());

const seconds = () => Math.floor(t.clock.now / 1000);
const put = (sk: string, expiresAt: object) =>
  t.call('PutItem', { TableName: 'main', Item: { pk: { S: 'p' }, sk: { S: sk }, expiresAt } });
const left = () =>
  (t.call('Scan', { TableName: 'main' }).Items as { sk: { S: string } }[]).map((item) => item.sk.S).sort();
const enable = (Enabled = true, AttributeName = 'expiresAt') => ({
  TableName: 'main',
  TimeToLiveSpecification: { Enabled, AttributeName },
});

describe('time to live', () => {
  it('removes what has expired, and only that', () => {
    t.call('UpdateTimeToLive', enable());
    put('past', { N: String(seconds() - 1) });
    put('now', { N: String(seconds()) });
    put('future', { N: String(seconds() + 60) });
    put('text', { S: String(seconds() - 1) });
    put('longAgo', { N: String(seconds() - 6 * 365 * 24 * 3600) });
    t.db.sweep();
    expect(left()).toEqual(['future', 'longAgo', 'text']);
    t.clock.now += 60_000;
    t.db.sweep();
    expect(left()).toEqual(['longAgo', 'text']);
  });

  it('counts items from before it was enabled, and none after it is disabled', () => {
    put('a', { N: String(seconds() - 1) });
    t.db.sweep();
    expect(left()).toEqual(['a']);
    t.call('UpdateTimeToLive', enable());
    t.call('UpdateTimeToLive', enable(false));
    t.db.sweep();
    expect(left()).toEqual(['a']);
    t.call('UpdateTimeToLive', enable());
    t.db.sweep();
    expect(left()).toEqual([]);
  });

  it('follows an update of its attribute', () => {
    t.call('UpdateTimeToLive', enable());
    put('a', { N: String(seconds() - 1) });
    t.call('UpdateItem', {
      TableName: 'main',
      Key: { pk: { S: 'p' }, sk: { S: 'a' } },
      UpdateExpression: 'SET expiresAt = :later',
      ExpressionAttributeValues: { ':later': { N: String(seconds() + 10) } },
    });
    t.db.sweep();
    expect(left()).toEqual(['a']);
  });

  it('removes more than fits one write', () => {
    t.call('UpdateTimeToLive', enable());
    for (let index = 0; index < 250; index++) put(String(index), { N: String(seconds() - 1) });
    t.db.sweep();
    expect(left()).toEqual([]);
  });

  it('tells the stream that the service did it', () => {
    t.call('UpdateTimeToLive', enable());
    put('a', { N: String(seconds() - 1) });
    t.db.sweep();
    const { LatestStreamArn } = t.call<{ Table: { LatestStreamArn: string } }>('DescribeTable', {
      TableName: 'main',
    }).Table;
    const { records } = t.db.readStream(LatestStreamArn, 'TRIM_HORIZON', 10);
    expect(records.map(({ eventName, userIdentity }) => [eventName, userIdentity])).toEqual([
      ['INSERT', undefined],
      ['REMOVE', { type: 'Service', principalId: 'dynamodb.amazonaws.com' }],
    ]);
  });

  it('is described', () => {
    expect(t.call('DescribeTimeToLive', { TableName: 'main' })).toEqual({
      TimeToLiveDescription: { TimeToLiveStatus: 'DISABLED' },
    });
    expect(t.call('UpdateTimeToLive', enable())).toEqual({
      TimeToLiveSpecification: { Enabled: true, AttributeName: 'expiresAt' },
    });
    expect(t.call('DescribeTimeToLive', { TableName: 'main' })).toEqual({
      TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'expiresAt' },
    });
  });

  it('refuses to be enabled or disabled twice', () => {
    expect(t.refused('UpdateTimeToLive', enable(false)).message).toBe('TimeToLive is already disabled');
    t.call('UpdateTimeToLive', enable());
    expect(t.refused('UpdateTimeToLive', enable()).message).toBe('TimeToLive is already enabled');
    expect(t.refused('UpdateTimeToLive', enable(false, 'other')).message).toContain(
      'current AttributeName is expiresAt',
    );
  });
});
