import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AttributeValue } from './attributes.ts';
import { areNormal, isTooDeep } from './normal.ts';
import { problemOf } from './problems.ts';

const base64 = fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes).toString('base64'));
const literal = fc.oneof(
  fc.double().map(String),
  fc.integer().map(String),
  fc.constantFrom('1.0', '-0', '01', '1e5', '.5', '', 'x'),
  fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }).map(String),
);
const { value } = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.record({ S: fc.string() }),
    fc.record({ N: literal }),
    fc.record({ B: base64 }),
    fc.record({ BOOL: fc.boolean() }),
    fc.record({ NULL: fc.boolean() }),
    fc.record({ SS: fc.array(fc.string({ maxLength: 2 }), { maxLength: 3 }) }),
    fc.record({ NS: fc.array(literal, { maxLength: 3 }) }),
    fc.record({ BS: fc.array(base64, { maxLength: 3 }) }),
    fc.record({ L: fc.array(tie('value'), { maxLength: 3 }) }),
    fc.record({ M: fc.dictionary(fc.string({ minLength: 1, maxLength: 3 }), tie('value'), { maxKeys: 3 }) }),
  ),
}));

const nested = (levels: number): AttributeValue =>
  levels === 0 ? { S: 'leaf' } : { M: { n: nested(levels - 1) } };

describe('values in normal form', () => {
  it('are those that the thorough check accepts and leaves alone', () => {
    let normal = 0;
    fc.assert(
      fc.property(value, (one) => {
        if (!areNormal({ one })) return;
        normal++;
        const checked = structuredClone(one);
        expect(problemOf(checked)).toBeUndefined();
        expect(checked).toEqual(one);
      }),
      { numRuns: 3000 },
    );
    expect(normal).toBeGreaterThan(500);
  });

  it.each<[string, unknown]>([
    ['an unknown type', { X: 'a' }],
    ['two types', { S: 'a', N: '1' }],
    ['no type', {}],
    ['a string that is a number', { S: 1 }],
    ['a number that is none', { N: 'abc' }],
    ['a superfluous zero', { N: '1.0' }],
    ['an empty set', { SS: [] }],
    ['a set with a member twice', { NS: ['1', '1'] }],
    ['base64 with stray bits', { B: 'AB==' }],
    ['a null that is false', { NULL: false }],
  ])('are not %s', (_what, one) => {
    expect(areNormal({ one })).toBe(false);
  });

  it('are nested 32 levels deep at most', () => {
    expect(areNormal({ deep: nested(31) })).toBe(true);
    expect(isTooDeep(nested(31))).toBe(false);
    expect(areNormal({ deep: nested(32) })).toBe(false);
    expect(isTooDeep(nested(32))).toBe(true);
  });
});
