import { expect, test } from 'vitest';
import { storedBytes } from './stored.ts';

const item = { pk: { S: 'ab' }, sk: { S: 'cd' } };

test('an item takes its bytes and 100 more', () => {
  expect(storedBytes([item])).toBe(8 + 100);
  expect(storedBytes([item, item])).toBe(2 * (8 + 100));
});

test('it takes them once more in each index that it stands in', () => {
  const indexed = { ...item, gsi1pk: { S: 'x' } };
  const size = 8 + 'gsi1pk'.length + 1;

  expect(storedBytes([indexed])).toBe(2 * (size + 100));
});
