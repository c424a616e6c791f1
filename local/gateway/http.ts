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

/** @throws AwsError `RequestEntityTooLargeException` above 256 MB. */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) {
        reject(
          new AwsError(
            'RequestEntityTooLargeException',
            `The request is larger than ${MAX_BODY_BYTES} bytes.`,
            413,
          ),
        );
      } else chunks.push(chunk);
    });
    request.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

export function send(response: ServerResponse, { status, headers, body }: GatewayResponse): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
