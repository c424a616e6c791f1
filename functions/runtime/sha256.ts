import { createHash, createHmac, createSecretKey, type Hash, type Hmac, type KeyObject } from 'node:crypto';

type Bytes = string | ArrayBuffer | ArrayBufferView;

const bytesOf = (data: Bytes) =>
  typeof data === 'string'
    ? data
    : ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      : new Uint8Array(data);

/** The keys of signatures are few: the secret itself, and one derived from it a day. */
const prepared = new WeakMap<object, KeyObject>();
const preparedTexts = new Map<string, KeyObject>();

function keyOf(secret: Bytes): KeyObject {
  const known = typeof secret === 'string' ? preparedTexts.get(secret) : prepared.get(secret);
  if (known) return known;
  const key = createSecretKey(
    typeof secret === 'string' ? Buffer.from(secret) : Buffer.from(bytesOf(secret)),
  );
  if (typeof secret === 'string') preparedTexts.set(secret, key);
  else prepared.set(secret, key);
  return key;
}

/**
 * SHA-256 for the signatures of the SDK, and HMAC when there is a secret. Unlike the SDK's own it prepares each secret
 * once: given as bytes, a key takes longer to read than the signature itself.
 */
export class Sha256 {
  readonly #secret: Bytes | undefined;
  #hash: Hash | Hmac;

  constructor(secret?: Bytes) {
    this.#secret = secret;
    this.#hash = this.#start();
  }

  #start(): Hash | Hmac {
    return this.#secret === undefined ? createHash('sha256') : createHmac('sha256', keyOf(this.#secret));
  }

  update(data: Bytes): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    this.#hash = this.#start();
  }
}
