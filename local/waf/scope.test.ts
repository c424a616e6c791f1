import { describe, expect, test } from 'vitest';
import { type HeaderScope, isWithin } from './scope.ts';

const signed: HeaderScope = {
  header: 'authorization',
  position: 'STARTS_WITH',
  text: 'AWS4-HMAC-SHA256',
  lowercase: false,
  negated: false,
};

describe('a scope has a request', () => {
  test.each<[HeaderScope['position'], matching: string, other: string]>([
    ['STARTS_WITH', 'AWS4-HMAC-SHA256 Credential=A', 'Bearer AWS4-HMAC-SHA256'],
    ['ENDS_WITH', 'Bearer AWS4-HMAC-SHA256', 'AWS4-HMAC-SHA256 Credential=A'],
    ['CONTAINS', 'x AWS4-HMAC-SHA256 y', 'AWS4-HMAC'],
    ['EXACTLY', 'AWS4-HMAC-SHA256', 'AWS4-HMAC-SHA256 '],
  ])('whose header is as %s asks, and no other', (position, matching, other) => {
    const has = isWithin({ ...signed, position });

    expect(has({ authorization: matching })).toBe(true);
    expect(has({ authorization: other })).toBe(false);
    expect(has({ authorization: matching.toLowerCase() })).toBe(false);
    expect(has({ 'x-authorization': matching })).toBe(false);
  });

  test('when it is negated, whose header does not match or is not there', () => {
    const has = isWithin({ ...signed, negated: true });

    expect(has({ authorization: 'AWS4-HMAC-SHA256 Credential=A' })).toBe(false);
    expect(has({ authorization: 'a token' })).toBe(true);
    expect(has({})).toBe(true);
  });

  test('whatever the case of its header, when that is looked at in lower case', () => {
    const has = isWithin({ ...signed, text: 'aws4-', lowercase: true });

    expect(has({ authorization: 'AWS4-HMAC-SHA256' })).toBe(true);
    expect(isWithin({ ...signed, lowercase: true })({ authorization: 'AWS4-HMAC-SHA256' })).toBe(false);
  });

  test('not for a name that every object has', () => {
    const has = isWithin({ ...signed, header: 'constructor', position: 'CONTAINS', text: 'Object' });

    expect(has({})).toBe(false);
  });
});
