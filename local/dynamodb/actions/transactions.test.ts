import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Fixture, MAIN_TABLE, openMain } from '../test-support.ts';

let t: Fixture;
beforeEach(() => {
  t = openMain();
  t.call('CreateTable', { ...MAIN_TABLE, TableName: 'second' });
  t.call('PutItem', { TableName: 'main', Item: { ...key('old'), n: { N: '5' } } });
});
afterEach(() => t.close());

const key = (sk: string) => ({ pk: { S: 'c1' }, sk: { S: sk } });
const put = (sk: string, rest: object = {}, TableName = 'main') => ({
  Put: { TableName, Item: key(sk), ...rest },
});
const transact = (TransactItems: object[], rest: object = {}) =>
  t.call('TransactWriteItems', { TransactItems, ...rest });
const refused = (TransactItems: object[], rest: object = {}) =>
  t.refused('TransactWriteItems', { TransactItems, ...rest });
const has = (sk: string, TableName = 'main') => 'Item' in t.call('GetItem', { TableName, Key: key(sk) });
const fresh = { ConditionExpression: 'attribute_not_exists(pk)' };

describe('TransactWriteItems', () => {
  it('writes all items, in several tables', () => {
    expect(
      transact([
        put('a', fresh),
        put('b', {}, 'second'),
        { Delete: { TableName: 'main', Key: key('old'), ConditionExpression: 'attribute_exists(pk)' } },
        {
          Update: {
            TableName: 'main',
            Key: key('c'),
            UpdateExpression: 'SET n = :n',
            ExpressionAttributeValues: { ':n': { N: '1' } },
          },
        },
        {
          ConditionCheck: {
            TableName: 'main',
            Key: key('none'),
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
      ]),
    ).toEqual({});
    expect(['a', 'c', 'old'].map((sk) => has(sk))).toEqual([true, true, false]);
    expect(has('b', 'second')).toBe(true);
  });

  it('writes nothing when a condition fails, and tells why item by item', () => {
    const error = refused([
      put('a'),
      { ...put('old', { ...fresh, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }) },
      {
        ConditionCheck: { TableName: 'main', Key: key('none'), ConditionExpression: 'attribute_exists(pk)' },
      },
    ]);
    expect(error).toMatchObject({
      code: 'TransactionCanceledException',
      status: 400,
      message:
        'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ConditionalCheckFailed]',
    });
    expect(error.extra.CancellationReasons).toEqual([
      { Code: 'None' },
      {
        Code: 'ConditionalCheckFailed',
        Message: 'The conditional request failed',
        Item: { ...key('old'), n: { N: '5' } },
      },
      { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
    ]);
    expect(has('a')).toBe(false);
  });

  it('is cancelled by an update that the stored item does not allow', () => {
    const error = refused([
      put('a'),
      {
        Update: {
          TableName: 'main',
          Key: key('old'),
          UpdateExpression: 'SET n = n + :v',
          ExpressionAttributeValues: { ':v': { S: 'x' } },
        },
      },
    ]);
    expect(error.code).toBe('ValidationException');
    const stored = refused([
      put('a'),
      { Update: { TableName: 'main', Key: key('old'), UpdateExpression: 'SET m.x = n' } },
    ]);
    expect(stored.extra.CancellationReasons).toEqual([
      { Code: 'None' },
      {
        Code: 'ValidationError',
        Message: 'The document path provided in the update expression is invalid for update',
      },
    ]);
    expect(has('a')).toBe(false);
  });

  it('is cancelled by an update that makes an item too large, but refused for such a put', () => {
    const large = { S: 'x'.repeat(400 * 1024) };
    const error = refused([
      {
        Update: {
          TableName: 'main',
          Key: key('old'),
          UpdateExpression: 'SET d = :d',
          ExpressionAttributeValues: { ':d': large },
        },
      },
    ]);
    expect(error.extra.CancellationReasons).toMatchObject([
      { Code: 'ValidationError', Message: 'Item size to update has exceeded the maximum allowed size' },
    ]);
    expect(refused([{ Put: { TableName: 'main', Item: { ...key('a'), d: large } } }])).toMatchObject({
      code: 'ValidationException',
      message: 'Item size has exceeded the maximum allowed size',
    });
  });

  it('is cancelled by a key that does not fit its table', () => {
    const error = refused([put('a'), { Delete: { TableName: 'main', Key: { pk: { S: 'x' } } } }]);
    expect(error.extra.CancellationReasons).toEqual([
      { Code: 'None' },
      { Code: 'ValidationError', Message: 'The provided key element does not match the schema' },
    ]);
  });

  it.each<[string, object[], string, string]>([
    [
      'no items',
      [],
      'ValidationException',
      "at 'transactItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      'more than 100 items',
      Array.from({ length: 101 }, (_, n) => put(`${n}`)),
      'ValidationException',
      'Member must have length less than or equal to 100',
    ],
    [
      'two operations on an item',
      [put('a'), { Delete: { TableName: 'main', Key: key('a') } }],
      'ValidationException',
      'Transaction request cannot include multiple operations on one item',
    ],
    [
      'two operations in one entry',
      [{ ...put('a'), Delete: { TableName: 'main', Key: key('b') } }],
      'ValidationException',
      'TransactItems can only contain one of Check, Put, Update or Delete',
    ],
    ['an empty entry', [{}], 'ValidationException', 'should contain Delete or Put or Update request'],
    [
      'an unknown table',
      [put('a', {}, 'other')],
      'ResourceNotFoundException',
      'Requested resource not found',
    ],
    [
      'a broken expression, before it looks for tables',
      [put('a', {}, 'other'), put('b', { ConditionExpression: 'attribute_exists(' })],
      'ValidationException',
      'Invalid ConditionExpression: Syntax error',
    ],
    [
      'an unused value',
      [put('a', { ...fresh, ExpressionAttributeValues: { ':v': { S: 'x' } } })],
      'ValidationException',
      'unused in expressions: keys: {:v}',
    ],
    [
      'an update without an expression',
      [{ Update: { TableName: 'main', Key: key('a') } }],
      'ValidationException',
      'updateExpression',
    ],
    [
      'a check without a condition',
      [{ ConditionCheck: { TableName: 'main', Key: key('a') } }],
      'ValidationException',
      'ConditionExpression',
    ],
    [
      'more than 4 MB',
      Array.from({ length: 11 }, (_, n) =>
        put(`${n}`, { Item: { ...key(`${n}`), d: { S: 'x'.repeat(399 * 1024) } } }),
      ),
      'ValidationException',
      '4 MB',
    ],
  ])('refuses %s', (_what, items, code, message) => {
    const error = refused(items);
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
    expect(has('a')).toBe(false);
  });

  it('takes 100 items', () => {
    transact(Array.from({ length: 100 }, (_, n) => put(`n${n}`)));
    expect(has('n99')).toBe(true);
  });
});

describe('a request token', () => {
  const add = {
    Update: {
      TableName: 'main',
      Key: key('old'),
      UpdateExpression: 'ADD n :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    },
  };
  const n = () =>
    (t.call('GetItem', { TableName: 'main', Key: key('old') }).Item as { n: { N: string } }).n.N;
  const token = { ClientRequestToken: 'token-1' };

  it('makes a repeated transaction succeed without doing it again, for ten minutes', () => {
    transact([add], token);
    t.clock.now += 10 * 60 * 1000 - 1;
    expect(transact([add], { ...token, ReturnConsumedCapacity: 'TOTAL' })).toEqual({
      ConsumedCapacity: [{ TableName: 'main', CapacityUnits: 2, ReadCapacityUnits: 2 }],
    });
    expect(n()).toBe('6');
    t.clock.now += 1;
    transact([add], token);
    expect(n()).toBe('7');
  });

  it('is refused with another transaction', () => {
    transact([add], token);
    expect(refused([put('a')], token)).toMatchObject({
      code: 'IdempotentParameterMismatchException',
      status: 400,
    });
    expect(has('a')).toBe(false);
  });

  it('does not hold for a transaction that failed', () => {
    expect(refused([put('old', fresh)], token).code).toBe('TransactionCanceledException');
    t.call('DeleteItem', { TableName: 'main', Key: key('old') });
    transact([put('old', fresh)], token);
    expect(has('old')).toBe(true);
  });

  it('has at most 36 characters', () => {
    expect(refused([add], { ClientRequestToken: 'x'.repeat(37) }).message).toContain(
      'less than or equal to 36',
    );
  });
});

describe('TransactGetItems', () => {
  const get = (sk: string, rest: object = {}) => ({ Get: { TableName: 'main', Key: key(sk), ...rest } });

  it('answers items in the order of the request', () => {
    expect(
      t.call('TransactGetItems', {
        TransactItems: [get('none'), get('old'), { Get: { TableName: 'second', Key: key('old') } }],
      }),
    ).toEqual({ Responses: [{}, { Item: { ...key('old'), n: { N: '5' } } }, {}] });
  });

  it('projects', () => {
    expect(
      t.call('TransactGetItems', { TransactItems: [get('old', { ProjectionExpression: 'n' })] }),
    ).toEqual({
      Responses: [{ Item: { n: { N: '5' } } }],
    });
  });

  it.each<[string, object[], string]>([
    ['the same item twice', [get('a'), get('a')], 'ValidationException'],
    [
      'a key that does not fit',
      [get('a'), { Get: { TableName: 'main', Key: { pk: { S: 'a' } } } }],
      'TransactionCanceledException',
    ],
    ['an unknown table', [{ Get: { TableName: 'other', Key: key('a') } }], 'ResourceNotFoundException'],
    ['nothing', [], 'ValidationException'],
  ])('refuses %s', (_what, TransactItems, code) => {
    expect(t.refused('TransactGetItems', { TransactItems }).code).toBe(code);
  });
});
