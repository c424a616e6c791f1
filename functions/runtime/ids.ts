import { randomBytes } from 'node:crypto';
import { ulid } from 'ulid';

let bytes: Uint8Array = randomBytes(1024);
let taken = 0;

/** A new ULID, for what nobody has to derive again. */
export const freshId = (): string => ulid(undefined, random);

/** A secure random number from 0 to 1, in steps of 1/256: ulid takes 5 bits of each, and by itself asks the system 16 times. */
function random(): number {
  if (taken === bytes.length) {
    bytes = randomBytes(1024);
    taken = 0;
  }
  return (bytes[taken++] ?? 0) / 256;
}
