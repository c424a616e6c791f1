import { createHmac, randomBytes } from 'node:crypto';

/** One-time codes of authenticator apps: RFC 6238 with SHA-1, six digits and 30 seconds, as Cognito takes them. */

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const stepMs = 30_000;
/** A code of the step before or after is taken too: clocks differ (RFC 6238, 5.2). */
const steps = [0, -1, 1];

/** A new secret, in base 32. */
export function newSecret(): string {
  return Array.from(randomBytes(32), (byte) => alphabet[byte % 32]).join('');
}

/** The code of a secret at a time. */
export function codeAt(secret: string, at: number): string {
  return codeOf(secret, Math.floor(at / stepMs));
}

/** The time step that a code belongs to, or undefined when it is none of now. */
export function stepOf(secret: string, code: string, now: number): number | undefined {
  const current = Math.floor(now / stepMs);
  const offset = steps.find((one) => codeOf(secret, current + one) === code);
  return offset === undefined ? undefined : current + offset;
}

function codeOf(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.max(step, 0)));
  const digest = createHmac('sha1', decoded(secret)).update(counter).digest();
  const number = digest.readUInt32BE((digest.at(-1) ?? 0) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

function decoded(secret: string): Buffer {
  const bits = Array.from(secret, (letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/[01]{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
