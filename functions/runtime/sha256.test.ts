import { Hash } from '@smithy/hash-node';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Sha256 } from './sha256.ts';

const bytes = fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array());
// To the SDK an empty text is no secret.
const secrets = bytes.filter((secret) => secret !== '');

it("gives what the SDK's own gives, with a secret and without, also when a secret comes again", async () => {
  await fc.assert(
    fc.asyncProperty(fc.option(secrets, { nil: undefined }), fc.array(bytes), async (secret, parts) => {
      for (let time = 0; time < 2; time++) {
        const [own, sdk] = [new Sha256(secret), new Hash('sha256', secret)];
        for (const part of parts) {
          own.update(part);
          sdk.update(part);
        }
        expect(Buffer.from(await own.digest())).toEqual(Buffer.from(await sdk.digest()));
      }
    }),
  );
});

it('starts anew after a reset', async () => {
  const hash = new Sha256('secret');
  hash.update('something else');
  hash.reset();
  hash.update(new Uint8Array([1]).buffer);
  const expected = new Hash('sha256', 'secret');
  expected.update(new Uint8Array([1]));
  expect(Buffer.from(await hash.digest())).toEqual(Buffer.from(await expected.digest()));
});
