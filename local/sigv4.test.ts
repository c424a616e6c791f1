import { Hash } from '@smithy/hash-node';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AwsError } from './aws.ts';
import { type SignedRequest, verifySignature } from './sigv4.ts';

const accessKeyId = 'AKIDEXAMPLE';
const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const secretFor = (id: string) => (id === accessKeyId ? secretAccessKey : undefined);

interface Call {
  method?: string;
  path?: string;
  query?: Record<string, string>;
  body?: string;
  service?: string;
  at?: number;
  headers?: Record<string, string>;
  secret?: string;
}

async function signed(call: Call = {}): Promise<SignedRequest> {
  const { path = '/', query = {}, body = '{}', service = 'dynamodb' } = call;
  const signer = new SignatureV4({
    credentials: { accessKeyId, secretAccessKey: call.secret ?? secretAccessKey },
    region: 'eu-west-1',
    service,
    sha256: Hash.bind(null, 'sha256'),
    uriEscapePath: service !== 's3',
  });
  const request = await signer.sign(
    {
      method: call.method ?? 'POST',
      protocol: 'http:',
      hostname: '127.0.0.1',
      path,
      query,
      headers: { host: '127.0.0.1:4001', 'content-type': 'application/x-amz-json-1.0', ...call.headers },
      body,
    },
    { signingDate: new Date(call.at ?? Date.now()) },
  );
  const search = Object.entries(query)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
  return {
    method: request.method,
    url: search === '' ? path : `${path}?${search}`,
    headers: request.headers,
    body,
  };
}

function refusal(verify: () => unknown): AwsError {
  try {
    verify();
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
  throw new Error('the signature was accepted');
}

describe('a signature', () => {
  it('that an AWS SDK made tells who signed, for which service and region', async () => {
    const request = await signed();
    expect(verifySignature(request, secretFor)).toEqual({
      accessKeyId,
      region: 'eu-west-1',
      service: 'dynamodb',
    });
  });

  it('holds for a parameter whose name begins another', async () => {
    const request = await signed({ query: { '\\': '', '\\ ': '' } });

    expect(verifySignature(request, secretFor).accessKeyId).toBe(accessKeyId);
  });

  it('holds for any path, query and body', async () => {
    const segment = fc.string({ minLength: 1, maxLength: 8 }).map(encodeURIComponent);
    await fc.assert(
      fc.asyncProperty(
        fc.array(segment, { maxLength: 3 }),
        fc.dictionary(fc.string({ minLength: 1, maxLength: 5 }), fc.string({ maxLength: 5 }), { maxKeys: 3 }),
        fc.string(),
        fc.constantFrom('appsync', 's3', 'events'),
        async (segments, query, body, service) => {
          const path = `/${segments.filter((part) => part !== '.' && part !== '..').join('/')}`;
          const request = await signed({ path, query, body, service });
          expect(verifySignature(request, secretFor).service).toBe(service);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('does not hold for another body', async () => {
    const request = await signed({ body: '{"TableName":"a"}' });
    const error = refusal(() => verifySignature({ ...request, body: '{"TableName":"b"}' }, secretFor));
    expect(error.code).toBe('InvalidSignatureException');
    expect(error.message).toContain('does not match the signature you provided');
  });

  it('does not hold for another path, header or secret', async () => {
    const request = await signed({ path: '/graphql' });
    for (const changed of [
      { ...request, url: '/graphql/connect' },
      { ...request, method: 'PUT' },
      { ...request, headers: { ...request.headers, host: 'elsewhere' } },
      await signed({ path: '/graphql', secret: 'another' }),
    ]) {
      expect(refusal(() => verifySignature(changed, secretFor)).code).toBe('InvalidSignatureException');
    }
  });

  it('of an unknown access key is refused', async () => {
    const request = await signed();
    const error = refusal(() => verifySignature(request, () => undefined));
    expect(error.code).toBe('UnrecognizedClientException');
    expect(error.message).toBe('The security token included in the request is invalid.');
  });

  it('that is more than five minutes old, or ahead, is refused', async () => {
    const now = Date.now();
    const old = await signed({ at: now - 6 * 60_000 });
    expect(refusal(() => verifySignature(old, secretFor, now)).message).toMatch(/^Signature expired/);
    const early = await signed({ at: now + 6 * 60_000 });
    expect(refusal(() => verifySignature(early, secretFor, now)).message).toMatch(
      /^Signature not yet current/,
    );
    const fresh = await signed({ at: now - 4 * 60_000 });
    expect(verifySignature(fresh, secretFor, now).accessKeyId).toBe(accessKeyId);
  });

  it('that is missing or incomplete is refused with what is missing', async () => {
    const request = await signed();
    const without = { ...request, headers: { ...request.headers, authorization: undefined } };
    expect(refusal(() => verifySignature(without, secretFor)).code).toBe(
      'MissingAuthenticationTokenException',
    );
    const partial = {
      ...request,
      headers: { ...request.headers, authorization: 'AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request' },
    };
    const error = refusal(() => verifySignature(partial, secretFor));
    expect(error.code).toBe('IncompleteSignatureException');
    expect(error.message).toContain("requires 'Signature' parameter");
    const undated = { ...request, headers: { ...request.headers, 'x-amz-date': undefined } };
    expect(refusal(() => verifySignature(undated, secretFor)).message).toContain('X-Amz-Date');
  });

  it('of S3 may leave the body out, and fails with the errors of S3', async () => {
    const request = await signed({
      service: 's3',
      method: 'PUT',
      path: '/bucket/a%20b',
      headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
    });
    expect(verifySignature({ ...request, body: 'anything' }, secretFor).service).toBe('s3');
    const error = refusal(() => verifySignature({ ...request, url: '/bucket/c' }, secretFor));
    expect([error.code, error.status]).toEqual(['SignatureDoesNotMatch', 403]);
  });
});
