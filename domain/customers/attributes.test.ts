import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { refusalOf } from '../../test/support/domain.ts';
import { checkInput } from '../input.ts';
import { attributesInput, changeAttributes, mostAttributeBytes, mostAttributes } from './attributes.ts';

const check = (attributes: unknown) =>
  checkInput(v.object({ attributes: attributesInput }), { attributes }).attributes;
const refusal = (attributes: unknown) => refusalOf(() => check(attributes));
const many = (count: number, value: unknown = 1) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`a${n}`, value]));

describe('attributes as clients send them', () => {
  const sent = {
    vip: true,
    size: 42.5,
    most: Number.MAX_SAFE_INTEGER,
    note: '',
    tags: ['a', 'b'],
    gone: null,
    constructor: 'Brunel',
  };

  test('are an object, or its JSON text, and come out in the order of their names', () => {
    expect(check(sent)).toEqual(sent);
    expect(check(JSON.stringify(sent))).toEqual(sent);
    expect(Object.keys(check(sent) ?? {})).toEqual(Object.keys(sent).toSorted());
  });

  test('may be left out or null', () => {
    expect([check(undefined), check(null)]).toEqual([undefined, null]);
  });

  test.each([
    ['no JSON', 'are not an object'],
    ['[]', 'are not an object'],
    ['7', 'are not an object'],
    [7, 'are not an object'],
    [[], 'are not an object'],
    [{ '': 1 }, 'is no name'],
    [{ '1st': 1 }, 'is no name'],
    [{ 'two words': 1 }, 'is no name'],
    ['{"__proto__": 1}', 'is no name'],
    [{ [`x${'y'.repeat(64)}`]: 1 }, 'is no name'],
    [{ a: {} }, 'a is no text, number, boolean or list of texts'],
    ['{"a": 1e999}', 'a is too large a number'],
    ['{"card": 9007199254740993}', 'card is too large a number: send it as a text'],
    [{ a: -1e16 }, 'a is too large a number'],
    [{ a: 'x'.repeat(1025) }, 'a has a text of 1025 characters; at most 1024'],
    [{ a: '\uD83D' }, 'a has half a character'],
    [{ a: [1] }, 'a is a list of other things than texts'],
    [{ a: ['x'.repeat(1025)] }, 'at most 1024'],
    [{ a: Array(51).fill('x') }, 'a has 51 texts; at most 50'],
  ])('are refused as %j', (wrong, message) => {
    const refused = refusal(wrong);

    expect(refused).toMatchObject({ code: 'INPUT.INVALID', info: { field: 'attributes' } });
    expect(refused.message).toContain(message);
  });
});

describe('changeAttributes', () => {
  test('sets what is named, removes what is null, keeps the rest', () => {
    expect(changeAttributes({ a: 1, b: 2, c: 3 }, { a: 4, b: null })).toEqual({ a: 4, c: 3 });
    expect(changeAttributes({ a: 1 }, { a: null, b: null })).toBeUndefined();
    expect(changeAttributes(undefined, {})).toBeUndefined();
  });

  test('is the same done twice', () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const present = fc.dictionary(name, fc.oneof(fc.integer(), fc.string()));
    const changes = fc.dictionary(name, fc.oneof(fc.integer(), fc.constant(null)));

    fc.assert(
      fc.property(present, changes, (before, wanted) => {
        const once = changeAttributes(before, wanted);
        expect(changeAttributes(once, wanted)).toEqual(once);
      }),
    );
  });

  test('takes 50 names and refuses one more, unless another goes', () => {
    const full = changeAttributes(undefined, many(mostAttributes) as never);

    expect(Object.keys(full ?? {})).toHaveLength(mostAttributes);
    expect(refusalOf(() => changeAttributes(full, { more: 1 }))).toMatchObject({
      code: 'INPUT.INVALID',
      info: { field: 'attributes', value: 51 },
    });
    expect(changeAttributes(full, { more: 1, a0: null })).toHaveProperty('more', 1);
  });

  test('takes 16 KB of JSON and refuses more', () => {
    const refused = refusalOf(() => changeAttributes(undefined, many(17, 'é'.repeat(500)) as never));

    expect(refused.message).toContain(`at most ${mostAttributeBytes}: set some to null`);
    expect(changeAttributes(undefined, many(16, 'é'.repeat(500)) as never)).toHaveProperty('a15');
  });
});
