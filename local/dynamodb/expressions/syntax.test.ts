import { describe, expect, it } from 'vitest';
import type { Item } from '../values/attributes.ts';
import { type ExpressionMembers, expressionsOf } from './expressions.ts';

const refusal = (request: ExpressionMembers): string => {
  try {
    expressionsOf(request);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error(`${JSON.stringify(request)} was not refused`);
};
const refusedCondition = (ConditionExpression: string, ExpressionAttributeValues?: Item): string =>
  refusal({ ConditionExpression, ...(ExpressionAttributeValues && { ExpressionAttributeValues }) });

const v = { ':v': { S: 'x' } };

describe('a syntax error', () => {
  it.each([
    ['ConditionExpression', 'a-b', '-', 'a-b'],
    ['ConditionExpression', 'a = :v AND', '<EOF>', 'AND'],
    ['ConditionExpression', '(a) OR b = :v', 'OR', ') OR b'],
    ['ConditionExpression', 'size()', ')', '()'],
    ['ConditionExpression', 'a = = :v', '=', '= = :v'],
    ['UpdateExpression', 'INVALID SYNTAX HERE', 'INVALID', 'INVALID SYNTAX'],
    ['UpdateExpression', 'SET', '<EOF>', 'SET'],
    ['UpdateExpression', 'ADD hits : incr', ':', 'hits : incr'],
    ['UpdateExpression', 'SET a = :v,', '<EOF>', ','],
    ['ProjectionExpression', '!!! INVALID !!!', '!', '!!'],
    ['ProjectionExpression', 'l[a]', 'a', '[a]'],
    ['ProjectionExpression', 'l[01]', '1', '01]'],
  ])('of %s "%s" shows the token with its neighbours', (member, text, token, near) => {
    expect(refusal({ [member]: text })).toBe(
      `Invalid ${member}: Syntax error; token: "${token}", near: "${near}"`,
    );
  });

  it('is found before names and values are looked up', () => {
    expect(refusedCondition('#a = :w AND )')).toContain('token: ")"');
  });
});

describe('parentheses', () => {
  const accepted = (ConditionExpression: string) =>
    expressionsOf({ ConditionExpression, ExpressionAttributeValues: v });

  it.each(['(a) = :v', '(a = :v AND (b = (:v)))', 'NOT (a = :v) OR ((size(b)) > :v AND c = :v)'])(
    'may enclose conditions and operands: %s',
    (expression) => expect(accepted(expression).condition).toBeDefined(),
  );

  it.each(['((a = :v))', '((a)) = :v', 'a = :v AND ((b = :v))'])('may not be doubled: %s', (expression) => {
    expect(refusedCondition(expression, v)).toBe(
      'Invalid ConditionExpression: The expression has redundant parentheses;',
    );
  });

  it('are read in one pass, however many there are', () => {
    const deep = `${'(a = :v AND '.repeat(140)}a = :v${')'.repeat(140)}`;
    const started = performance.now();
    expect(accepted(deep).condition).toBeDefined();
    expect(refusedCondition('('.repeat(4000))).toContain('redundant parentheses');
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('an expression', () => {
  const many = (count: number, of: (index: number) => string, joint: string): string =>
    Array.from({ length: count }, (_, index) => of(index)).join(joint);

  it('may hold 300 operators and functions, and no more', () => {
    const conjunction = (count: number) => ({
      ConditionExpression: many(count, () => 'a=:v', ' OR '),
      ExpressionAttributeValues: v,
    });
    expect(expressionsOf(conjunction(150)).condition).toBeDefined();
    expect(refusal(conjunction(151))).toBe(
      'Invalid ConditionExpression: The expression contains too many operators; operator count: 301',
    );
  });

  it('may compare with 100 values, and no more', () => {
    const values = (count: number): Item =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`:v${index}`, { N: String(index) }]));
    const within = (count: number) => ({
      FilterExpression: `a IN (${Object.keys(values(count)).join(',')})`,
      ExpressionAttributeValues: values(count),
    });
    expect(expressionsOf(within(100)).filter).toBeDefined();
    expect(refusal(within(101))).toContain('too many operands; number of operands: 101');
  });

  it('may name paths of 32 steps, and no longer ones', () => {
    const path = (steps: number) => ({ ProjectionExpression: many(steps, (index) => `a${index}`, '.') });
    expect(expressionsOf(path(32)).projection?.[0]).toHaveLength(32);
    expect(refusal(path(33))).toContain('too many nesting levels; nesting levels: 33');
  });

  it('takes keywords in any case, and those of others as reserved words', () => {
    const condition = 'a between :v and :v Or b in (:v)';
    expect(
      expressionsOf({ ConditionExpression: condition, ExpressionAttributeValues: v }).condition,
    ).toBeDefined();
    expect(refusal({ ProjectionExpression: 'a, set' })).toContain('reserved keyword: set');
  });

  it.each([
    ['starts_with(a, :v)', 'Invalid function name; function: starts_with'],
    [
      'if_not_exists(a, :v)',
      'The function is not allowed in a condition expression; function: if_not_exists',
    ],
    ['begins_with(a, :v) = :v', 'The function is not allowed to be used this way in an expression'],
    ['begins_with(a)', 'operator or function: begins_with, number of operands: 1'],
    ['attribute_exists(:v)', 'requires a document path; operator or function: attribute_exists'],
    ['contains(a.b[1], a.b[1])', 'operator: contains, first operand: [a, b, [1]]'],
    ['a = a', 'operator: =, first operand: [a]'],
    ['a[99999999999] = :v', 'List index is not within the allowable range; index: [99999999999]'],
  ])('is refused for what it calls or compares: %s', (expression, message) => {
    expect(refusedCondition(expression, v)).toContain(message);
  });

  it('is refused in an update for a function of conditions', () => {
    expect(refusal({ UpdateExpression: 'SET a = size(b)' })).toContain(
      'The function is not allowed in an update expression; function: size',
    );
  });

  it('is told of every name and value that it does not use', () => {
    const names = { '#a': 'a', '#b': 'b', '#c': 'c' };
    expect(refusal({ ProjectionExpression: '#b', ExpressionAttributeNames: names })).toBe(
      'Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #c}',
    );
  });

  it('finds no placeholder among the members of every object', () => {
    expect(refusal({ ProjectionExpression: '#constructor' })).toContain('attribute name: #constructor');
  });
});
