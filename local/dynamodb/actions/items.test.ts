import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Fixture, openMain } from '../test-support.ts';

let t: Fixture;
beforeEach(() => {
  t = openMain();
});
afterEach(() => t.close());

const key = { pk: { S: 'c1' }, sk: { S: 'profile' } };
const names = { '#n': 'name' };
const put = (more: object = {}, rest: object = {}) =>
  t.call('PutItem', { TableName: 'main', Item: { ...key, ...more }, ...rest });
const get = (rest: object = {}) => t.call('GetItem', { TableName: 'main', Key: key, ...rest }).Item;
const update = (UpdateExpression: string, rest: object = {}) =>
  t.call('UpdateItem', { TableName: 'main', Key: key, UpdateExpression, ...rest });

describe('PutItem', () => {
  it('stores an item that GetItem finds, numbers normalized', () => {
    const input = { TableName: 'main', Item: { ...key, n: { N: '01.50' }, ns: { NS: ['+1', '2.0'] } } };
    const before = structuredClone(input);
    expect(t.call('PutItem', input)).toEqual({});
    expect(get()).toEqual({ ...key, n: { N: '1.5' }, ns: { NS: ['1', '2'] } });
    expect(input).toEqual(before);
  });

  it('answers the old item when asked', () => {
    expect(put({ a: { S: '1' } }, { ReturnValues: 'ALL_OLD' })).toEqual({});
    expect(put({}, { ReturnValues: 'ALL_OLD' })).toEqual({ Attributes: { ...key, a: { S: '1' } } });
    const refused = t.refused('PutItem', { TableName: 'main', Item: key, ReturnValues: 'ALL_NEW' });
    expect(refused).toMatchObject({
      code: 'ValidationException',
      message: '1 validation error detected: ReturnValues can only be ALL_OLD or NONE',
    });
  });

  it('fails on its condition, with the stored item when asked', () => {
    put({ a: { S: '1' } });
    const input = { TableName: 'main', Item: key, ConditionExpression: 'attribute_not_exists(pk)' };
    const plain = t.refused('PutItem', input);
    expect(plain).toMatchObject({
      code: 'ConditionalCheckFailedException',
      message: 'The conditional request failed',
      status: 400,
      extra: {},
    });
    const telling = t.refused('PutItem', { ...input, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
    expect(telling.extra).toEqual({ Item: { ...key, a: { S: '1' } } });
    expect(get()).toEqual({ ...key, a: { S: '1' } });
  });

  it('tells no item on a failed condition when there is none', () => {
    const refused = t.refused('PutItem', {
      TableName: 'main',
      Item: key,
      ConditionExpression: 'attribute_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    expect(refused.extra).toEqual({});
  });

  it('takes items of exactly 400 KB and none larger', () => {
    const rest = 'pkc1skprofilea'.length;
    put({ a: { S: 'x'.repeat(400 * 1024 - rest) } });
    const tooLarge = { ...key, a: { S: 'x'.repeat(400 * 1024 - rest + 1) } };
    expect(t.refused('PutItem', { TableName: 'main', Item: tooLarge }).message).toBe(
      '1 validation error detected: Item size has exceeded the maximum allowed size',
    );
  });

  it.each<[string, object, string, string]>([
    ['a missing table name', { Item: key }, 'ValidationException', 'Member must not be null'],
    [
      'an unknown table',
      { TableName: 'other', Item: key },
      'ResourceNotFoundException',
      'Requested resource not found',
    ],
    ['a wrong type', { TableName: 'main', Item: { pk: 'c1' } }, 'SerializationException', ''],
    ['a number as text', { TableName: 'main', Item: { pk: { S: 1 } } }, 'SerializationException', ''],
    [
      'a missing key',
      { TableName: 'main', Item: { pk: { S: 'a' } } },
      'ValidationException',
      'Missing the key sk',
    ],
    [
      'an empty set',
      { TableName: 'main', Item: { ...key, s: { SS: [] } } },
      'ValidationException',
      'may not be empty',
    ],
    [
      'an index key that is a number',
      { TableName: 'main', Item: { ...key, gsi1pk: { N: '1' } } },
      'ValidationException',
      'Type mismatch for Index Key gsi1pk',
    ],
    [
      'an empty index key',
      { TableName: 'main', Item: { ...key, gsi1pk: { S: '' } } },
      'ValidationException',
      'IndexKey: gsi1pk',
    ],
    [
      '39 digits',
      { TableName: 'main', Item: { ...key, n: { N: '1'.repeat(39) } } },
      'ValidationException',
      '38 significant digits',
    ],
    [
      'expressions beside legacy conditions',
      { TableName: 'main', Item: key, ConditionExpression: 'a = b', Expected: { a: { Exists: false } } },
      'ValidationException',
      'Can not use both expression and non-expression',
    ],
  ])('refuses %s', (_what, input, code, message) => {
    const refused = t.refused('PutItem', input as Record<string, unknown>);
    expect(refused.code).toBe(code);
    expect(refused.message).toContain(message);
  });

  it('honours the legacy conditions', () => {
    put({ a: { N: '1' } });
    const input = {
      TableName: 'main',
      Item: key,
      Expected: { a: { ComparisonOperator: 'GT', AttributeValueList: [{ N: '1' }] } },
    };
    expect(t.refused('PutItem', input).code).toBe('ConditionalCheckFailedException');
    put(
      {},
      {
        Expected: { a: { ComparisonOperator: 'GE', AttributeValueList: [{ N: '1' }] }, b: { Exists: false } },
      },
    );
    expect(get()).toEqual(key);
  });

  it('names a table by its ARN as well', () => {
    t.call('PutItem', { TableName: 'arn:aws:dynamodb:eu-west-1:000000000000:table/main', Item: key });
    expect(get()).toEqual(key);
  });
});

describe('GetItem', () => {
  it('answers nothing for an item that is not there', () => {
    expect(t.call('GetItem', { TableName: 'main', Key: key })).toEqual({});
  });

  it('projects what is asked for', () => {
    put({ name: { S: 'Ann' }, m: { M: { x: { N: '1' }, y: { N: '2' } } } });
    expect(get({ ProjectionExpression: '#n, m.y', ExpressionAttributeNames: names })).toEqual({
      name: { S: 'Ann' },
      m: { M: { y: { N: '2' } } },
    });
    expect(get({ AttributesToGet: ['name'] })).toEqual({ name: { S: 'Ann' } });
    expect(get({ ProjectionExpression: 'nothing_here' })).toEqual({});
  });

  it('refuses keys that do not fit the table', () => {
    for (const Key of [{ pk: { S: 'a' } }, { pk: { S: 'a' }, sk: { N: '1' } }]) {
      expect(t.refused('GetItem', { TableName: 'main', Key }).message).toBe(
        'The provided key element does not match the schema',
      );
    }
  });
});

describe('UpdateItem', () => {
  it('makes an item that is not there', () => {
    update('SET a = :v', { ExpressionAttributeValues: { ':v': { S: '1' } } });
    expect(get()).toEqual({ ...key, a: { S: '1' } });
    const bare = { ...key, sk: { S: 'bare' } };
    t.call('UpdateItem', { TableName: 'main', Key: bare });
    expect(t.call('GetItem', { TableName: 'main', Key: bare }).Item).toEqual(bare);
  });

  it('makes none by removing only', () => {
    expect(update('REMOVE a.b', { ReturnValues: 'ALL_NEW' })).toEqual({});
    expect(get()).toBeUndefined();
  });

  it('answers old and new attributes, whole or those it names', () => {
    put({ a: { S: 'old' }, b: { S: 'kept' }, m: { M: { x: { N: '1' }, y: { N: '2' } } } });
    const values = { ExpressionAttributeValues: { ':v': { S: 'new' } } };
    const run = (expression: string, ReturnValues: string) =>
      update(expression, { ...values, ReturnValues }).Attributes;
    expect(run('SET a = :v, c = :v', 'UPDATED_OLD')).toEqual({ a: { S: 'old' } });
    expect(run('SET m.x = :v REMOVE c', 'UPDATED_NEW')).toEqual({ m: { M: { x: { S: 'new' } } } });
    expect(run('SET d = :v', 'UPDATED_OLD')).toBeUndefined();
    expect(run('SET d = :v', 'ALL_OLD')).toMatchObject({ d: { S: 'new' }, b: { S: 'kept' } });
    expect(run('SET e = :v', 'ALL_NEW')).toMatchObject({
      e: { S: 'new' },
      d: { S: 'new' },
      b: { S: 'kept' },
    });
    expect(run('SET e = :v', 'NONE')).toBeUndefined();
  });

  it('evaluates its condition on the item as it was', () => {
    put({ version: { N: '1' } });
    const bump = (expected: string) => ({
      ConditionExpression: 'version = :e',
      ExpressionAttributeValues: { ':e': { N: expected }, ':one': { N: '1' } },
    });
    update('SET version = version + :one', bump('1'));
    expect(get()).toEqual({ ...key, version: { N: '2' } });
    expect(() => update('SET version = version + :one', bump('1'))).toThrow('The conditional request failed');
  });

  it('refuses to change keys, and index keys to other types', () => {
    const refused = (UpdateExpression: string, value: object) =>
      t.refused('UpdateItem', {
        TableName: 'main',
        Key: key,
        UpdateExpression,
        ExpressionAttributeValues: { ':v': value },
      }).message;
    expect(refused('SET sk = :v', { S: 'x' })).toContain(
      'Cannot update attribute sk. This attribute is part of the key',
    );
    expect(refused('SET gsi1pk = :v', { N: '1' })).toContain(
      'Type mismatch for Index Key gsi1pk Expected: S Actual: N',
    );
    expect(refused('SET gsi1pk = :v', { S: '' })).toContain(
      'attempted to update a secondary index key to a value that is not supported',
    );
    expect(refused('SET gsi1pk.x = :v', { S: 'a' })).toContain('Key attributes must be scalars');
  });

  it('refuses what makes the item too large or too deep', () => {
    put({ a: { S: 'x'.repeat(300 * 1024) } });
    const refused = t.refused('UpdateItem', {
      TableName: 'main',
      Key: key,
      UpdateExpression: 'SET b = :v',
      ExpressionAttributeValues: { ':v': { S: 'x'.repeat(120 * 1024) } },
    });
    expect(refused.message).toBe('Item size to update has exceeded the maximum allowed size');
    let deep: object = { S: 'leaf' };
    for (let level = 0; level < 31; level++) deep = { M: { n: deep } };
    update('SET m = :m', { ExpressionAttributeValues: { ':m': { M: {} } } });
    expect(() => update('SET m.deep = :v', { ExpressionAttributeValues: { ':v': deep } })).toThrow(
      'Nesting Levels',
    );
  });

  it('honours the legacy updates', () => {
    put({ n: { N: '1' }, s: { SS: ['a', 'b'] }, gone: { S: 'x' } });
    t.call('UpdateItem', {
      TableName: 'main',
      Key: key,
      AttributeUpdates: {
        n: { Action: 'ADD', Value: { N: '2' } },
        s: { Action: 'DELETE', Value: { SS: ['a'] } },
        gone: { Action: 'DELETE' },
        put: { Value: { S: 'y' } },
      },
    });
    expect(get()).toEqual({ ...key, n: { N: '3' }, s: { SS: ['b'] }, put: { S: 'y' } });
  });
});

describe('DeleteItem', () => {
  it('removes an item and answers it when asked, and is content with none', () => {
    put({ a: { S: '1' } });
    const input = { TableName: 'main', Key: key, ReturnValues: 'ALL_OLD' };
    expect(t.call('DeleteItem', input)).toEqual({ Attributes: { ...key, a: { S: '1' } } });
    expect(t.call('DeleteItem', input)).toEqual({});
    expect(get()).toBeUndefined();
  });

  it('fails on its condition', () => {
    put({ locked: { BOOL: true } });
    const refused = t.refused('DeleteItem', {
      TableName: 'main',
      Key: key,
      ConditionExpression: 'locked = :v',
      ExpressionAttributeValues: { ':v': { BOOL: false } },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    expect(refused.extra).toEqual({ Item: { ...key, locked: { BOOL: true } } });
    expect(get()).toBeDefined();
  });
});

describe('an action that is not supported', () => {
  it('is refused by name', () => {
    expect(t.refused('ExecuteStatement', {})).toMatchObject({ code: 'UnknownOperationException' });
    expect(t.refused('constructor', {})).toMatchObject({ code: 'UnknownOperationException' });
  });
});
