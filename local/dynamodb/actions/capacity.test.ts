import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fixture, keySchema, openFixture } from '../test-support.ts';

// The amounts were measured on DynamoDB with items below 1 KB, so that each index counts 1.
let t: Fixture;
beforeAll(() => {
  t = openFixture();
  t.call('CreateTable', {
    TableName: 'units',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk', 'gpk', 'lsk'].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    KeySchema: keySchema('pk', 'sk'),
    GlobalSecondaryIndexes: [
      {
        IndexName: 'global',
        KeySchema: keySchema('gpk'),
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['proj'] },
      },
    ],
    LocalSecondaryIndexes: [
      { IndexName: 'local', KeySchema: keySchema('pk', 'lsk'), Projection: { ProjectionType: 'ALL' } },
    ],
  });
});
afterAll(() => t.close());

interface Consumed {
  CapacityUnits: number;
  Table?: { CapacityUnits: number };
  GlobalSecondaryIndexes?: Record<string, { CapacityUnits: number }>;
  LocalSecondaryIndexes?: Record<string, { CapacityUnits: number }>;
}

const parts = (consumed: unknown) => {
  const { CapacityUnits, Table, GlobalSecondaryIndexes: g, LocalSecondaryIndexes: l } = consumed as Consumed;
  return [CapacityUnits, Table?.CapacityUnits, g?.global?.CapacityUnits, l?.local?.CapacityUnits];
};

let counter = 0;
const fresh = () => ({ pk: { S: `item-${counter++}` }, sk: { S: '1' } });
const put = (Item: object, mode = 'INDEXES') =>
  t.call('PutItem', { TableName: 'units', Item, ReturnConsumedCapacity: mode }).ConsumedCapacity;
const full = { gpk: { S: 'g' }, lsk: { S: 'l' }, proj: { S: 'p' }, remark: { S: 'o' } };

describe('write units', () => {
  it('count the table and each index that the item is in', () => {
    expect(parts(put({ ...fresh(), gpk: { S: 'g' } }))).toEqual([2, 1, 1, undefined]);
    expect(parts(put({ ...fresh(), lsk: { S: 'l' } }))).toEqual([2, 1, undefined, 1]);
    expect(parts(put({ ...fresh(), ...full }))).toEqual([3, 1, 1, 1]);
    expect(parts(put({ ...fresh(), remark: { S: 'o' } }))).toEqual([1, 1, undefined, undefined]);
    expect(put({ ...fresh(), ...full }, 'TOTAL')).toEqual({ TableName: 'units', CapacityUnits: 3 });
    expect(put(fresh(), 'NONE')).toBeUndefined();
  });

  it('leave out indexes in which nothing changes', () => {
    const item = { ...fresh(), ...full };
    put(item);
    expect(parts(put(item))).toEqual([1, 1, undefined, undefined]);
  });

  it.each<[string, (number | undefined)[]]>([
    ['SET remark = :v', [2, 1, undefined, 1]],
    ['SET proj = :v', [3, 1, 1, 1]],
    ['SET gpk = :v', [4, 1, 2, 1]],
    ['SET lsk = :v', [3, 1, undefined, 2]],
  ])('of %s are those of what moves or changes in an index', (UpdateExpression, expected) => {
    const key = fresh();
    put({ ...key, ...full });
    const consumed = t.call('UpdateItem', {
      TableName: 'units',
      Key: key,
      UpdateExpression,
      ExpressionAttributeValues: { ':v': { S: 'changed' } },
      ReturnConsumedCapacity: 'INDEXES',
    }).ConsumedCapacity;
    expect(parts(consumed)).toEqual(expected);
  });

  it('count a kilobyte each, of the larger of old and new item', () => {
    const key = fresh();
    const large = { ...key, data: { S: 'x'.repeat(2048) } };
    expect(parts(put(large))[0]).toBe(3);
    expect(parts(put(key))[0]).toBe(3);
    const remove = () =>
      t.call('DeleteItem', { TableName: 'units', Key: key, ReturnConsumedCapacity: 'INDEXES' })
        .ConsumedCapacity;
    expect(parts(remove())).toEqual([1, 1, undefined, undefined]);
    expect(parts(remove())).toEqual([1, 1, undefined, undefined]);
    const exact = 1024 - 'pk'.length - key.pk.S.length - 'sk1data'.length;
    expect(parts(put({ ...key, data: { S: 'x'.repeat(exact) } }))[0]).toBe(1);
    expect(parts(put({ ...key, data: { S: 'x'.repeat(exact + 1) } }))[0]).toBe(2);
  });

  it('of a batch are summed by table', () => {
    const requests = [{ ...fresh(), gpk: { S: 'g' } }, fresh()].map((Item) => ({ PutRequest: { Item } }));
    const { ConsumedCapacity } = t.call<{ ConsumedCapacity: object[] }>('BatchWriteItem', {
      RequestItems: { units: requests },
      ReturnConsumedCapacity: 'INDEXES',
    });
    expect(ConsumedCapacity).toHaveLength(1);
    expect(parts(ConsumedCapacity[0])).toEqual([3, 2, 1, undefined]);
  });

  it('of a transaction are twice those of its writes', () => {
    const items = [fresh(), fresh()].map((Item) => ({ Put: { TableName: 'units', Item } }));
    expect(t.call('TransactWriteItems', { TransactItems: items, ReturnConsumedCapacity: 'TOTAL' })).toEqual({
      ConsumedCapacity: [{ TableName: 'units', CapacityUnits: 4, WriteCapacityUnits: 4 }],
    });
  });
});

