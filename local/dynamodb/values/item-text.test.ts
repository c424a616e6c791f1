import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readItem, selectionOf, writeItem } from './item-text.ts';
import { project } from './paths.ts';

const item = { pk: { S: 'a\n,"b":' }, 'it"em': { N: '1' }, list: { L: [{ S: 'x' }, { S: 'y' }] } };

test('an item is stored with a line for each attribute, and nothing in a value begins one', () => {
  expect(writeItem(item).split('\n')).toEqual([
    '{"pk":{"S":"a\\n,\\"b\\":"}',
    ',"it\\"em":{"N":"1"}',
    ',"list":{"L":[{"S":"x"},{"S":"y"}]}}',
  ]);
  expect(writeItem({})).toBe('{}');
});

test.each([
  ['nothing, for all', undefined, writeItem(item)],
  ['some', [['list'], ['pk'], ['none']], '{"pk":{"S":"a\\n,\\"b\\":"},"list":{"L":[{"S":"x"},{"S":"y"}]}}'],
  ['none that is there', [['none']], '{}'],
  ['one with a quote', [['it"em']], '{"it\\"em":{"N":"1"}}'],
  ['a part of one', [['list', 1]], '{"list":{"L":[{"S":"y"}]}}'],
])('paths may name %s', (_, paths, text) => {
  expect(selectionOf(paths)(writeItem(item))).toBe(text);
});

test('items that were stored in one line are read too', () => {
  expect(selectionOf([['pk']])(JSON.stringify(item))).toBe('{"pk":{"S":"a\\n,\\"b\\":"}}');
});

// No two with escapes are as long as each other: V8 13.6 takes such a name for another of its length that it has seen.
const names = fc.constantFrom('a', ':', ':b', '{', 'ä', '\u2028', 'a"', '":\n', ',"a\\', '{"a":');
const values = fc.oneof(
  fc.string({ unit: 'binary' }).map((S) => ({ S })),
  fc.dictionary(names, fc.constant({ S: '\n,"a":' })).map((M) => ({ M })),
);

test('property: an item is read as it was written, and selected from as if it had been read', () => {
  const items = fc.dictionary(names, values, { noNullPrototype: true });
  fc.assert(
    fc.property(items, fc.uniqueArray(names, { minLength: 1 }), (any, wanted) => {
      const paths = wanted.map((name) => [name]);
      expect(readItem(writeItem(any))).toEqual(any);
      expect(readItem(selectionOf(paths)(writeItem(any)))).toEqual(project(any, paths));
    }),
  );
});
