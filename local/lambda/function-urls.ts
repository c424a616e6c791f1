import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Place } from '../aws.ts';
import type { Outcome } from './result.ts';
import { type UrlResponse, urlEvent, urlResponse } from './url-event.ts';

/** Function URLs: addresses on the public port at which anybody calls a function. */
export interface FunctionUrls {
  /** Gives a function an address, the same at every start; its path is `/lambda-url/<id>/`. */
  add(functionArn: string): { readonly id: string };
  /** Answers a request to one of the addresses. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

export interface FunctionUrlsOptions {
  readonly place: Place;
  readonly invoke: (functionArn: string, event: string) => Promise<Outcome>;
  /** Whether everybody may call a function at its address. */
  readonly mayCall: (functionArn: string) => boolean;
  readonly now: () => number;
}

/** Of a request: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html#function-configuration-deployment-and-execution */
const MAX_BYTES = 6 * 1024 * 1024;

function message(status: number, text: string): UrlResponse {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ Message: text }),
  };
}

const tooLarge = message(
  413,
  `Request must be smaller than ${MAX_BYTES} bytes for the InvokeFunction operation`,
);
/** https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html */
const forbidden: UrlResponse = {
  status: 403,
  headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'AccessDeniedException' },
  body: JSON.stringify({
    Message:
      'Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html',
  }),
};
const failed = message(502, 'Internal Server Error');
const throttled = message(429, 'Rate Exceeded.');

/** The whole body, or undefined when it is larger than 6 MB; the rest of it is then read and forgotten. */
function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BYTES) chunks.push(chunk);
      else resolve(undefined);
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

function send(response: ServerResponse, { status, headers, body }: UrlResponse): void {
  const list = Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  );
  const own = list.filter(([name]) => name !== 'content-length' && name !== 'transfer-encoding');
  response.writeHead(status, [...own, ['content-length', String(Buffer.byteLength(body))]].flat());
  response.end(body);
}

export function createFunctionUrls({ place, invoke, mayCall, now }: FunctionUrlsOptions): FunctionUrls {
  const functions = new Map<string, string>();

  async function answer(request: IncomingMessage): Promise<UrlResponse> {
    const { method = 'GET', url = '/', headers, httpVersion, socket } = request;
    const [, urlId = '', rawPath = '/', rawQueryString = ''] =
      /^\/lambda-url\/([^/?]*)(\/[^?]*)?(?:\?(.*))?$/.exec(url) ?? [];
    const functionArn = functions.get(urlId);
    if (functionArn === undefined) return message(404, `No function has the URL /lambda-url/${urlId}/.`);
    if (!mayCall(functionArn)) return forbidden;
    const body = await bodyOf(request);
    if (!body) return tooLarge;
    const event = urlEvent({
      urlId,
      region: place.region,
      method,
      rawPath,
      rawQueryString,
      protocol: `HTTP/${httpVersion}`,
      headers,
      body,
      sourceIp: socket.remoteAddress ?? '127.0.0.1',
      scheme: 'encrypted' in socket ? 'https' : 'http',
      time: now(),
    });
    const text = JSON.stringify(event);
    if (Buffer.byteLength(text) > MAX_BYTES) return tooLarge;
    const outcome = await invoke(functionArn, text);
    if (outcome.kind === 'throttled') return throttled;
    return (outcome.kind === 'success' && urlResponse(JSON.parse(outcome.text))) || failed;
  }

  return {
    add(functionArn) {
      const id = createHash('sha256').update(functionArn).digest('hex').slice(0, 32);
      functions.set(id, functionArn);
      return { id };
    },
    async handle(request, response) {
      try {
        send(response, await answer(request));
      } catch {
        // A header that HTTP does not take, or a client that is gone.
        if (!response.headersSent) send(response, failed);
      }
    },
  };
}
