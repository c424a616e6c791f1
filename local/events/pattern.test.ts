import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PatternError } from './leaf.ts';
import { compilePattern } from './pattern.ts';
import { wildcardMatcher } from './wildcard.ts';

const matches = (pattern: unknown, event: object) => compilePattern(pattern)(event);
/** Whether one value of a field `f` passes the given alternatives. */
const passes = (values: unknown[], value: unknown) => matches({ f: values }, { f: value });

describe('exact values', () => {
  it.each([
    ['a string', ['placed'], 'placed', true],
    ['another string', ['placed'], 'Placed', false],
    ['one of several', ['a', 'b'], 'b', true],
    ['a number', [300], 300, true],
    ['a number written otherwise', [3.0e2], 300, true],
    ['a number as a string', [300], '300', false],
    ['true', [true], true, true],
    ['false for true', [true], false, false],
    ['null', [null], null, true],
    ['null for an empty string', [null], '', false],
    ['an empty string', [''], '', true],
    ['an element of an array', ['b'], ['a', 'b'], true],
    ['an element of an array in an array', ['b'], ['a', ['b']], true],
    ['no element of an array', ['c'], ['a', 'b'], false],
    ['an empty array', ['a'], [], false],
    ['an object', ['a'], { a: 1 }, false],
  ])('%s', (_, values, value, expected) => {
    expect(passes(values, value)).toBe(expected);
  });

  it('need every field of the pattern', () => {
    const pattern = { source: ['shop'], detail: { state: ['open'], total: [1] } };
    expect(matches(pattern, { source: 'shop', detail: { state: 'open', total: 1 } })).toBe(true);
    expect(matches(pattern, { source: 'shop', detail: { state: 'open' } })).toBe(false);
    expect(matches(pattern, { source: 'shop' })).toBe(false);
  });

  it('never find what only the prototype of an object has', () => {
    expect(matches({ detail: { constructor: { name: ['Object'] } } }, { detail: {} })).toBe(false);
  });
});

