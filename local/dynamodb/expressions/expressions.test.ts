import { describe, expect, it } from 'vitest';
import { expressionsOf } from './expressions.ts';

describe('expressions', () => {
  it('are compiled once for requests that differ in values only', () => {
    const request = (value: string) => ({
      ConditionExpression: '#a = :v',
      ExpressionAttributeNames: { '#a': 'cached' },
      ExpressionAttributeValues: { ':v': { S: value } },
    });
    const first = expressionsOf(request('x'));
    const second = expressionsOf(request('y'));
    expect(second).toBe(first);
    expect(second.condition?.({ cached: { S: 'y' } }, { ':v': { S: 'y' } })).toBe(true);
  });

  it('are compiled anew for other names, other types of values, and other members', () => {
    const values = { ':v': { S: 'x' } };
    const base = { ConditionExpression: '#a = :v', ExpressionAttributeValues: values };
    const first = expressionsOf({ ...base, ExpressionAttributeNames: { '#a': 'one' } });
    expect(expressionsOf({ ...base, ExpressionAttributeNames: { '#a': 'two' } })).not.toBe(first);
    expect(
      expressionsOf({
        ...base,
        ExpressionAttributeNames: { '#a': 'one' },
        ExpressionAttributeValues: { ':v': { N: '1' } },
      }),
    ).not.toBe(first);
    const filter = expressionsOf({
      FilterExpression: '#a = :v',
      ExpressionAttributeNames: { '#a': 'one' },
      ExpressionAttributeValues: values,
    });
    expect(filter.condition).toBeUndefined();
    expect(filter.filter).toBeDefined();
  });

  it('are checked again where values decide whether they are valid', () => {
    const between = (low: string, high: string) =>
      expressionsOf({
        ConditionExpression: 'a BETWEEN :l AND :h',
        ExpressionAttributeValues: { ':l': { S: low }, ':h': { S: high } },
      });
    between('a', 'b');
    expect(() => between('b', 'a')).toThrow('The BETWEEN operator requires upper bound');
    const typed = (type: string) =>
      expressionsOf({
        ConditionExpression: 'attribute_type(a, :t)',
        ExpressionAttributeValues: { ':t': { S: type } },
      });
    expect(typed('SS').condition?.({ a: { S: 'x' } }, { ':t': { S: 'SS' } })).toBe(false);
    expect(typed('S').condition?.({ a: { S: 'x' } }, { ':t': { S: 'S' } })).toBe(true);
    expect(() => typed('STRING')).toThrow('Invalid attribute type name found; type: STRING');
  });

  it('may hold 4096 bytes each', () => {
    const expression = (length: number) => 'a'.repeat(length);
    expect(expressionsOf({ ProjectionExpression: expression(4096) }).projection).toHaveLength(1);
    expect(() => expressionsOf({ ProjectionExpression: expression(4097) })).toThrow(
      'Expression size has exceeded the maximum allowed size; expression size: 4097',
    );
  });

  it('hand the same value to two placeholders', () => {
    const shared = { S: 'x' };
    const { condition } = expressionsOf({
      ConditionExpression: 'a = :v AND b = :w',
      ExpressionAttributeValues: { ':v': shared, ':w': shared },
    });
    expect(condition?.({ a: { S: '1' }, b: { S: '2' } }, { ':v': { S: '1' }, ':w': { S: '2' } })).toBe(true);
  });
});
