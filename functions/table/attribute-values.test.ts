import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromAttributes, toAttributes } from './attribute-values.ts';

const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    fc.integer(),
    fc.double({ min: -1e9, max: 1e9, noNaN: true }),
    fc.boolean(),
    fc.constantFrom(null, undefined),
    fc.array(tie('value')),
    fc.dictionary(fc.string(), tie('value')),
  ),
}));
const items = fc.dictionary(fc.string(), value, { noNullPrototype: true });

describe('the attributes of an item', () => {
  test("are those that the SDK's document client writes, and are read as it reads them", () => {
    fc.assert(
      fc.property(items, (item) => {
        const attributes = toAttributes(item);

        expect(attributes).toEqual(marshall(item, { removeUndefinedValues: true }));
        expect(fromAttributes(attributes)).toEqual(unmarshall(attributes));
      }),
    );
  });

  test('may be sets', () => {
    const item = { names: new Set(['a', 'b']), sizes: new Set([1, 2]) };

    expect(toAttributes(item)).toEqual({ names: { SS: ['a', 'b'] }, sizes: { NS: ['1', '2'] } });
    expect(fromAttributes(toAttributes(item))).toEqual(item);
  });

  test.each([
    ['no number', Number.NaN, /Special numeric value NaN is not allowed/],
    ['a number too large to be kept', 2 ** 60, /greater than Number.MAX_SAFE_INTEGER/],
    ['a date', new Date(0), /Unsupported type/],
  ])('are refused when a value is %s', (_, wrong, message) => {
    expect(() => toAttributes({ deep: [{ wrong }] })).toThrow(message);
  });
});
