import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Fixture, MAIN_TABLE, openMain } from '../test-support.ts';
import type { Item } from '../values/attributes.ts';

let t: Fixture;
beforeEach(() => {
  t = openMain();
  t.call('CreateTable', { ...MAIN_TABLE, TableName: 'second' });
});
afterEach(() => t.close());

const key = (n: number) => ({ pk: { S: `p${n}` }, sk: { S: 's' } });
const puts = (count: number, from = 0) =>
  Array.from({ length: count }, (_, n) => ({
    PutRequest: { Item: { ...key(from + n), n: { N: String(n) } } },
  }));
const write = (RequestItems: object) => t.call('BatchWriteItem', { RequestItems });

describe('BatchWriteItem', () => {
  it('puts and deletes in several tables', () => {
    write({ main: puts(3), second: puts(2) });
    expect(write({ main: [{ DeleteRequest: { Key: key(0) } }, ...puts(1, 9)] })).toEqual({
      UnprocessedItems: {},
    });
    const { Responses } = t.call('BatchGetItem', {
      RequestItems: { main: { Keys: [0, 1, 2, 9].map(key) }, second: { Keys: [key(1)] } },
    });
    expect((Responses as Record<string, Item[]>).main?.map((item) => item.pk?.S).sort()).toEqual([
      'p1',
      'p2',
      'p9',
    ]);
    expect((Responses as Record<string, Item[]>).second).toEqual([{ ...key(1), n: { N: '1' } }]);
  });

  it.each<[string, object, string, string]>([
    [
      'more than 25 writes in all',
      { main: puts(20), second: puts(6) },
      'ValidationException',
      'Too many items requested',
    ],
    ['more than 25 writes in a table', { main: puts(26) }, 'ValidationException', 'less than or equal to 25'],
    [
      'two writes of an item',
      { main: [...puts(1), { DeleteRequest: { Key: key(0) } }] },
      'ValidationException',
      'contains duplicates',
    ],
    ['an unknown table', { other: puts(1) }, 'ResourceNotFoundException', 'Requested resource not found'],
    [
      'an item without its key',
      { main: [{ PutRequest: { Item: { pk: { S: 'a' } } } }] },
      'ValidationException',
      'The provided key element does not match the schema',
    ],
    ['nothing', {}, 'ValidationException', 'The requestItems parameter is required for BatchWriteItem'],
    [
      'a member that is neither put nor delete',
      { main: [{}] },
      'ValidationException',
      'Supplied AttributeValue has more than one datatypes set',
    ],
  ])('refuses %s and writes nothing', (_what, RequestItems, code, message) => {
    const refused = t.refused('BatchWriteItem', { RequestItems });
    expect(refused.code).toBe(code);
    expect(refused.message).toContain(message);
    expect(t.call('Scan', { TableName: 'main' }).Count).toBe(0);
  });
});

describe('BatchGetItem', () => {
  it('projects, and leaves out what is not there', () => {
    write({ main: puts(2) });
    const { Responses, UnprocessedKeys } = t.call('BatchGetItem', {
      RequestItems: {
        main: {
          Keys: [0, 1, 2].map(key),
          ProjectionExpression: '#n',
          ExpressionAttributeNames: { '#n': 'n' },
        },
      },
    });
    expect(Responses).toEqual({ main: [{ n: { N: '0' } }, { n: { N: '1' } }] });
    expect(UnprocessedKeys).toEqual({});
  });

  it('answers at most 16 MB, and names the keys that are left', () => {
    for (let n = 0; n < 45; n++) {
      t.call('PutItem', { TableName: 'main', Item: { ...key(n), data: { S: 'x'.repeat(390 * 1024) } } });
    }
    const Keys = Array.from({ length: 45 }, (_, n) => key(n));
    const first = t.call<{ Responses: { main: Item[] }; UnprocessedKeys: { main: { Keys: Item[] } } }>(
      'BatchGetItem',
      {
        RequestItems: { main: { Keys, ConsistentRead: true } },
      },
    );
    expect(first.Responses.main).toHaveLength(42);
    expect(first.UnprocessedKeys.main).toEqual({ Keys: Keys.slice(42), ConsistentRead: true });
  });

  it.each<[string, object, string]>([
    [
      'more than 100 keys',
      { main: { Keys: Array.from({ length: 101 }, (_, n) => key(n)) } },
      'less than or equal to 100',
    ],
    [
      'the same key twice',
      { main: { Keys: [key(1), { sk: { S: 's' }, pk: { S: 'p1' } }] } },
      'contains duplicates',
    ],
    ['a key that does not fit', { main: { Keys: [{ pk: { S: 'a' } }] } }, 'does not match the schema'],
  ])('refuses %s', (_what, RequestItems, message) => {
    expect(t.refused('BatchGetItem', { RequestItems }).message).toContain(message);
  });
});
