import { expect, test } from 'vitest';
import { manifest } from '../../graphql/manifest.ts';
import { operations } from './operations.ts';

/** What clients may ask: fields that only the stack itself calls begin with a line. */
const offered = Object.keys(manifest).filter((field) => /^(Query|Mutation)\.[^_]/.test(field));

test('every query and mutation of the contract is measured', () => {
  const measured = new Set<string>(operations.map(({ field }) => field));

  expect(offered.length).toBeGreaterThan(30);
  expect(offered.filter((field) => !measured.has(field))).toEqual([]);
});

test('nothing is measured that the contract does not offer', () => {
  expect(operations.map(({ field }) => field).filter((field) => !offered.includes(field))).toEqual([]);
});

test('no two operations have the same name', () => {
  const names = operations.map(({ name }) => name);

  expect(new Set(names).size).toBe(names.length);
});
