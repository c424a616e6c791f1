import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * The server's half of the Secure Remote Password protocol, SRP-6a, as Cognito speaks it: the 3072-bit group of RFC 3526
 * with SHA-256, the pool's name and the user's as identity, numbers padded as signed big-endian integers, and a session
 * key of 16 bytes from HKDF. https://www.rfc-editor.org/rfc/rfc5054 names the quantities.
 */
export const N = BigInt(
  `0x${[
    'FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD',
    'EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED',
    'EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F',
    '83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B',
    'E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510',
    '15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7',
    'ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C',
    'BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF',
  ].join('')}`,
);
export const g = 2n;
export const k = integer(sha256(padded(N), padded(g)));

/** What is kept of a password: neither tells the password, and both are needed to check one. In hex. */
export interface Verifier {
  readonly salt: string;
  readonly verifier: string;
}

/** The verifier of a password, for a new random salt or the one given. */
export function verifierOf(
  poolName: string,
  username: string,
  password: string,
  salt: string = randomBytes(16).toString('hex'),
): Verifier {
  return { salt, verifier: power(g, privateKey(poolName, username, password, salt)).toString(16) };
}

/** Whether the password is the one that the verifier was made of. */
export function isPassword(poolName: string, username: string, password: string, known: Verifier): boolean {
  const given = verifierOf(poolName, username, password, known.salt).verifier;
  return (
    given.length === known.verifier.length && timingSafeEqual(Buffer.from(given), Buffer.from(known.verifier))
  );
}

/** The server's key pair of one sign-in, in hex: `b` stays here, `B` goes to the client. */
export function ephemeral(verifier: string): { b: string; B: string } {
  const b = BigInt(`0x${randomBytes(32).toString('hex')}`);
  const B = (k * BigInt(`0x${verifier}`) + power(g, b)) % N;
  return { b: b.toString(16), B: B.toString(16) };
}

/**
 * The session key that client and server share only if the client knows the password; undefined when the client's `A` is
 * one that would fix the key (RFC 5054, 2.5.4).
 */
export function sessionKey(A: string, b: string, B: string, verifier: string): Buffer | undefined {
  const a = BigInt(`0x${A}`);
  const scramble = sha256(padded(a), padded(BigInt(`0x${B}`)));
  const u = integer(scramble);
  if (a % N === 0n || u === 0n) return undefined;
  const S = power((a * power(BigInt(`0x${verifier}`), u)) % N, BigInt(`0x${b}`));
  return Buffer.from(hkdfSync('sha256', padded(S), padded(u), 'Caldera Derived Key', 16));
}

/** What the client proves its knowledge of the session key with, in base64. */
export function claimSignature(
  key: Uint8Array,
  poolName: string,
  username: string,
  secretBlock: string,
  timestamp: string,
): string {
  return createHmac('sha256', key)
    .update(poolName)
    .update(username)
    .update(Buffer.from(secretBlock, 'base64'))
    .update(timestamp)
    .digest('base64');
}

/** `x` of RFC 5054: what the password amounts to. */
export function privateKey(poolName: string, username: string, password: string, salt: string): bigint {
  const identity = createHash('sha256').update(`${poolName}${username}:${password}`).digest();
  return integer(sha256(padded(BigInt(`0x${salt}`)), identity));
}

/** Big-endian bytes with a leading zero byte when the first bit is set, so that no number reads as negative. */
export function padded(value: bigint): Buffer {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, 'hex');
}

/** `base` to the power of `exponent`, modulo N. */
export function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base % N;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % N;
    square = (square * square) % N;
  }
  return result;
}

export function sha256(...chunks: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const chunk of chunks) hash.update(chunk);
  return hash.digest();
}

export function integer(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`);
}
