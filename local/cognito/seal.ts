import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/**
 * Hides a state from the client that carries it between two calls: AES-256-GCM, in base64. So nothing of a half-done
 * sign-in needs to be kept here, and one survives a restart.
 */
export function seal(keyHex: string, state: unknown): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(keyHex, 'hex'), nonce);
  const hidden = Buffer.concat([cipher.update(JSON.stringify(state), 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), hidden]).toString('base64');
}

/** The state that was sealed, or undefined for anything else. */
export function unseal(keyHex: string, sealed: string): unknown {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length < 29) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(keyHex, 'hex'), bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(12, 28));
  try {
    return JSON.parse(
      Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8'),
    );
  } catch {
    return undefined;
  }
}
