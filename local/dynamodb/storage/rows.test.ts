import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fixture, openMain } from '../test-support.ts';
import { type Range, selectionOf } from './rows.ts';

let t: Fixture;
beforeAll(() => {
  t = openMain();
});
afterAll(() => t.close());

const numbered = (number: number) => Buffer.from(String(number).padStart(8, '0'));
const [partition, nextPartition] = [numbered(10), numbered(11)];
const bound = (number: number) => ({ key: numbered(number), inclusive: true });
const after = {
  key: { hash: partition, range: numbered(24) },
  tableKey: { hash: partition, range: numbered(24) },
};

const ranges: [string, Omit<Range, 'forward'>][] = [
  ['a partition', { hash: partition }],
  ['a part of a partition', { hash: partition, from: bound(10), to: bound(39) }],
  ['a partition after a key', { hash: partition, after }],
  ['a part of a partition after a key', { hash: partition, to: bound(39), after }],
  ['a segment', { segment: { from: partition, to: nextPartition } }],
  ['a segment after a key', { segment: { from: partition, to: nextPartition }, after }],
  ['a table after a key', { after }],
];

function planOf(range: Range, index?: number): string {
  const { text, parameters } = selectionOf(1, range, index);
  const steps = t.store.db.prepare(`EXPLAIN QUERY PLAN ${text}`).all(...parameters);
  return steps.map((step) => step.detail).join('; ');
}

describe('a range of rows', () => {
  it.each(ranges)('is searched by key and never sorted: %s', (_what, range) => {
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

const [pageSize, partitionSize] = [20, 50];

/** A table of partitions of 50 items, all of which are in its index under the same key. */
function openFilled(items: number): Fixture {
  const filled = openMain();
  const key = `CAST(printf('%08d', n / ${partitionSize}) AS BLOB), CAST(printf('%08d', n % ${partitionSize}) AS BLOB)`;
  const numbers = `WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers LIMIT ${items})`;
  filled.store.db.exec(`
    ${numbers} INSERT INTO dynamodb_items_1 (hash, range, item, size) SELECT ${key}, '{}', 2 FROM numbers;
    ${numbers} INSERT INTO dynamodb_index_1_1 SELECT ${key}, ${key} FROM numbers;`);
  return filled;
}

/**
 * How many rows SQLite looks at for a page of a range. A function in the statement counts them: it stands before the other
 * conditions, so that it sees every row at which those that the search by key leaves over are tried.
 *
 * @param byKey false keeps SQLite from searching by key
 */
function lookedAt(filled: Fixture, range: Range, index?: number, { byKey = true } = {}): number {
  let rows = 0;
  filled.store.db.function('counted', { varargs: true }, () => {
    rows++;
    return 1;
  });
  const { text, parameters } = selectionOf(1, range, index);
  const column = index === undefined ? 'hash' : 'i.ihash';
  const counting = text.replace(' WHERE ', ` WHERE counted(${column}) AND `);
  // A plus before a column keeps its index from being used: https://www.sqlite.org/optoverview.html
  const statement = byKey ? counting : counting.replaceAll(/\S+ [<>=]+ \?/g, '+$&');
  const page = filled.store.db.prepare(`${statement} LIMIT ?`).all(...parameters, pageSize);
  expect(page.length).toBeGreaterThan(0);
  return rows;
}

describe('what a page takes', () => {
  let small: Fixture;
  let large: Fixture;
  beforeAll(() => {
    small = openFilled(1000);
    large = openFilled(50_000);
  });
  afterAll(() => {
    small.close();
    large.close();
  });

  it.each(ranges)('is its own rows, however large the table is: %s', (_what, range) => {
    for (const forward of [true, false]) {
      for (const index of [undefined, 1]) {
        const rows = lookedAt(large, { ...range, forward }, index);
        expect(rows).toBe(lookedAt(small, { ...range, forward }, index));
        expect(rows).toBeLessThanOrEqual(pageSize + 1);
      }
    }
  });

  it('would be most of the table when it were not searched by key', () => {
    for (const index of [undefined, 1]) {
      const range = { hash: partition, forward: false };
      expect(lookedAt(large, range, index, { byKey: false })).toBeGreaterThan(40_000);
    }
  });
});
