import { createHmac, createSecretKey, hash, type KeyObject, timingSafeEqual } from 'node:crypto';
import { AwsError } from './aws.ts';

/** A signed HTTP request. Header names are lower case, as Node's server gives them. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query as sent: `/graphql?x=1`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string | Uint8Array;
}

/** Who signed a request, and for which service of which region. */
export interface Signature {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

const algorithm = 'AWS4-HMAC-SHA256';
/** How far a request's clock may be from ours: https://docs.aws.amazon.com/IAM/latest/UserGuide/signing-elements.html */
const allowedSkewMs = 5 * 60_000;
const allowedSkewOfS3Ms = 15 * 60_000;
const mismatch =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

/**
 * Verifies Signature Version 4 in the `Authorization` header
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html) and tells who signed.
 *
 * @throws {AwsError} `MissingAuthenticationTokenException` without a signature, `IncompleteSignatureException` for one
 * that lacks a part, `UnrecognizedClientException` for an unknown access key, `InvalidSignatureException` (in S3:
 * `SignatureDoesNotMatch`, `RequestTimeTooSkewed`) for one that does not match or is too old.
 */
export function verifySignature(
  request: SignedRequest,
  secretFor: (accessKeyId: string) => string | undefined,
  now: number = Date.now(),
): Signature {
  const authorization = headerOf(request, 'authorization');
  if (!authorization) {
    throw new AwsError('MissingAuthenticationTokenException', 'Request is missing Authentication Token');
  }
  const { credential, signedHeaders, signature } = parts(authorization);
  const [accessKeyId, date, region, service, terminator] = credential.split('/');
  if (!accessKeyId || !date || !region || !service || terminator !== 'aws4_request') {
    throw new AwsError(
      'IncompleteSignatureException',
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
    );
  }
  const timestamp = headerOf(request, 'x-amz-date') ?? '';
  if (!/^\d{8}T\d{6}Z$/.test(timestamp)) {
    throw new AwsError(
      'IncompleteSignatureException',
      `Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=${authorization}`,
    );
  }
  const secret = secretFor(accessKeyId);
  if (secret === undefined) {
    throw service === 's3'
      ? new AwsError(
          'InvalidAccessKeyId',
          'The AWS Access Key Id you provided does not exist in our records.',
          403,
        )
      : new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.');
  }
  checkClock(timestamp, date, service, now);

  const names = signedHeaders.split(';');
  if (!names.includes('host')) {
    throw new AwsError(
      'InvalidSignatureException',
      "'Host' or ':authority' must be a 'SignedHeader' in the request.",
    );
  }
  const canonical = canonicalRequest(request, names, signedHeaders, service);
  const toSign = `${algorithm}\n${timestamp}\n${date}/${region}/${service}/aws4_request\n${hash('sha256', canonical)}`;
  const expected = createHmac('sha256', signingKey(secret, date, region, service))
    .update(toSign)
    .digest();
  const given = Buffer.from(signature, 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw service === 's3'
      ? new AwsError('SignatureDoesNotMatch', mismatch, 403)
      : new AwsError('InvalidSignatureException', mismatch);
  }
  return { accessKeyId, region, service };
}

function headerOf(request: SignedRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' || value === undefined ? value : value.join(',');
}

function parts(authorization: string): { credential: string; signedHeaders: string; signature: string } {
  const credential = /Credential=([^,\s]+)/.exec(authorization)?.[1];
  const signedHeaders = /SignedHeaders=([^,\s]+)/.exec(authorization)?.[1];
  const signature = /Signature=([^,\s]+)/.exec(authorization)?.[1];
  if (!authorization.startsWith(`${algorithm} `) || !credential || !signedHeaders || !signature) {
    const missing = [
      credential ? '' : "Authorization header requires 'Credential' parameter.",
      signature ? '' : "Authorization header requires 'Signature' parameter.",
      signedHeaders ? '' : "Authorization header requires 'SignedHeaders' parameter.",
    ].filter((text) => text !== '');
    const detail = missing.length > 0 ? missing.join(' ') : `Authorization header must use ${algorithm}.`;
    throw new AwsError('IncompleteSignatureException', `${detail} Authorization=${authorization}`);
  }
  return { credential, signedHeaders, signature };
}

function checkClock(timestamp: string, date: string, service: string, now: number): void {
  if (!timestamp.startsWith(date)) {
    throw new AwsError(
      'InvalidSignatureException',
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${date}' != '${timestamp.slice(0, 8)}', from '${timestamp}'.`,
    );
  }
  const at = Date.UTC(
    Number(timestamp.slice(0, 4)),
    Number(timestamp.slice(4, 6)) - 1,
    Number(timestamp.slice(6, 8)),
    Number(timestamp.slice(9, 11)),
    Number(timestamp.slice(11, 13)),
    Number(timestamp.slice(13, 15)),
  );
  const skew = service === 's3' ? allowedSkewOfS3Ms : allowedSkewMs;
  if (Math.abs(now - at) <= skew) return;
  if (service === 's3') {
    throw new AwsError(
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
      403,
    );
  }
  const limit = compact(now + (at < now ? -skew : skew));
  throw new AwsError(
    'InvalidSignatureException',
    at < now
      ? `Signature expired: ${timestamp} is now earlier than ${limit} (${compact(now)} - 5 min.)`
      : `Signature not yet current: ${timestamp} is still later than ${limit} (${compact(now)} + 5 min.)`,
  );
}

function compact(at: number): string {
  return new Date(at).toISOString().replace(/[:-]|\.\d{3}/g, '');
}

function canonicalRequest(
  request: SignedRequest,
  names: readonly string[],
  signedHeaders: string,
  service: string,
): string {
  const mark = request.url.indexOf('?');
  const path = mark < 0 ? request.url : request.url.slice(0, mark);
  const query = mark < 0 ? '' : canonicalQuery(request.url.slice(mark + 1));
  let headers = '';
  for (const name of names) {
    headers += `${name}:${(headerOf(request, name) ?? '').trim().replace(/\s+/g, ' ')}\n`;
  }
  return `${request.method}\n${canonicalPath(path, service)}\n${query}\n${headers}\n${signedHeaders}\n${payloadHash(request, service)}`;
}

/** Every service but S3 encodes the path a second time. */
function canonicalPath(path: string, service: string): string {
  if (path === '' || path === '/') return '/';
  return service === 's3' ? path : path.split('/').map(encode).join('/');
}

function canonicalQuery(query: string): string {
  if (query === '') return '';
  return (
    query
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => {
        const [name = '', ...rest] = pair.split('=');
        return [encode(decodeURIComponent(name)), encode(decodeURIComponent(rest.join('=')))] as const;
      })
      // By name, then by value: as one text, "=" would stand after the "%" of a longer name.
      .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
      .map(([name, value]) => `${name}=${value}`)
      .join('&')
  );
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** S3 clients may sign a marker instead of the body's hash; others always sign the body. */
function payloadHash(request: SignedRequest, service: string): string {
  const declared = headerOf(request, 'x-amz-content-sha256');
  if (service === 's3' && declared && !/^[0-9a-f]{64}$/.test(declared)) return declared;
  return hash('sha256', request.body);
}

const signingKeys = new Map<string, KeyObject>();

/** A signing key depends on secret, day, region and service only, so it is derived once a day. */
function signingKey(secret: string, date: string, region: string, service: string): KeyObject {
  const name = `${date}/${region}/${service}/${secret}`;
  const known = signingKeys.get(name);
  if (known) return known;
  let key: Buffer = createHmac('sha256', `AWS4${secret}`).update(date).digest();
  for (const part of [region, service, 'aws4_request']) key = createHmac('sha256', key).update(part).digest();
  if (signingKeys.size >= 1000) signingKeys.clear();
  // Prepared once: a key given as bytes costs six times the signature itself.
  const prepared = createSecretKey(key);
  signingKeys.set(name, prepared);
  return prepared;
}
