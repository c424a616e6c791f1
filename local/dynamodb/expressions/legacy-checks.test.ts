import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Fixture, openMain } from '../test-support.ts';

let t: Fixture;
beforeEach(() => {
  t = openMain();
});
afterEach(() => t.close());

const key = { pk: { S: 'a' }, sk: { S: 'b' } };
const eq = (value: object) => ({ ComparisonOperator: 'EQ', AttributeValueList: [value] });
const query = (rest: object) => ({ TableName: 'main', KeyConditions: { pk: eq({ S: 'a' }) }, ...rest });

describe('legacy conditions', () => {
  it('compare with values of every type where that has a meaning', () => {
    t.call('PutItem', { TableName: 'main', Item: { ...key, flag: { BOOL: true } } });
    expect(t.call('Query', query({ QueryFilter: { flag: eq({ BOOL: true }) } })).Count).toBe(1);
    expect(t.call('Query', query({ QueryFilter: { flag: eq({ BOOL: false }) } })).Count).toBe(0);
    const less = { ComparisonOperator: 'LT', AttributeValueList: [{ BOOL: true }] };
    expect(t.refused('Query', query({ QueryFilter: { flag: less } })).message).toBe(
      'One or more parameter values were invalid: ComparisonOperator LT is not valid for BOOL AttributeValue type',
    );
  });

  it.each([
    [
      'too few values',
      { ComparisonOperator: 'BETWEEN', AttributeValueList: [{ N: '1' }] },
      'Invalid number of',
    ],
    [
      'values of two types',
      { ComparisonOperator: 'IN', AttributeValueList: [{ N: '1' }, { S: '1' }] },
      'same type',
    ],
    [
      'bounds in the wrong order',
      { ComparisonOperator: 'BETWEEN', AttributeValueList: [{ N: '2' }, { N: '1' }] },
      'lower bound is greater than the upper bound',
    ],
    ['a value for none', { ComparisonOperator: 'NULL', AttributeValueList: [{ N: '1' }] }, 'for the NULL'],
  ])('are refused with %s', (_what, condition, message) => {
    expect(t.refused('Scan', { TableName: 'main', ScanFilter: { a: condition } }).message).toContain(message);
  });

  it('are joined only where there are several', () => {
    const joined = (rest: object) =>
      t.refused('Scan', { TableName: 'main', ConditionalOperator: 'OR', ...rest }).message;
    expect(joined({})).toBe('ConditionalOperator cannot be used without Filter or Expected');
    expect(joined({ ScanFilter: { a: eq({ N: '1' }) } })).toContain('has two or more elements');
  });

  it('name one or two keys', () => {
    expect(t.refused('Query', query({ KeyConditions: {} })).message).toBe(
      'Conditions can be of length 1 or 2 only',
    );
  });
});

describe('legacy updates', () => {
  it('put a value when they name no action, and add to the same type only', () => {
    const update = (AttributeUpdates: object) => ({ TableName: 'main', Key: key, AttributeUpdates });
    t.call('UpdateItem', update({ a: { Value: { S: 'x' } } }));
    expect(t.call('GetItem', { TableName: 'main', Key: key }).Item).toEqual({ ...key, a: { S: 'x' } });
    expect(t.refused('UpdateItem', update({ a: { Action: 'ADD', Value: { N: '1' } } })).message).toBe(
      'Type mismatch for attribute to update',
    );
  });
});

describe('the name of an attribute', () => {
  const put = (name: string) => ({ TableName: 'main', Item: { ...key, [name]: { S: 'x' } } });

  it('has less than 64 KB', () => {
    const longest = 'n'.repeat(65535);
    t.call('PutItem', put(longest));
    expect(
      t.call('GetItem', {
        TableName: 'main',
        Key: key,
        ProjectionExpression: '#n',
        ExpressionAttributeNames: { '#n': longest },
      }).Item,
    ).toEqual({ [longest]: { S: 'x' } });
    const tooLong = `${longest}n`;
    const message = 'Attribute name is too large, must be less than 65536 bytes';
    expect(t.refused('PutItem', put(tooLong)).message).toContain(message);
    expect(
      t.refused('GetItem', {
        TableName: 'main',
        Key: key,
        ProjectionExpression: '#n',
        ExpressionAttributeNames: { '#n': tooLong },
      }).message,
    ).toBe(`ExpressionAttributeNames contains invalid value: ${message} for key #n`);
    expect(t.refused('GetItem', { TableName: 'main', Key: key, AttributesToGet: [tooLong] }).message).toBe(
      message,
    );
  });
});
