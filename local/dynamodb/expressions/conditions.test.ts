import { describe, expect, it } from 'vitest';
import type { Item } from '../values/attributes.ts';
import { expressionsOf } from './expressions.ts';

const ITEM: Item = {
  s: { S: 'hello' },
  n: { N: '5' },
  b: { B: 'aGk=' },
  yes: { BOOL: true },
  off: { BOOL: false },
  nil: { NULL: true },
  blank: { S: '' },
  elems: { L: [{ N: '1' }, { M: { x: { S: 'leaf' } } }] },
  doc: { M: { x: { N: '7' }, deep: { M: { y: { N: '8' } } } } },
  tags: { SS: ['a', 'b'] },
};

function holds(ConditionExpression: string, values: Item = {}, item: Item = ITEM): boolean {
  const given = Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {};
  const { condition } = expressionsOf({ ConditionExpression, ...given });
  return condition?.(item, values) ?? false;
}

describe('conditions', () => {
  it.each<[string, Item, boolean]>([
    ['n = :v', { ':v': { N: '5' } }, true],
    ['n = :v', { ':v': { N: '5.0' } }, true],
    ['n = :v', { ':v': { S: '5' } }, false],
    ['n <> :v', { ':v': { S: '5' } }, true],
    ['gone = :v', { ':v': { N: '5' } }, false],
    ['gone <> :v', { ':v': { N: '5' } }, true],
    ['n < :v', { ':v': { N: '10' } }, true],
    ['n > :v', { ':v': { N: '10' } }, false],
    ['s >= :v', { ':v': { S: 'hello' } }, true],
    ['s < :v', { ':v': { N: '10' } }, false],
    [':v < n', { ':v': { N: '4' } }, true],
    ['n BETWEEN :a AND :b', { ':a': { N: '5' }, ':b': { N: '6' } }, true],
    ['n BETWEEN :a AND :b', { ':a': { N: '6' }, ':b': { N: '7' } }, false],
    ['off IN (:a, :b)', { ':a': { BOOL: true }, ':b': { BOOL: false } }, true],
    ['doc.x IN (:a)', { ':a': { N: '8' } }, false],
    ['tags = :v', { ':v': { SS: ['b', 'a'] } }, true],
    ['doc = :v', { ':v': { M: { deep: { M: { y: { N: '8' } } }, x: { N: '7' } } } }, true],
    ['begins_with(s, :v)', { ':v': { S: 'hell' } }, true],
    ['contains(elems, :v)', { ':v': { M: { x: { S: 'leaf' } } } }, true],
    ['contains(tags, :v)', { ':v': { S: 'b' } }, true],
    ['attribute_type(off, :v)', { ':v': { S: 'BOOL' } }, true],
    ['attribute_type(blank, :v)', { ':v': { S: 'S' } }, true],
    ['attribute_type(n, :v)', { ':v': { S: 'S' } }, false],
    ['size(s) = :v', { ':v': { N: '5' } }, true],
    ['size(blank) = :v', { ':v': { N: '0' } }, true],
    ['size(elems) < :v', { ':v': { N: '3' } }, true],
    ['size(b) = :v', { ':v': { N: '2' } }, true],
    ['size(n) = :v', { ':v': { N: '1' } }, false],
    ['elems[1].x = :v', { ':v': { S: 'leaf' } }, true],
    ['elems[2].x = :v', { ':v': { S: 'leaf' } }, false],
    ['doc.deep.y = :v', { ':v': { N: '8' } }, true],
    ['NOT n = :v', { ':v': { N: '5' } }, false],
    ['n = :v OR s = :v AND s = :w', { ':v': { N: '5' }, ':w': { S: 'x' } }, true],
    ['(n = :v OR s = :v) AND s = :w', { ':v': { N: '5' }, ':w': { S: 'x' } }, false],
  ])('%s is decided for %j: %s', (expression, values, expected) => {
    expect(holds(expression, values)).toBe(expected);
  });

  it.each([
    ['attribute_exists(off)', true],
    ['attribute_exists(nil)', true],
    ['attribute_not_exists(doc.z)', true],
    ['attribute_not_exists(elems[0])', false],
    ['gone = lost', false],
    ['gone <> lost', true],
    ['gone < lost', false],
  ])('%s is decided without values: %s', (expression, expected) => {
    expect(holds(expression)).toBe(expected);
  });

  it('counts the UTF-16 units of a string', () => {
    expect(holds('size(s) = :v', { ':v': { N: '3' } }, { s: { S: 'é\u{1d11e}' } })).toBe(true);
  });

  it.each<[string, Item, string]>([
    ['n < :v', { ':v': { L: [] } }, 'operator or function: <, operand type: L'],
    ['n BETWEEN :v AND :v', { ':v': { BOOL: true } }, 'operator or function: BETWEEN, operand type: BOOL'],
    ['begins_with(s, :v)', { ':v': { N: '1' } }, 'operator or function: begins_with, operand type: N'],
    ['n = :v AND size(s)', { ':v': { N: '1' } }, 'The function is not allowed to be used this way'],
    ['n = :v AND', { ':v': { N: '1' } }, 'Syntax error'],
    ['n = :w', { ':v': { N: '1' } }, 'attribute value: :w'],
    ['n = :v', { ':v': { N: '1' }, ':w': { N: '1' } }, 'unused in expressions: keys: {:w}'],
    ['n = :v', { ':v': { N: 'one' } }, 'cannot be converted to a numeric value: one'],
    ['n = :v OR name = :v', { ':v': { N: '1' } }, 'reserved keyword; reserved keyword: name'],
    [
      'n BETWEEN :v AND :w',
      { ':v': { N: '2' }, ':w': { N: '1' } },
      'upper bound to be greater than or equal to',
    ],
  ])('%s with %j is refused', (expression, values, message) => {
    expect(() => holds(expression, values)).toThrow(message);
  });
});
