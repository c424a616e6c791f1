import { describe, expect, test } from 'vitest';
import { PatternError } from './leaf.ts';
import { compilePattern } from './pattern.ts';
import { wildcardComplexity } from './wildcard-complexity.ts';

const complexity = (...patterns: string[]) =>
  wildcardComplexity(
    patterns.map((pattern) => [pattern]),
    100,
  );

describe('the complexity of wildcards is the most beginnings that one value can match', () => {
  test.each([
    [['abc'], 1],
    [['aa*'], 2],
    [['*ab'], 2],
    [['*aa'], 3],
    [['a*bb'], 3],
    [['a*bcb'], 3],
    [['*ab*ad'], 4],
    [['*aba*'], 4],
    [['a*b*bb'], 5],
    [['a*b*cd'], 3],
    [['*ab*b*b*'], 7],
    [['*a*a*a*a*a*a*a*a*'], 17],
    // The quotes of a text count, too: both can end at one.
    [['*', 'ab*c'], 4],
    [['*abc', '*abcde'], 4],
    [['a*aaa', 'aa*aa'], 7],
    [['ab*cd', 'ab*wx', 'ab*yz'], 6],
    [[String.raw`a\**b`], 2],
  ])('%j: %d', (patterns, expected) => {
    expect(complexity(...patterns)).toBe(expected);
  });

  test('alternatives that are the same, and negated ones with the same beginning, count once', () => {
    expect(wildcardComplexity([['*/a', '*/b', '*/c']], 100)).toBe(4);
    expect(complexity('*/a', '*/b', '*/c')).toBe(6);
  });

  test('is not counted beyond what is asked for, and takes no time', () => {
    const began = performance.now();
    expect(wildcardComplexity([[`${'a*'.repeat(1000)}b`]], 10)).toBe(11);
    expect(complexity(...Array.from({ length: 5 }, (_, at) => `*${'abcde'.repeat(50)}${at}*x`))).toBe(101);
    expect(performance.now() - began).toBeLessThan(1000);
  });
});

describe('a rule', () => {
  const stacks = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ wildcard: `*:stack/Stack${at}/*` }));

  test.each([
    ['the simpler example of the documentation', [{ wildcard: 'arn:aws:events:us-east-1:*:event-bus/*' }]],
    ['a file in a path that repeats itself', [{ wildcard: '/Users/*/dir/dir/dir/dir/dir/doc.txt' }]],
    ['three stacks', stacks(3)],
    ['many paths that are left out', [{ 'anything-but': { wildcard: ['*/a', '*/b', '*/c', '*/d', '*/e'] } }]],
  ])('may have %s', (_, values) => {
    expect(() => compilePattern({ resources: values })).not.toThrow();
  });

  test.each([
    ['the example of the documentation', [{ wildcard: '*:*:*:*:*:event-bus/*' }]],
    ['four stacks', stacks(4)],
    ['a negated pattern as complex', [{ 'anything-but': { wildcard: ['*:*:*:*:*:event-bus/*'] } }]],
  ])('is too complex with %s', (_, values) => {
    const compile = () => compilePattern({ detail: { f: values } });

    expect(compile).toThrow(PatternError);
    expect(compile).toThrow(
      'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character',
    );
  });
});
