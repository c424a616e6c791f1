import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, test } from 'vitest';
import { isWithin, type Match, type Scope } from './scope.ts';

const signed: Match = {
  field: { header: 'authorization' },
  position: 'STARTS_WITH',
  text: 'AWS4-HMAC-SHA256',
  lowercase: false,
};
const post: Match = { field: 'METHOD', position: 'EXACTLY', text: 'POST', lowercase: false };

/** Whether a scope of one match has a request with these headers. */
function hasHeaders(match: Match, negated = false): (headers: IncomingHttpHeaders) => boolean {
  const has = isWithin({ matches: [match], negated });
  return (headers) => has({ method: 'POST', headers });
}

describe('a scope has a request', () => {
  test.each<[Match['position'], matching: string, other: string]>([
    ['STARTS_WITH', 'AWS4-HMAC-SHA256 Credential=A', 'Bearer AWS4-HMAC-SHA256'],
    ['ENDS_WITH', 'Bearer AWS4-HMAC-SHA256', 'AWS4-HMAC-SHA256 Credential=A'],
    ['CONTAINS', 'x AWS4-HMAC-SHA256 y', 'AWS4-HMAC'],
    ['EXACTLY', 'AWS4-HMAC-SHA256', 'AWS4-HMAC-SHA256 '],
  ])('whose header is as %s asks, and no other', (position, matching, other) => {
    const has = hasHeaders({ ...signed, position });

    expect(has({ authorization: matching })).toBe(true);
    expect(has({ authorization: other })).toBe(false);
    expect(has({ authorization: matching.toLowerCase() })).toBe(false);
    expect(has({ 'x-authorization': matching })).toBe(false);
  });

  test('when it is negated, whose header does not match or is not there', () => {
    const has = hasHeaders(signed, true);

    expect(has({ authorization: 'AWS4-HMAC-SHA256 Credential=A' })).toBe(false);
    expect(has({ authorization: 'a token' })).toBe(true);
    expect(has({})).toBe(true);
  });

  test('whatever the case of its header, when that is looked at in lower case', () => {
    const has = hasHeaders({ ...signed, text: 'aws4-', lowercase: true });

    expect(has({ authorization: 'AWS4-HMAC-SHA256' })).toBe(true);
    expect(hasHeaders({ ...signed, lowercase: true })({ authorization: 'AWS4-HMAC-SHA256' })).toBe(false);
  });

  test('not for a name that every object has', () => {
    const has = hasHeaders({ ...signed, field: { header: 'constructor' }, position: 'CONTAINS', text: 'O' });

    expect(has({})).toBe(false);
  });

  test('by its method, and by no header of that name', () => {
    const has = isWithin({ matches: [post], negated: false });

    expect(has({ method: 'POST', headers: {} })).toBe(true);
    expect(has({ method: 'GET', headers: { method: 'POST' } })).toBe(false);
  });

  test.each<[method: string, authorization: string, both: boolean]>([
    ['POST', 'AWS4-HMAC-SHA256 Credential=A', true],
    ['GET', 'AWS4-HMAC-SHA256 Credential=A', false],
    ['POST', 'a token', false],
    ['GET', 'a token', false],
  ])(
    'when all its matches hold, and negated when one does not: %s with %s',
    (method, authorization, both) => {
      const scope: Scope = { matches: [signed, post], negated: false };
      const request = { method, headers: { authorization } };

      expect(isWithin(scope)(request)).toBe(both);
      expect(isWithin({ ...scope, negated: true })(request)).toBe(!both);
    },
  );
});
