import { expect, test } from 'vitest';
import { differingIn, recordedIn } from './flat.ts';
import type { Measured } from './measure.ts';
import { usageOf } from './usage.ts';

const measured = (name: string, reads: number): Measured => ({
  name,
  field: 'Query.x',
  rows: 1,
  request: usageOf([{ by: 'customers', what: 'read', amount: reads }]),
  after: usageOf([]),
});

test('the same units in any order are no difference', () => {
  const all = [measured('a', 1), measured('b', 2)];

  expect(differingIn(all, all.toReversed())).toEqual([]);
});

test('an operation that takes more, one that is new and one that is gone are named', () => {
  const before = [measured('same', 1), measured('more', 1), measured('gone', 1)];
  const now = [measured('same', 1), measured('more', 1.5), measured('new', 1)];

  expect(differingIn(before, now)).toEqual(['more', 'gone', 'new']);
});

test('a firm of a size is recorded once, and the smallest stands first', () => {
  const record = (customers: number, measuredOn: string) => ({
    ...{ customers, measuredOn, operations: 1, differing: [] },
  });
  const flat = recordedIn({ records: [record(1000, 'then'), record(5000, 'then')] }, record(1000, 'now'));

  expect(flat.records).toEqual([record(1000, 'now'), record(5000, 'then')]);
});