describe('comparisons', () => {
  it.each([
    ['prefix', 'eu-', 'eu-central-1', true],
    ['prefix', 'eu-', 'us-east-1', false],
    ['prefix', 'eu-', 5, false],
    ['prefix', { 'equals-ignore-case': 'EU-' }, 'eu-west-1', true],
    ['prefix', { 'equals-ignore-case': 'EU-' }, 'us-west-1', false],
    ['suffix', '.png', 'a.png', true],
    ['suffix', '.png', 'a.PNG', false],
    ['suffix', { 'equals-ignore-case': '.png' }, 'a.PNG', true],
    ['equals-ignore-case', 'Alice', 'aLICE', true],
    ['equals-ignore-case', 'Alice', 'alice2', false],
    ['equals-ignore-case', 'ÄRZTIN', 'ärztin', true],
    ['wildcard', 'dir/*.png', 'dir/a/b.png', true],
    ['wildcard', 'dir/*.png', 'dir/b.jpg', false],
    ['wildcard', '*', '', true],
    ['wildcard', 'a*a', 'a', false],
    ['wildcard', 'a*b*c', 'a-b-b-c', true],
    ['wildcard', 'a*bc*c', 'abc', false],
    ['wildcard', '*ab*ab*', 'xab', false],
    ['wildcard', String.raw`2\*3*`, '2*3=6', true],
    ['wildcard', String.raw`2\*3*`, '2+3=5', false],
    ['wildcard', String.raw`C:\\*`, String.raw`C:\temp`, true],
    ['wildcard', 'none', 'none', true],
    ['wildcard', '*', 5, false],
    ['numeric', ['=', 3.018e2], 301.8, true],
    ['numeric', ['<', 10], 10, false],
    ['numeric', ['<=', 10], 10, true],
    ['numeric', ['>', -1], 0, true],
    ['numeric', ['>=', 5e9], 5e9, true],
    ['numeric', ['>', 0, '<=', 5], 5, true],
    ['numeric', ['>', 0, '<=', 5], 0, false],
    ['numeric', ['>', 0, '<=', 5], '3', false],
    ['cidr', '10.0.0.0/24', '10.0.0.255', true],
    ['cidr', '10.0.0.0/24', '10.0.1.0', false],
    ['cidr', '10.0.0.0/24', 'not an address', false],
    ['cidr', '2001:db8::/32', '2001:db8:1::1', true],
    ['cidr', '2001:db8::/32', '10.0.0.1', false],
    ['anything-but', 'draft', 'open', true],
    ['anything-but', 'draft', 'draft', false],
    ['anything-but', 'draft', 7, true],
    ['anything-but', ['a', 'b'], 'c', true],
    ['anything-but', ['a', 'b'], 'b', false],
    ['anything-but', 100, 200, true],
    ['anything-but', [100, 200], 200, false],
    ['anything-but', [100, 200], '200', true],
    ['anything-but', 'a', ['a', 'b'], true],
    ['anything-but', 'a', ['a'], false],
    ['anything-but', { prefix: 'in' }, 'out', true],
    ['anything-but', { prefix: 'in' }, 'inner', false],
    ['anything-but', { prefix: ['a', 'b'] }, 'bcd', false],
    ['anything-but', { suffix: '.txt' }, 'a.png', true],
    ['anything-but', { suffix: ['.txt', '.md'] }, 'a.md', false],
    ['anything-but', { 'equals-ignore-case': ['open', 'done'] }, 'DONE', false],
    ['anything-but', { 'equals-ignore-case': 'open' }, 'DONE', true],
    ['anything-but', { wildcard: '*/lib/*' }, 'a/lib/b', false],
    ['anything-but', { wildcard: ['*/lib/*', '*.o'] }, 'a/src/b', true],
    ['anything-but', { prefix: 'in' }, 7, true],
    ['anything-but', { suffix: ['.o'] }, null, true],
    ['anything-but', 'a', null, true],
    ['anything-but', 'a', [], false],
    ['numeric', ['=', 300], 3.0e2, true],
    ['numeric', ['=', 0], -0, true],
    ['numeric', ['>', 0, '<', 1], [5, 0.5], true],
    ['numeric', ['>', 0, '<', 1], null, false],
    ['prefix', '', 'anything', true],
    ['prefix', 'a', null, false],
    ['equals-ignore-case', '', '', true],
    ['wildcard', '*a*', 'a', true],
    ['cidr', '10.1.2.3/32', '10.1.2.3', true],
    ['exists', true, 'x', true],
    ['exists', true, null, true],
    ['exists', true, [], false],
    ['exists', true, { x: 1 }, false],
    ['exists', false, 'x', false],
    ['exists', false, [], true],
    ['exists', false, { x: 1 }, true],
  ])('%s %j on %j: %s', (operator, operand, value, expected) => {
    expect(passes([{ [operator]: operand }], value)).toBe(expected);
  });

  it('of one field are alternatives', () => {
    const values = [{ prefix: 'a' }, 5, { numeric: ['>', 100] }];
    expect([passes(values, 'ab'), passes(values, 5), passes(values, 101), passes(values, 'b')]).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it('never hold for a missing field but for exists: false', () => {
    expect(matches({ f: [{ 'anything-but': 'a' }] }, {})).toBe(false);
    expect(matches({ f: [{ exists: true }] }, {})).toBe(false);
    expect(matches({ f: [{ exists: false }] }, {})).toBe(true);
    expect(matches({ f: [{ exists: false }, 'a'] }, { f: 'a' })).toBe(true);
    expect(matches({ f: [{ exists: false }, 'a'] }, { f: 'b' })).toBe(false);
    expect(matches({ a: { b: { c: [{ exists: false }] } } }, { a: 5 })).toBe(true);
  });

  it('with a wildcard take no time that grows with the number of ways to match', () => {
    const pattern = `${'a*'.repeat(30)}b`;
    const start = performance.now();
    expect(wildcardMatcher(pattern)('a'.repeat(50_000))).toBe(false);
    expect(performance.now() - start).toBeLessThan(200);
  });
});

describe('$or', () => {
  const pattern = {
    source: ['shop'],
    $or: [{ price: [{ numeric: ['>', 10] }] }, { detail: { vip: [true] } }, { a: [1], b: [2] }],
  };

  it.each([
    [{ source: 'shop', price: 11 }, true],
    [{ source: 'shop', detail: { vip: true } }, true],
    [{ source: 'shop', a: 1, b: 2 }, true],
    [{ source: 'shop', a: 1 }, false],
    [{ source: 'other', price: 11 }, false],
    [{ source: 'shop' }, false],
  ])('beside another field: %j is %s', (event, expected) => {
    expect(matches(pattern, event)).toBe(expected);
  });

  it('nests, and stands below the top too', () => {
    const nested = { detail: { $or: [{ a: [1] }, { b: [2], $or: [{ c: [3] }, { d: [4] }] }] } };
    expect(matches(nested, { detail: { a: 1 } })).toBe(true);
    expect(matches(nested, { detail: { b: 2, d: 4 } })).toBe(true);
    expect(matches(nested, { detail: { b: 2 } })).toBe(false);
  });

  it('stands for at most 1,000 patterns without it', () => {
    const ten = (name: string) => ({ $or: Array.from({ length: 10 }, (_, n) => ({ [`${name}${n}`]: [n] })) });
    const thousand = { a: ten('a'), b: ten('b'), c: ten('c') };
    expect(matches(thousand, { a: { a1: 1 }, b: { b2: 2 }, c: { c3: 3 } })).toBe(true);
    expect(() => compilePattern({ ...thousand, d: ten('d') })).toThrow('10000 rule combinations');
  });

  it('is a field like any other when its array holds plain values', () => {
    expect(matches({ $or: ['x'] }, { $or: 'x' })).toBe(true);
  });
});

describe('arrays of objects', () => {
  const event = {
    lines: [
      { sku: 'A', state: 'open', parts: [{ n: 1 }, { n: 2 }] },
      { sku: 'B', state: 'done' },
    ],
  };

  it('match when one element has all the fields', () => {
    expect(matches({ lines: { sku: ['A'], state: ['open'] } }, event)).toBe(true);
    expect(matches({ lines: { sku: ['A'], state: ['done'] } }, event)).toBe(false);
    expect(matches({ lines: { sku: ['A'], parts: { n: [2] } } }, event)).toBe(true);
    expect(matches({ lines: { sku: ['B'], parts: { n: [2] } } }, event)).toBe(false);
  });

  it('miss a field only when no element has it', () => {
    expect(matches({ lines: { sku: ['B'], parts: { n: [{ exists: false }] } } }, event)).toBe(false);
    expect(matches({ lines: { sku: ['B'], gift: [{ exists: false }] } }, event)).toBe(true);
    expect(matches({ lines: { gift: [{ exists: false }] } }, { lines: [] })).toBe(true);
  });
});

describe('a pattern is refused', () => {
  it.each([
    ['that is no object', []],
    ['without fields', {}],
    ['with an empty object inside', { a: {} }],
    ['with an empty list', { a: [] }],
    ['with a bare value', { a: 'x' }],
    ['with a list in a list', { a: [['x']] }],
    ['with an unknown comparison', { a: [{ regex: '.*' }] }],
    ['with two comparisons in one', { a: [{ prefix: 'a', suffix: 'b' }] }],
    ['with an empty comparison', { a: [{}] }],
    ['with a prefix that is a number', { a: [{ prefix: 5 }] }],
    ['with a prefix of an unknown kind', { a: [{ prefix: { wildcard: 'a' } }] }],
    ['with wildcards side by side', { a: [{ wildcard: 'a**b' }] }],
    ['with an escape of nothing special', { a: [{ wildcard: String.raw`a\b` }] }],
    ['with mixed types in anything-but', { a: [{ 'anything-but': [1, 'a'] }] }],
    ['with an empty anything-but', { a: [{ 'anything-but': [] }] }],
    ['with null in anything-but', { a: [{ 'anything-but': null }] }],
    ['with an unknown kind of anything-but', { a: [{ 'anything-but': { numeric: ['=', 1] } }] }],
    ['with anything-but an empty prefix', { a: [{ 'anything-but': { prefix: '' } }] }],
    ['with a numeric that is no list', { a: [{ numeric: 5 }] }],
    ['with an unknown operator', { a: [{ numeric: ['!=', 5] }] }],
    ['with a range upside down', { a: [{ numeric: ['>', 5, '<', 5] }] }],
    ['with a range in the wrong order', { a: [{ numeric: ['<', 5, '>', 1] }] }],
    ['with a number beyond five billion', { a: [{ numeric: ['<', 5e9 + 1] }] }],
    ['with half a CIDR', { a: [{ cidr: '10.0.0.0' }] }],
    ['with a CIDR too long', { a: [{ cidr: '10.0.0.0/33' }] }],
    ['with an exists that is no boolean', { a: [{ exists: 'yes' }] }],
    ['with only one alternative', { $or: [{ a: [1] }] }],
    ['with an alternative that is no object', { $or: [{ a: [1] }, 'b'] }],
  ])('%s', (_, pattern) => {
    expect(() => compilePattern(pattern)).toThrow(PatternError);
  });
});

describe('laws', () => {
  const leaf = fc.oneof(fc.constantFrom('a', 'ab', 'b', '', null, true, 1, 2.5), fc.string());
  const value = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie('value'), { maxLength: 3 }), tie('object')),
    object: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { maxKeys: 3 }),
  })).object as fc.Arbitrary<Record<string, unknown>>;
  const test = fc.constantFrom<unknown>(
    'a',
    1,
    null,
    { prefix: 'a' },
    { 'anything-but': 'a' },
    { exists: true },
    { exists: false },
    { wildcard: '*b' },
    { numeric: ['>', 1] },
  );
  const pattern = fc.letrec((tie) => ({
    field: fc.oneof({ maxDepth: 2 }, fc.array(test, { minLength: 1, maxLength: 2 }), tie('object')),
    object: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('field'), { minKeys: 1, maxKeys: 2 }),
  })).object;

  it('a field that the pattern does not name changes nothing, wherever it is added', () => {
    const enrich = (part: unknown): unknown => {
      if (Array.isArray(part)) return part.map(enrich);
      if (typeof part !== 'object' || part === null) return part;
      const entries = Object.entries(part).map(([name, inner]) => [name, enrich(inner)]);
      return { unrelated: 'a', ...Object.fromEntries(entries) };
    };
    fc.assert(
      fc.property(pattern, value, (p, event) => {
        expect(matches(p, enrich(event) as object)).toBe(matches(p, event));
      }),
      { numRuns: 500 },
    );
  });

  it('$or holds when one of its alternatives would, and a list of values too', () => {
    fc.assert(
      fc.property(pattern, pattern, value, (left, right, event) => {
        expect(matches({ $or: [left, right] }, event)).toBe(matches(left, event) || matches(right, event));
      }),
    );
  });

  it('of exists: true and exists: false exactly one holds at the top', () => {
    fc.assert(
      fc.property(value, (event) => {
        expect(matches({ a: [{ exists: true }] }, event)).not.toBe(
          matches({ a: [{ exists: false }] }, event),
        );
      }),
    );
  });

  it('a wildcard matches what a regular expression of the same meaning does', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '\\') });
    const parts = fc.array(fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1 }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(parts, text, (each, candidate) => {
        const expected = new RegExp(`^${each.join('.*')}$`).test(candidate);
        expect(wildcardMatcher(each.join('*'))(candidate)).toBe(expected);
      }),
    );
  });
});
