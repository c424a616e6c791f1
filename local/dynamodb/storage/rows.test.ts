import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fixture, openMain } from '../test-support.ts';
import { type Range, selectionOf } from './rows.ts';

let t: Fixture;
beforeAll(() => {
  t = openMain();
});
afterAll(() => t.close());

const bytes = Buffer.from([1, 2]);
const bound = { key: bytes, inclusive: true };
const key = { hash: bytes, range: bytes };

function planOf(range: Range, index?: number): string {
  const { text, parameters } = selectionOf(1, range, index);
  const steps = t.store.db.prepare(`EXPLAIN QUERY PLAN ${text}`).all(...parameters);
  return steps.map((step) => step.detail).join('; ');
}

describe('a range of rows', () => {
  it.each<[string, Omit<Range, 'forward'>]>([
    ['a partition', { hash: bytes }],
    ['a part of a partition', { hash: bytes, from: bound, to: bound }],
    ['a partition after a key', { hash: bytes, after: { key, tableKey: key } }],
    ['a part of a partition after a key', { hash: bytes, to: bound, after: { key, tableKey: key } }],
    ['a segment', { segment: { from: bytes, to: bytes } }],
    ['a segment after a key', { segment: { from: bytes, to: bytes }, after: { key, tableKey: key } }],
    ['a table after a key', { after: { key, tableKey: key } }],
  ])('is searched by key and never sorted: %s', (_what, range) => {
    for (const forward of [true, false]) {
      for (const index of [undefined, 1]) {
        expect(planOf({ ...range, forward }, index)).not.toMatch(/SCAN|TEMP B-TREE/);
      }
    }
  });

  it('is scanned in the order of storage when it is everything', () => {
    expect(planOf({ forward: true })).toBe('SCAN dynamodb_items_1');
    expect(planOf({ forward: true }, 1)).not.toContain('TEMP B-TREE');
  });
});
