import { describe, expect, it } from 'vitest';
import type { Item } from '../values/attributes.ts';
import { expressionsOf } from './expressions.ts';

function updated(UpdateExpression: string, item: Item, values: Item = {}, exists = true): Item {
  const given = Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {};
  const { update } = expressionsOf({ UpdateExpression, ...given });
  return update?.apply(item, values, exists) ?? {};
}

const numbers = (...list: number[]) => ({ L: list.map((n) => ({ N: String(n) })) });
const one = { ':v': { N: '1' } };

describe('updates', () => {
  it('set attributes to values, to other attributes, and to sums and differences', () => {
    const item = { a: { N: '5' }, b: { S: 'x' } };
    expect(updated('SET c = :v, d = b, a = a + :v', item, one)).toEqual({
      a: { N: '6' },
      b: { S: 'x' },
      c: { N: '1' },
      d: { S: 'x' },
    });
    expect(updated('SET a = :v - a', item, one).a).toEqual({ N: '-4' });
  });

  it('compute from the item as it was', () => {
    expect(updated('SET a = b, b = a', { a: { N: '1' }, b: { N: '2' } })).toEqual({
      a: { N: '2' },
      b: { N: '1' },
    });
    expect(updated('REMOVE a SET b = a', { a: { N: '1' } })).toEqual({ b: { N: '1' } });
  });

  it('set what is missing, append to lists, and nest both', () => {
    expect(updated('SET a = if_not_exists(a, :v)', {}, one).a).toEqual({ N: '1' });
    expect(updated('SET a = if_not_exists(a, :v)', { a: { S: 'x' } }, one).a).toEqual({ S: 'x' });
    expect(
      updated('SET l = list_append(if_not_exists(l, :e), :n)', {}, { ':e': { L: [] }, ':n': numbers(1) }).l,
    ).toEqual(numbers(1));
    expect(updated('SET l = list_append(:n, l)', { l: numbers(2) }, { ':n': numbers(1) }).l).toEqual(
      numbers(1, 2),
    );
    expect(updated('SET c = if_not_exists(c, :v) + :v', {}, one).c).toEqual({ N: '2' });
  });

  it('count list indexes in the list as it was', () => {
    const item = { l: numbers(2, 3, 4, 5, 6, 7) };
    expect(updated('REMOVE l[1] SET l[3] = :v', item, one).l).toEqual(numbers(2, 4, 1, 6, 7));
    expect(updated('REMOVE l[0], l[2], l[9]', item).l).toEqual(numbers(3, 5, 6, 7));
    expect(updated('SET l[84] = :v, l[37] = :w', item, { ...one, ':w': { N: '9' } }).l).toEqual(
      numbers(2, 3, 4, 5, 6, 7, 9, 1),
    );
    expect(updated('REMOVE l[0]', { l: numbers(1) }).l).toEqual({ L: [] });
  });

  it('add to numbers and sets, and take from sets until nothing is left', () => {
    expect(updated('ADD n :v', {}, one).n).toEqual({ N: '1' });
    expect(updated('ADD n :v', { n: { N: '0.5' } }, one).n).toEqual({ N: '1.5' });
    const set = { ':s': { SS: ['b', 'c'] } };
    expect(updated('ADD s :s', { s: { SS: ['a', 'b'] } }, set).s).toEqual({ SS: ['a', 'b', 'c'] });
    expect(updated('DELETE s :s', { s: { SS: ['a', 'b'] } }, set).s).toEqual({ SS: ['a'] });
    expect(updated('DELETE s :s', { s: { SS: ['b'] } }, set)).toEqual({});
    expect(updated('DELETE s :s', {}, set)).toEqual({});
  });

  it('reach into maps without touching the old item', () => {
    const item: Item = { m: { M: { x: { N: '1' }, deep: { M: { y: { N: '2' } } } } } };
    const before = structuredClone(item);
    expect(updated('SET m.deep.y = :v REMOVE m.x', item, one).m).toEqual({
      M: { deep: { M: { y: { N: '1' } } } },
    });
    expect(item).toEqual(before);
  });

  it('ignore what is removed from an item that is not there', () => {
    expect(updated('REMOVE m.x, l[0]', { pk: { S: 'a' } }, {}, false)).toEqual({ pk: { S: 'a' } });
  });

  it('tell whether they make an item', () => {
    const creates = (UpdateExpression: string, values?: Item) =>
      expressionsOf({ UpdateExpression, ...(values && { ExpressionAttributeValues: values }) }).update
        ?.creates;
    expect(creates('REMOVE a')).toBe(false);
    expect(creates('DELETE a :s', { ':s': { SS: ['x'] } })).toBe(false);
    expect(creates('SET a = :v', one)).toBe(true);
    expect(creates('ADD a :v REMOVE b', one)).toBe(true);
  });

  it.each<[string, Item, Item, string]>([
    ['SET a = b', {}, {}, 'refers to an attribute that does not exist in the item'],
    [
      'SET a = b + :v',
      { b: { S: 'x' } },
      one,
      'An operand in the update expression has an incorrect data type',
    ],
    ['SET a = list_append(b, :l)', { b: { S: 'x' } }, { ':l': { L: [] } }, 'has an incorrect data type'],
    ['SET m.x = :v', {}, one, 'The document path provided in the update expression is invalid for update'],
    ['SET m.x = :v', { m: { S: 'x' } }, one, 'is invalid for update'],
    ['REMOVE m.x', { pk: { S: 'a' } }, {}, 'is invalid for update'],
    ['SET l[0] = :v', { l: { M: {} } }, one, 'is invalid for update'],
    ['ADD a :v', { a: { S: 'x' } }, one, 'has an incorrect data type'],
    ['ADD a :s', {}, { ':s': { S: 'x' } }, 'operator: ADD, operand type: STRING'],
    ['DELETE a :s', { a: { NS: ['1'] } }, { ':s': { SS: ['1'] } }, 'has an incorrect data type'],
    ['SET a = :v SET b = :v', {}, one, 'The "SET" section can only be used once'],
    ['SET a = :v, a.b = :v', {}, one, 'Two document paths overlap'],
    ['SET a.b = :v, a[1] = :v', {}, one, 'Two document paths conflict'],
    ['SET a = a + :v', { a: { N: '9'.repeat(38) } }, { ':v': { N: '0.1' } }, 'Number overflow'],
  ])('%s is refused for %j', (expression, item, values, message) => {
    expect(() => updated(expression, item, values)).toThrow(message);
  });
});
