import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fixture, keySchema, openFixture } from '../test-support.ts';
import type { Item } from '../values/attributes.ts';

let t: Fixture;
beforeAll(() => {
  t = openFixture();
  t.call('CreateTable', {
    TableName: 'numbers',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'N' },
      { AttributeName: 'gpk', AttributeType: 'S' },
      { AttributeName: 'gsk', AttributeType: 'S' },
      { AttributeName: 'lsk', AttributeType: 'B' },
    ],
    KeySchema: keySchema('pk', 'sk'),
    GlobalSecondaryIndexes: [
      { IndexName: 'all', KeySchema: keySchema('gpk', 'gsk'), Projection: { ProjectionType: 'ALL' } },
      { IndexName: 'keys', KeySchema: keySchema('gpk'), Projection: { ProjectionType: 'KEYS_ONLY' } },
    ],
    LocalSecondaryIndexes: [
      { IndexName: 'bytes', KeySchema: keySchema('pk', 'lsk'), Projection: { ProjectionType: 'KEYS_ONLY' } },
    ],
  });
  const bytes = ['', 'AA==', 'AQ==', '/w=='];
  for (const [index, n] of ['-10', '-2.5', '0', '0.001', '2', '10', '100'].entries()) {
    t.call('PutItem', {
      TableName: 'numbers',
      Item: {
        pk: { S: 'a' },
        sk: { N: n },
        gpk: { S: index % 2 === 0 ? 'even' : 'odd' },
        gsk: { S: `${'xyz'[index % 3]}#${index}` },
        ...(index > 0 && index < 4 && { lsk: { B: bytes[index] } }),
        data: { S: `data ${n}` },
      },
    });
  }
  t.call('PutItem', { TableName: 'numbers', Item: { pk: { S: 'b' }, sk: { N: '1' } } });
});
afterAll(() => t.close());

interface Page {
  Items: Item[];
  Count: number;
  ScannedCount: number;
  LastEvaluatedKey?: Item;
}

const query = (KeyConditionExpression: string, values: Item, rest: object = {}) =>
  t.call<Page>('Query', {
    TableName: 'numbers',
    KeyConditionExpression,
    ExpressionAttributeValues: values,
    ...rest,
  });
const sorted = (page: Page) => page.Items.map((item) => item.sk?.N);
const a = { ':p': { S: 'a' } };

