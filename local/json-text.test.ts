import { expect, test } from 'vitest';
import { withText } from './json-text.ts';

test.each([
  [{ Item: '{"a":1}' }, { Count: 1 }, '{"Item":{"a":1},"Count":1}'],
  [{ Item: '[]' }, {}, '{"Item":[]}'],
  [{ Item: undefined }, { Count: 1, Left: undefined }, '{"Count":1}'],
  [{ Item: undefined, 'a"b': '1' }, false, '{"a\\"b":1}'],
  [{}, {}, '{}'],
] as const)('%j with %j is one object', (texts, members, text) => {
  expect(withText(texts, members).text).toBe(text);
});
