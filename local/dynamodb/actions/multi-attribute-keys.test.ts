import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Fixture, keySchema, openFixture } from '../test-support.ts';
import type { Item } from '../values/attributes.ts';

const string = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' });
const key = (hashes: string[], ranges: string[]) => [
  ...hashes.map((AttributeName) => ({ AttributeName, KeyType: 'HASH' })),
  ...ranges.map((AttributeName) => ({ AttributeName, KeyType: 'RANGE' })),
];
const table = (KeySchema: object[]) => ({
  TableName: 'main',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    ...['pk', 'h', 'i', 'a', 'b'].map(string),
    { AttributeName: 'c', AttributeType: 'N' },
  ],
  KeySchema: keySchema('pk'),
  GlobalSecondaryIndexes: [{ IndexName: 'gsi', KeySchema, Projection: { ProjectionType: 'ALL' } }],
});

let t: Fixture;
beforeEach(() => {
  t = openFixture();
  t.call('CreateTable', table(key(['h', 'i'], ['a', 'b', 'c'])));
  const put = (pk: string, i: string, a: string, b: string, c?: string) =>
    t.call('PutItem', {
      TableName: 'main',
      Item: {
        pk: { S: pk },
        h: { S: 'o' },
        i: { S: i },
        a: { S: a },
        b: { S: b },
        ...(c !== undefined && { c: { N: c } }),
      },
    });
  put('1', 'x', 'T', 'live', '10');
  put('2', 'x', 'T', 'live', '-2');
  put('3', 'x', 'T', 'live\u0000', '1');
  put('4', 'x', 'T', 'draft', '3');
  put('5', 'x', 'F', 'live', '0');
  put('6', 'y', 'T', 'live', '1');
  put('7', 'x', 'T', 'live');
});
afterEach(() => t.close());

const VALUES: Item = {
  ':h': { S: 'o' },
  ':i': { S: 'x' },
  ':a': { S: 'T' },
  ':b': { S: 'live' },
  ':c': { N: '5' },
  ':d': { N: '20' },
};
const request = (condition: string, more: object = {}) => ({
  TableName: 'main',
  IndexName: 'gsi',
  KeyConditionExpression: `h = :h AND i = :i${condition}`,
  ExpressionAttributeValues: Object.fromEntries(
    Object.entries(VALUES).filter(([name]) => `:h :i${condition}`.includes(name)),
  ),
  ...more,
});
const found = (condition: string, more: object = {}) =>
  t
    .call<{ Items: { pk: { S: string } }[] }>('Query', request(condition, more))
    .Items.map(({ pk }) => pk.S)
    .join('');

describe('a global index with a key of several attributes', () => {
  it.each([
    ['', '54213'],
    [' AND a = :a', '4213'],
    [' AND a < :a', '5'],
    [' AND a <= :a', '54213'],
    [' AND a = :a AND b = :b', '21'],
    [' AND a = :a AND b > :b', '3'],
    [' AND a = :a AND b >= :b', '213'],
    [' AND a = :a AND begins_with(b, :b)', '213'],
    [' AND c < :c AND b = :b AND a = :a', '2'],
    [' AND a = :a AND b = :b AND c BETWEEN :c AND :d', '1'],
  ])('is sorted by them and narrowed to their beginning:%s', (condition, expected) => {
    expect(found(condition)).toBe(expected);
  });

  it('is read backwards, and in pages that begin at a key of all attributes', () => {
    expect(found(' AND a = :a', { ScanIndexForward: false })).toBe('3124');
    const page = t.call<{ LastEvaluatedKey: Item }>('Query', request(' AND a = :a', { Limit: 2 }));
    expect(Object.keys(page.LastEvaluatedKey).sort()).toEqual(['a', 'b', 'c', 'h', 'i', 'pk']);
    expect(found(' AND a = :a', { ExclusiveStartKey: page.LastEvaluatedKey })).toBe('13');
  });

  it.each([
    [' AND a = :a AND c = :c', 'b', 'c'],
    [' AND b = :b', 'a', 'b'],
    [' AND a = :a AND b > :b AND c = :c', 'b', 'c'],
  ])('is not searched with a gap:%s', (condition, open, compared) => {
    expect(t.refused('Query', request(condition)).message).toBe(
      `RANGE key attributes ${open} must have equality conditions specified in the query because a condition is present on key attribute ${compared}`,
    );
  });

  it('is not searched without all attributes of its partition', () => {
    expect(
      t.refused('Query', {
        ...request(''),
        KeyConditionExpression: 'h = :h',
        ExpressionAttributeValues: { ':h': { S: 'o' } },
      }).message,
    ).toBe('Query condition missed key schema element: i');
  });

  it('is described as it was made', () => {
    expect(t.call('DescribeTable', { TableName: 'main' })).toMatchObject({
      Table: { GlobalSecondaryIndexes: [{ KeySchema: key(['h', 'i'], ['a', 'b', 'c']) }] },
    });
  });

  it.each([
    ['a sort key before a partition key', [...key([], ['a']), ...key(['h'], ['b'])], 'must precede'],
    ['no partition key', key([], ['a', 'b', 'c']), 'not a HASH key type'],
    ['one attribute twice', key(['h', 'i'], ['a', 'a']), 'have the same name'],
    ['five of a kind', key(['h'], ['a', 'b', 'c', 'i', 'pk']), 'at most 4'],
  ])('is refused with %s', (_what, schema, message) => {
    expect(t.refused('CreateTable', { ...table(schema), TableName: 'other' }).message).toContain(message);
  });
});
