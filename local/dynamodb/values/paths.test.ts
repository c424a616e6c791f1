import { describe, expect, it } from 'vitest';
import type { Item } from './attributes.ts';
import { project, valueAt } from './paths.ts';

const ITEM: Item = {
  a: { S: 'x' },
  'a.b': { S: 'dotted' },
  m: { M: { x: { N: '1' }, y: { L: [{ N: '0' }, { N: '1' }, { M: { z: { N: '2' }, w: { N: '3' } } }] } } },
};

describe('paths', () => {
  it('lead to values or nowhere', () => {
    expect(valueAt(ITEM, ['m', 'y', 2, 'z'])).toEqual({ N: '2' });
    expect(valueAt(ITEM, ['a.b'])).toEqual({ S: 'dotted' });
    expect(valueAt(ITEM, ['a', 'b'])).toBeUndefined();
    expect(valueAt(ITEM, ['m', 'y', 9])).toBeUndefined();
    expect(valueAt(ITEM, ['constructor'])).toBeUndefined();
  });

  it('project parts of an item, where chosen list elements move together', () => {
    expect(project(ITEM, [['m', 'y', 2, 'z'], ['m', 'y', 0], ['missing']])).toEqual({
      m: { M: { y: { L: [{ N: '0' }, { M: { z: { N: '2' } } }] } } },
    });
    expect(project(ITEM, [['nothing']])).toEqual({});
  });

  it('project without changing the item', () => {
    const before = structuredClone(ITEM);
    project(ITEM, [
      ['m', 'y', 2, 'z'],
      ['m', 'y', 2, 'w'],
    ]);
    expect(ITEM).toEqual(before);
  });
});