describe('read units', () => {
  const get = (Key: object, rest: object = {}) =>
    t.call('GetItem', { TableName: 'units', Key, ReturnConsumedCapacity: 'TOTAL', ...rest }).ConsumedCapacity;

  it('count four kilobytes each, half where the read may be stale, and never nothing', () => {
    const key = fresh();
    expect(get(key)).toEqual({ TableName: 'units', CapacityUnits: 0.5 });
    expect(get(key, { ConsistentRead: true })).toEqual({ TableName: 'units', CapacityUnits: 1 });
    put({ ...key, data: { S: 'x'.repeat(5000) } });
    expect(get(key)).toMatchObject({ CapacityUnits: 1 });
    expect(get(key, { ConsistentRead: true, ProjectionExpression: 'sk' })).toMatchObject({
      CapacityUnits: 2,
    });
  });

  it('of a query are those of all that was read, before filter and projection', () => {
    const { pk } = fresh();
    for (let index = 0; index < 9; index++) {
      put({ pk, sk: { S: String(index) }, gpk: { S: 'query' }, data: { S: 'x'.repeat(1000) } });
    }
    const query = (rest: object) =>
      t.call('Query', {
        TableName: 'units',
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
        ReturnConsumedCapacity: 'INDEXES',
        ...rest,
      }).ConsumedCapacity;
    expect(parts(query({}))).toEqual([1.5, 1.5, undefined, undefined]);
    expect(parts(query({ ConsistentRead: true, ProjectionExpression: 'sk' }))[0]).toBe(3);
    expect(parts(query({ FilterExpression: 'attribute_exists(nothing)' }))[0]).toBe(1.5);
    const index = query({
      IndexName: 'global',
      KeyConditionExpression: 'gpk = :pk',
      ExpressionAttributeValues: { ':pk': { S: 'query' } },
    });
    expect(parts(index)).toEqual([0.5, 0, 0.5, undefined]);
  });

  it('of a batch are rounded up item by item', () => {
    const [a, b] = [fresh(), fresh()];
    put(a);
    const { ConsumedCapacity } = t.call('BatchGetItem', {
      RequestItems: { units: { Keys: [a, b], ConsistentRead: true } },
      ReturnConsumedCapacity: 'TOTAL',
    });
    expect(ConsumedCapacity).toEqual([{ TableName: 'units', CapacityUnits: 2 }]);
  });

  it('of a transaction are twice those of consistent reads', () => {
    const key = fresh();
    put(key);
    expect(
      t.call('TransactGetItems', {
        TransactItems: [{ Get: { TableName: 'units', Key: key } }],
        ReturnConsumedCapacity: 'TOTAL',
      }).ConsumedCapacity,
    ).toEqual([{ TableName: 'units', CapacityUnits: 2, ReadCapacityUnits: 2 }]);
  });
});