describe('Query', () => {
  it('reads a partition in the order of its sort key, numbers by value', () => {
    expect(sorted(query('pk = :p', a))).toEqual(['-10', '-2.5', '0', '0.001', '2', '10', '100']);
    expect(sorted(query('pk = :p', a, { ScanIndexForward: false }))).toEqual([
      '100',
      '10',
      '2',
      '0.001',
      '0',
      '-2.5',
      '-10',
    ]);
  });

  it.each<[string, Item, string[]]>([
    ['sk = :v', { ':v': { N: '2.0' } }, ['2']],
    ['sk < :v', { ':v': { N: '0' } }, ['-10', '-2.5']],
    ['sk <= :v', { ':v': { N: '0' } }, ['-10', '-2.5', '0']],
    ['sk > :v', { ':v': { N: '2' } }, ['10', '100']],
    [':v < sk', { ':v': { N: '2' } }, ['10', '100']],
    ['sk >= :v', { ':v': { N: '2' } }, ['2', '10', '100']],
    ['sk BETWEEN :v AND :w', { ':v': { N: '-3' }, ':w': { N: '2' } }, ['-2.5', '0', '0.001', '2']],
  ])('reads the range %s', (condition, values, expected) => {
    const page = query(`pk = :p AND ${condition}`, { ...a, ...values });
    expect(sorted(page)).toEqual(expected);
    expect(page).toMatchObject({ Count: expected.length, ScannedCount: expected.length });
    expect(page.LastEvaluatedKey).toBeUndefined();
  });

  it('reads a range of a global index by prefix', () => {
    const page = query(
      'gpk = :g AND begins_with(gsk, :v)',
      { ':g': { S: 'even' }, ':v': { S: 'x#' } },
      { IndexName: 'all' },
    );
    expect(page.Items.map((item) => item.gsk?.S)).toEqual(['x#0', 'x#6']);
  });

  it('shows of an index only what it projects, and fetches the rest for a local one', () => {
    const [first] = query('gpk = :g', { ':g': { S: 'even' } }, { IndexName: 'keys' }).Items;
    expect(Object.keys(first ?? {}).sort()).toEqual(['gpk', 'pk', 'sk']);
    const local = (rest: object) => query('pk = :p', a, { IndexName: 'bytes', ...rest }).Items;
    expect(local({}).map((item) => item.lsk?.B)).toEqual(['AA==', 'AQ==', '/w==']);
    expect(local({})[0]?.data).toBeUndefined();
    expect(local({ Select: 'ALL_ATTRIBUTES', ConsistentRead: true })[0]?.data).toEqual({ S: 'data -2.5' });
    expect(local({ ProjectionExpression: '#d', ExpressionAttributeNames: { '#d': 'data' } })[0]).toEqual({
      data: { S: 'data -2.5' },
    });
  });

  it('filters after reading, and counts both', () => {
    const page = query('pk = :p', { ...a, ':g': { S: 'odd' } }, { FilterExpression: 'gpk = :g', Limit: 4 });
    expect(page).toMatchObject({
      Count: 2,
      ScannedCount: 4,
      LastEvaluatedKey: { pk: { S: 'a' }, sk: { N: '0.001' } },
    });
    expect(query('pk = :p', a, { Select: 'COUNT' })).toEqual({ Count: 7, ScannedCount: 7 });
  });

  it.each<[string, string, Item, object, boolean]>([
    ['the table', 'pk = :p', a, {}, true],
    ['the table backwards', 'pk = :p', a, {}, false],
    ['a range of the table', 'pk = :p AND sk > :v', { ...a, ':v': { N: '-3' } }, {}, true],
    ['a range of the table backwards', 'pk = :p AND sk < :v', { ...a, ':v': { N: '50' } }, {}, false],
    ['a global index', 'gpk = :g', { ':g': { S: 'even' } }, { IndexName: 'all' }, true],
    ['a global index backwards', 'gpk = :g', { ':g': { S: 'even' } }, { IndexName: 'all' }, false],
    ['a global index without sort key', 'gpk = :g', { ':g': { S: 'even' } }, { IndexName: 'keys' }, true],
  ])('pages through %s', (_what, condition, values, rest, ScanIndexForward) => {
    const whole = query(condition, values, { ...rest, ScanIndexForward });
    const items: Item[] = [];
    let start: Item | undefined;
    let pages = 0;
    do {
      const page = query(condition, values, {
        ...rest,
        ScanIndexForward,
        Limit: 2,
        ...(start && { ExclusiveStartKey: start }),
      });
      items.push(...page.Items);
      start = page.LastEvaluatedKey;
      pages++;
    } while (start);
    expect(items).toEqual(whole.Items);
    expect(pages).toBe(Math.floor(items.length / 2) + 1);
  });

  it('names the table key and the index key to go on from', () => {
    const page = query('gpk = :g', { ':g': { S: 'even' } }, { IndexName: 'all', Limit: 1 });
    expect(Object.keys(page.LastEvaluatedKey ?? {}).sort()).toEqual(['gpk', 'gsk', 'pk', 'sk']);
  });

  it('ends a page after a megabyte', () => {
    for (let index = 0; index < 8; index++) {
      t.call('PutItem', {
        TableName: 'numbers',
        Item: { pk: { S: 'big' }, sk: { N: String(index) }, data: { S: 'x'.repeat(200 * 1024) } },
      });
    }
    const first = query('pk = :p', { ':p': { S: 'big' } });
    expect(first.Count).toBe(6);
    const second = query('pk = :p', { ':p': { S: 'big' } }, { ExclusiveStartKey: first.LastEvaluatedKey });
    expect(sorted(second)).toEqual(['6', '7']);
    expect(second.LastEvaluatedKey).toBeUndefined();
  });

  it('honours the legacy conditions', () => {
    const page = t.call<Page>('Query', {
      TableName: 'numbers',
      KeyConditions: {
        pk: { ComparisonOperator: 'EQ', AttributeValueList: [{ S: 'a' }] },
        sk: { ComparisonOperator: 'BETWEEN', AttributeValueList: [{ N: '0' }, { N: '10' }] },
      },
      QueryFilter: { gpk: { ComparisonOperator: 'EQ', AttributeValueList: [{ S: 'odd' }] } },
    });
    expect(sorted(page)).toEqual(['0.001', '10']);
  });

  it.each<[string, string, Item, object, string]>([
    [
      'no condition on the partition key',
      'sk = :v',
      { ':v': { N: '1' } },
      {},
      'Query condition missed key schema element: pk',
    ],
    ['an inequality of the partition key', 'pk > :p', a, {}, 'Query key condition not supported'],
    [
      'a value of the wrong type',
      'pk = :p AND sk = :v',
      { ...a, ':v': { S: '1' } },
      {},
      'Condition parameter type does not match schema type',
    ],
    [
      'begins_with on a number',
      'pk = :p AND begins_with(sk, :v)',
      { ...a, ':v': { N: '1' } },
      {},
      'operator or function: begins_with, operand type: N',
    ],
    [
      'two conditions on a key',
      'pk = :p AND sk > :v AND sk < :w',
      { ...a, ':v': { N: '1' }, ':w': { N: '2' } },
      {},
      'must only contain one condition per key',
    ],
    [
      'a third attribute',
      'pk = :p AND sk > :v AND x = :w',
      { ...a, ':v': { N: '1' }, ':w': { N: '2' } },
      {},
      'The number of query conditions (3) exceeds',
    ],
    [
      'OR between keys',
      'pk = :p OR sk = :v',
      { ...a, ':v': { N: '1' } },
      {},
      'Invalid operator used in KeyConditionExpression: OR',
    ],
    [
      'a filter on the key',
      'pk = :p',
      { ...a, ':v': { N: '1' } },
      { FilterExpression: 'sk = :v' },
      'Filter Expression can only contain non-primary key attributes',
    ],
    [
      'an unknown index',
      'pk = :p',
      a,
      { IndexName: 'none' },
      'The table does not have the specified index: none',
    ],
    [
      'a consistent read of a global index',
      'gpk = :p',
      a,
      { IndexName: 'all', ConsistentRead: true },
      'Consistent reads are not supported',
    ],
    [
      'all attributes of a partial index',
      'gpk = :p',
      a,
      { IndexName: 'keys', Select: 'ALL_ATTRIBUTES' },
      'its projection type is not ALL',
    ],
    [
      'an attribute that the index lacks',
      'gpk = :p',
      a,
      { IndexName: 'keys', ProjectionExpression: 'nope' },
      'does not project [nope]',
    ],
    [
      'a projection beside ALL_ATTRIBUTES',
      'pk = :p',
      a,
      { Select: 'ALL_ATTRIBUTES', ProjectionExpression: 'sk' },
      'Cannot specify the ProjectionExpression when choosing to get ALL_ATTRIBUTES',
    ],
    [
      'SPECIFIC_ATTRIBUTES without any',
      'pk = :p',
      a,
      { Select: 'SPECIFIC_ATTRIBUTES' },
      'Must specify the AttributesToGet or ProjectionExpression',
    ],
    [
      'a start in another partition',
      'pk = :p',
      a,
      { ExclusiveStartKey: { pk: { S: 'b' }, sk: { N: '1' } } },
      'outside query boundaries',
    ],
    [
      'a start outside the range',
      'pk = :p AND sk > :v',
      { ...a, ':v': { N: '5' } },
      { ExclusiveStartKey: { pk: { S: 'a' }, sk: { N: '1' } } },
      'does not match the range key predicate',
    ],
    [
      'a start of another shape',
      'pk = :p',
      a,
      { ExclusiveStartKey: { pk: { S: 'a' } } },
      'The provided starting key is invalid',
    ],
  ])('refuses %s', (_what, condition, values, rest, message) => {
    const refused = t.refused('Query', {
      TableName: 'numbers',
      KeyConditionExpression: condition,
      ExpressionAttributeValues: values,
      ...rest,
    });
    expect(refused.code).toBe('ValidationException');
    expect(refused.message).toContain(message);
  });

  it('refuses a request without key conditions', () => {
    expect(t.refused('Query', { TableName: 'numbers' }).message).toContain('Either the KeyConditions or');
  });
});
