import { Hash } from '@smithy/hash-node';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { requestSigner } from './signer.ts';

class Sha256 extends Hash {
  constructor(secret?: ConstructorParameters<typeof Hash>[1]) {
    super('sha256', secret);
  }
}

const text = fc.string({ unit: fc.constantFrom(...'abc/+XYZ 019é'), minLength: 1 });
const options = fc.record(
  {
    service: fc.constantFrom('dynamodb', 'events', 'appsync'),
    region: fc.constantFrom('eu-central-1', 'us-east-1'),
    credentials: fc.record(
      {
        accessKeyId: fc.stringMatching(/^[A-Z]{4,8}$/),
        secretAccessKey: text,
        sessionToken: fc.stringMatching(/^[\w/+=]+$/),
      },
      { requiredKeys: ['accessKeyId', 'secretAccessKey'] },
    ),
  },
  { noNullPrototype: true },
);
const body = fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array());
const dates = fc.date({ min: new Date('2026-01-01'), max: new Date('2026-12-31'), noInvalidDate: true });

const requestOf = (content: string | Uint8Array, path = '/') => ({
  method: 'POST',
  protocol: 'https:',
  hostname: 'one.example',
  path,
  query: {},
  headers: { host: 'one.example', 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'One.Two' },
  body: content,
});

it("signs as the SDK's own signer does, on one day after another", async () => {
  await fc.assert(
    fc.asyncProperty(options, fc.array(fc.tuple(body, dates), { minLength: 1 }), async (given, requests) => {
      const [own, sdk] = [requestSigner(given), new SignatureV4({ ...given, sha256: Sha256 })];
      for (const [content, signingDate] of requests) {
        for (const path of ['/', '/graphql']) {
          const request = requestOf(content, path);
          const { headers } = await own.sign(request, { signingDate });
          expect(headers).toEqual((await sdk.sign(request, { signingDate })).headers);
        }
      }
    }),
  );
});

it('signs no header that something on the way may change', async () => {
  const { sign } = requestSigner({
    service: 'dynamodb',
    region: 'eu-central-1',
    credentials: { accessKeyId: 'A', secretAccessKey: 'secret' },
  });
  const request = requestOf('{}');
  const more = {
    ...request,
    headers: { ...request.headers, 'user-agent': 'one', 'amz-sdk-request': 'attempt=2' },
  };

  const signed = await sign(more);

  expect(signed.headers.authorization).toContain(
    'SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-target,',
  );
  expect(signed.headers).toMatchObject(more.headers);
});

it('leaves the request that it signs as it is, so that it can be signed again', async () => {
  const { sign } = requestSigner({
    service: 'dynamodb',
    region: 'eu-central-1',
    credentials: { accessKeyId: 'A', secretAccessKey: 'secret' },
  });
  const request = requestOf('{}');

  const [first, later] = [
    await sign(request, { signingDate: 0 }),
    await sign(request, { signingDate: 1e12 }),
  ];

  expect(request).toEqual(requestOf('{}'));
  expect(first.headers.authorization).not.toBe(later.headers.authorization);
});
