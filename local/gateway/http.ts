import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError } from '../aws.ts';

/** A request with its whole body, as a service behind the gateway gets it. */
export interface GatewayRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface GatewayResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** More than any API of the stack takes at once: DynamoDB answers up to 16 MB, an object in a bucket may be larger. */
const MAX_BODY_BYTES = 256 * 1024 * 1024;

/** The client went away before its request was whole; there is nobody to answer. */
export class ClientGone extends Error {}

/** @throws AwsError `RequestEntityTooLargeException` above 256 MB; {@link ClientGone}. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const body = await bodyWithin(request, MAX_BODY_BYTES);
  if (body) return body;
  const message = `The request is larger than ${MAX_BODY_BYTES} bytes.`;
  throw new AwsError('RequestEntityTooLargeException', message, 413);
}

/**
 * The whole body, or undefined as soon as it is larger than `most` bytes; the rest of it is then read and forgotten, so
 * that the client, which is still sending, gets its answer.
 *
 * @throws ClientGone
 */
export function bodyWithin(request: IncomingMessage, most: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= most) return chunks.push(chunk);
      chunks.length = 0;
      return resolve(undefined);
    });
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
    request.on('error', () => reject(new ClientGone()));
  });
}

export function send(response: ServerResponse, { status, headers, body }: GatewayResponse): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/**
 * Refuses an address that cannot be read: a percent sign without its two digits, or no path.
 * https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 *
 * @throws AwsError `MalformedQueryString`, in S3 `InvalidURI`.
 */
export function checkUrl(url: string, service: string): void {
  try {
    decodeURIComponent(url);
    if (URL.canParse(url, 'http://localhost')) return;
  } catch {
    // Answered below.
  }
  throw service === 's3'
    ? new AwsError('InvalidURI', `Couldn't parse the specified URI: ${url}`)
    : new AwsError('MalformedQueryString', `The query string contains a syntax error: ${url}`, 404);
}
