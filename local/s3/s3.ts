import { hash } from 'node:crypto';
import { AwsError } from '../aws.ts';
import type { Store } from '../store.ts';
import { openObjects, type StoredObject } from './objects.ts';
import { errorXml, listBucketsXml, listObjectsXml } from './xml.ts';

/** Amazon S3, as far as the stack and its tools need it: buckets and whole objects, in the shared store. */
export interface S3 {
  createBucket(name: string): { arn: string };
  /** Keeps an object; durable with the `store.write` that surrounds the call. Throws `NoSuchBucket`. */
  put(bucket: string, key: string, body: string | Uint8Array, contentType?: string): void;
  get(bucket: string, key: string): StoredObject | undefined;
  /**
   * Answers a path-style REST request: PutObject, GetObject, HeadObject, DeleteObject, ListObjectsV2, ListBuckets,
   * HeadBucket and GetBucketLocation. The answer to HEAD has the body of GET, which HTTP does not send.
   */
  handle(request: S3Request): S3Response;
  error(error: AwsError): S3Response;
}

export interface S3Request {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface S3Response {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export interface S3Options {
  readonly store: Store;
  readonly region: string;
  /** Milliseconds since 1970; default: the system's clock. */
  readonly now?: () => number;
}

export function createS3({ store, region, now = Date.now }: S3Options): S3 {
  const objects = openObjects(store);

  function put(
    bucket: string,
    key: string,
    body: string | Uint8Array,
    contentType = 'binary/octet-stream',
  ): string {
    requireBucket(bucket);
    if (Buffer.byteLength(key) > 1024) throw new AwsError('KeyTooLongError', 'Your key is too long');
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    const etag = `"${hash('md5', bytes, 'hex')}"`;
    objects.put(bucket, { key, body: bytes, etag, contentType, modifiedAt: now() });
    return etag;
  }

  function requireBucket(bucket: string): void {
    if (objects.hasBucket(bucket)) return;
    throw new AwsError('NoSuchBucket', `The specified bucket does not exist: ${bucket}`, 404);
  }

  function putObject(bucket: string, key: string, { headers, body }: S3Request): S3Response {
    const header = (name: string) => [headers[name] ?? []].flat()[0];
    if (header('x-amz-copy-source') !== undefined) throw notImplemented('CopyObject');
    const bytes = header('content-encoding')?.includes('aws-chunked') ? unchunk(body) : body;
    const etag = put(bucket, key, bytes, header('content-type'));
    return { status: 200, headers: { etag }, body: '' };
  }

  function getObject(bucket: string, key: string): S3Response {
    requireBucket(bucket);
    const object = objects.get(bucket, key);
    if (!object) throw new AwsError('NoSuchKey', `The specified key does not exist: ${key}`, 404);
    const headers = {
      etag: object.etag,
      'content-type': object.contentType,
      'last-modified': new Date(object.modifiedAt).toUTCString(),
    };
    return { status: 200, headers, body: bufferOf(object.body) };
  }

  function listObjects(bucket: string, query: URLSearchParams): S3Response {
    requireBucket(bucket);
    const max = Math.min(Number(query.get('max-keys') ?? 1000), 1000);
    const prefix = query.get('prefix') ?? '';
    const delimiter = query.get('delimiter') ?? '';
    const token = query.get('continuation-token');
    const after =
      token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64url').toString();
    const page = objects.list(bucket, { prefix, delimiter, after, max });
    return xml(listObjectsXml({ bucket, prefix, delimiter, max, ...page }));
  }

  function route(request: S3Request): S3Response {
    const { method, url } = request;
    const { pathname, searchParams: query } = new URL(url, 'http://s3');
    const [bucket = '', ...rest] = pathname.slice(1).split('/').map(decodeURIComponent);
    const key = rest.join('/');
    if (query.has('uploads') || query.has('uploadId')) throw notImplemented('Multipart upload');
    if (bucket === '' && method === 'GET') return xml(listBucketsXml(objects.buckets()));
    if (key !== '') {
      if (method === 'PUT') return putObject(bucket, key, request);
      if (method === 'GET' || method === 'HEAD') return getObject(bucket, key);
      if (method === 'DELETE') {
        requireBucket(bucket);
        objects.remove(bucket, key);
        return { status: 204, headers: {}, body: '' };
      }
    }
    if (bucket !== '' && method === 'GET' && query.has('location')) {
      requireBucket(bucket);
      return xml(`<LocationConstraint>${region}</LocationConstraint>`);
    }
    if (bucket !== '' && method === 'GET') return listObjects(bucket, query);
    if (bucket !== '' && method === 'HEAD') {
      requireBucket(bucket);
      return { status: 200, headers: { 'x-amz-bucket-region': region }, body: '' };
    }
    throw notImplemented(`${method} ${url}`);
  }

  return {
    createBucket(name) {
      objects.createBucket(name, now());
      return { arn: `arn:aws:s3:::${name}` };
    },
    put,
    get: (bucket, key) => objects.get(bucket, key),
    handle(request) {
      try {
        return route(request);
      } catch (error) {
        if (error instanceof AwsError) return answerError(error);
        throw error;
      }
    },
    error: answerError,
  };
}

function answerError({ code, message, status }: AwsError): S3Response {
  return { ...xml(errorXml(code, message)), status };
}

function xml(body: string): S3Response {
  return { status: 200, headers: { 'content-type': 'application/xml' }, body };
}

function notImplemented(what: string): AwsError {
  return new AwsError('NotImplemented', `${what} is not run here.`, 501);
}

/** The content of a body in `aws-chunked` encoding: `<hex size>[;extensions]\r\n<bytes>\r\n` until size 0. */
function unchunk(bytes: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.toString('latin1', at, end), 16);
    if (end === -1 || Number.isNaN(size))
      throw new AwsError('IncompleteBody', 'The chunked body is not complete.');
    if (size === 0) break;
    chunks.push(bytes.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
  return Buffer.concat(chunks);
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
