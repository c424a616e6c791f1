import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Context, compileArn, compilePattern } from './pattern.ts';

const none: Context = () => undefined;
const plain = (source: string) => compilePattern(source, { variables: false, wildcards: true });

/** Says the same as the matcher, without any care for time. */
function naive(pattern: string, text: string): boolean {
  const [first, ...rest] = pattern;
  const left = rest.join('');
  if (first === undefined) return text === '';
  if (first === '*') return naive(left, text) || (text !== '' && naive(pattern, text.slice(1)));
  return text !== '' && (first === '?' || first === text[0]) && naive(left, text.slice(1));
}

const letters = (alphabet: string) => fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 9 });

test('wildcards match what a naive matcher says', () => {
  fc.assert(
    fc.property(letters('ab/*?'), letters('ab/'), (pattern, text) => {
      expect(plain(pattern).matches(text, none)).toBe(naive(pattern, text));
    }),
    { numRuns: 2000 },
  );
});

test('a pattern of stars is compared in no time', () => {
  const text = 'a'.repeat(20_000);

  expect(plain(`${'*a'.repeat(50)}b`).matches(text, none)).toBe(false);
});

test('a text that has the characters which stand for wildcards inside matches only itself', () => {
  const context: Context = () => ['\uE000'];
  const pattern = compilePattern('x/${aws:PrincipalArn}', { variables: true, wildcards: true });

  expect(pattern.matches('x/anything', context)).toBe(false);
});

describe('a policy variable', () => {
  const pattern = (source: string) => compilePattern(source, { variables: true, wildcards: true });
  const context: Context = (key) => ({ 'aws:principaltag/team': ['north'], many: ['a', 'b'] })[key];

  test.each([
    ['${aws:PrincipalTag/team}/*', 'north/1', true],
    ['${aws:PrincipalTag/team}/*', 'south/1', false],
    ["${aws:PrincipalTag/none, 'all'}/*", 'all/1', true],
    ['${aws:PrincipalTag/none}/*', '/1', false],
    ['a${*}${?}${$}', 'a*?$', true],
    ['a${*}', 'ab', false],
  ])('%s and %s: %s', (source, text, matches) => {
    expect(pattern(source).matches(text, context)).toBe(matches);
  });

  test('is known by its key, and is an error when it is none', () => {
    expect(pattern('${aws:PrincipalTag/team}').keys).toEqual(['aws:principaltag/team']);
    expect(() => pattern('${nothing}')).toThrow('${nothing} is no policy variable');
  });

  test('is text in a policy of the older version', () => {
    expect(plain('${aws:PrincipalArn}').matches('${aws:PrincipalArn}', none)).toBe(true);
  });
});

test('an ARN is compared segment by segment', () => {
  const arn = (source: string) => compileArn(source, { variables: true });

  expect(arn('arn:aws:events:*:*:rule/*').matches('arn:aws:events:eu:1:rule/bus/x', none)).toBe(true);
  expect(arn('arn:aws:events:*:rule/*:x').matches('arn:aws:events:eu:1:rule/bus:x', none)).toBe(false);
  expect(arn('*').matches('arn:aws:sqs:eu:1:q', none)).toBe(true);
  expect(() => arn('rule/x')).toThrow('rule/x is no ARN');
});
