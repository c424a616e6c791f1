import { createDiffieHellmanGroup, hkdfSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  claimSignature,
  ephemeral,
  g,
  integer,
  isPassword,
  k,
  N,
  padded,
  power,
  privateKey,
  sessionKey,
  sha256,
  verifierOf,
} from './srp.ts';

const pool = 'Ab1Cd2Ef3';

/** What a client computes, by the formulas of RFC 5054 on the client's side. */
function clientKey(username: string, password: string, salt: string, a: bigint, B: bigint): Buffer {
  const u = integer(sha256(padded(power(g, a)), padded(B)));
  const x = privateKey(pool, username, password, salt);
  const base = (((B - k * power(g, x)) % N) + N) % N;
  return Buffer.from(
    hkdfSync('sha256', padded(power(base, a + u * x)), padded(u), 'Caldera Derived Key', 16),
  );
}

describe('the group', () => {
  it('is the 3072-bit group of RFC 3526', () => {
    expect(N).toBe(integer(createDiffieHellmanGroup('modp15').getPrime()));
    expect(g).toBe(2n);
  });
});

describe('padding', () => {
  it('keeps the value and never lets it read as negative', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: N }), (value) => {
        const bytes = padded(value);
        expect(integer(bytes)).toBe(value);
        expect((bytes[0] ?? 0) & 0x80).toBe(0);
      }),
    );
  });
});

describe('client and server', () => {
  const { salt, verifier } = verifierOf(pool, 'anna', 'Corr3ct!horse');
  const a = 0x1234567890abcdefn;
  const A = power(g, a).toString(16);

  it('share a key when the password is the right one', () => {
    const { b, B } = ephemeral(verifier);
    const client = clientKey('anna', 'Corr3ct!horse', salt, a, BigInt(`0x${B}`));
    expect(sessionKey(A, b, B, verifier)).toEqual(client);
  });

  it('share none when the password, the name or the salt is another', () => {
    const { b, B } = ephemeral(verifier);
    const server = sessionKey(A, b, B, verifier);
    const value = BigInt(`0x${B}`);
    expect(clientKey('anna', 'corr3ct!horse', salt, a, value)).not.toEqual(server);
    expect(clientKey('bert', 'Corr3ct!horse', salt, a, value)).not.toEqual(server);
    expect(clientKey('anna', 'Corr3ct!horse', `1${salt}`, a, value)).not.toEqual(server);
  });

  it('get no key from a client value that would fix it', () => {
    const { b, B } = ephemeral(verifier);
    for (const forced of [N, 2n * N]) {
      expect(sessionKey(forced.toString(16), b, B, verifier)).toBeUndefined();
    }
  });

  it('sign the same words differently with different keys', () => {
    const words = [pool, 'anna', 'c2VjcmV0', 'Sun Nov 22 20:00:00 UTC 2026'] as const;
    const first = claimSignature(Buffer.alloc(16, 1), ...words);
    expect(claimSignature(Buffer.alloc(16, 1), ...words)).toBe(first);
    expect(claimSignature(Buffer.alloc(16, 2), ...words)).not.toBe(first);
  });
});

describe('a verifier', () => {
  it('recognises its password and no other', () => {
    const known = verifierOf(pool, 'anna', 'Corr3ct!horse');
    expect(isPassword(pool, 'anna', 'Corr3ct!horse', known)).toBe(true);
    expect(isPassword(pool, 'anna', 'Corr3ct!horsE', known)).toBe(false);
    expect(isPassword(pool, 'bert', 'Corr3ct!horse', known)).toBe(false);
  });
});
