import { AwsError } from '../aws.ts';
import { MAX_ASYNC_PAYLOAD_BYTES, MAX_PAYLOAD_BYTES } from './payload.ts';
import type { Outcome } from './result.ts';

/** A request and an answer of the Invoke API, as the gateway hands them on. */
export interface InvokeRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface InvokeResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface InvokeApiOptions {
  /** The ARN of a function by its name or ARN. Throws `ResourceNotFoundException`. */
  readonly resolve: (nameOrArn: string) => string;
  readonly invoke: (functionArn: string, event: string) => Promise<Outcome>;
  readonly invokeLater: (functionArn: string, event: string) => void;
}

/** `POST /2015-03-31/functions/{name}/invocations`: RequestResponse, Event and DryRun. */
export function createInvokeApi({ resolve, invoke, invokeLater }: InvokeApiOptions) {
  return async ({ method, url, headers, body }: InvokeRequest): Promise<InvokeResponse> => {
    const { pathname } = new URL(url, 'http://lambda');
    const name = /^\/2015-03-31\/functions\/([^/]+)\/invocations\/?$/.exec(pathname)?.[1];
    if (method !== 'POST' || name === undefined) {
      throw new AwsError(
        'UnknownOperationException',
        `The Lambda API ${method} ${pathname} is not run here.`,
        404,
      );
    }
    const functionArn = resolve(decodeURIComponent(name));
    const type = headers['x-amz-invocation-type'] ?? 'RequestResponse';
    checkSize(body, type === 'Event' ? MAX_ASYNC_PAYLOAD_BYTES : MAX_PAYLOAD_BYTES);
    const event = body.length === 0 ? '{}' : body.toString();
    checkJson(event);
    if (type === 'DryRun') return { status: 204, headers: {}, body: '' };
    if (type === 'Event') {
      invokeLater(functionArn, event);
      return { status: 202, headers: {}, body: '' };
    }
    return answer(await invoke(functionArn, event));
  };
}

function answer(outcome: Outcome): InvokeResponse {
  const headers = { 'content-type': 'application/json', 'x-amz-executed-version': '$LATEST' };
  if (outcome.kind === 'success') return { status: 200, headers, body: outcome.text };
  if (outcome.kind === 'throttled') throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429);
  return {
    status: 200,
    headers: { ...headers, 'x-amz-function-error': 'Unhandled' },
    body: JSON.stringify(outcome.error),
  };
}

/** An error of the API itself, as SDKs read it. */
export function answerError({ code, message, status, extra }: AwsError): InvokeResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
    body: JSON.stringify({ Type: status >= 500 ? 'Service' : 'User', Message: message, ...extra }),
  };
}

function checkSize({ length }: Buffer, most: number): void {
  if (length <= most) return;
  throw new AwsError(
    'RequestTooLargeException',
    `${length} byte payload is too large: an invocation takes at most ${most} bytes.`,
    413,
  );
}

/** @throws AwsError `InvalidRequestContentException` for what is no JSON */
export function checkJson(event: string): void {
  try {
    JSON.parse(event);
  } catch (error) {
    const reason = (error as Error).message;
    throw new AwsError('InvalidRequestContentException', `Could not parse request body into json: ${reason}`);
  }
}
