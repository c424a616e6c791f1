import { createHash } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** `length` letters and digits that depend on nothing but `parts`. */
export function stableId(length: number, ...parts: string[]): string {
  const digest = createHash('sha512').update(parts.join('\u0000')).digest();
  return Array.from({ length }, (_, index) => ALPHABET[(digest[index % digest.length] ?? 0) % 32]).join('');
}

/**
 * The name that CloudFormation would generate: `stack-logicalId-HASH`, here the same at every start. Longer parts are
 * cut so that the whole keeps to `most` characters (64 is the least that any service of a stack allows).
 */
export function physicalName(account: string, stack: string, logicalId: string, most = 64): string {
  const id = stableId(12, account, stack, logicalId);
  const space = most - id.length - 2;
  const stackPart = stack.slice(0, Math.max(Math.floor(space / 2), space - logicalId.length));
  return `${stackPart}-${logicalId.slice(0, space - stackPart.length)}-${id}`;
}

/** A twelve-digit account number for a tenant whose templates name none. */
export function accountOf(tenant: string): string {
  const digest = createHash('sha256').update(`account\u0000${tenant}`).digest();
  return String(100_000_000_000n + (digest.readBigUInt64BE(0) % 900_000_000_000n));
}
