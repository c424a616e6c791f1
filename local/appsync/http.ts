import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { bodyWithin, ClientGone } from '../gateway/http.ts';
import type { AppSyncOptions } from './api.ts';
import { type Authenticate, headersOf } from './authentication.ts';
import type { Requester } from './authorization.ts';
import type { Query } from './documents.ts';
import { malformed, RequestError } from './errors.ts';
import type { OperationRequest, Ran } from './operations.ts';

/** What the HTTP endpoint is made of. */
export interface EndpointParts {
  readonly options: AppSyncOptions;
  readonly authenticate: Authenticate;
  readonly queryOf: (text: string) => Query;
  readonly run: (
    request: OperationRequest,
    requester: Requester,
    headers: Readonly<Record<string, string>>,
  ) => Promise<Ran>;
}

/** How long a request may take, how large its body and its answer may be: AppSync's limits. */
const requestTimeoutMs = 30_000;
const largestBody = 5 * 1024 * 1024;
const largestAnswer = 5 * 1024 * 1024;

/** What a client gets whose request the web ACL blocks. */
const FORBIDDEN = { errorType: 'WAFForbiddenException', message: '403 Forbidden' };
export const forbiddenBody = JSON.stringify({ errors: [FORBIDDEN] });

/** The address of a client, as a web ACL and `$context.identity.sourceIp` know it. */
export function addressOf({ socket }: IncomingMessage): string {
  return socket.remoteAddress ?? '127.0.0.1';
}

/** A request with its whole body, and where it comes from. */
export interface EndpointRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  readonly sourceIp: string;
}

export interface EndpointAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Tells subscribers; to be called when the answer is on its way. */
  readonly announce?: () => void;
}

/** The endpoint of an API. */
export interface Endpoint {
  /** Answers over HTTP, to pages of any origin as on AWS. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Answers a request that came another way; never rejects. */
  answer(request: EndpointRequest): Promise<EndpointAnswer>;
}

export function createEndpoint(parts: EndpointParts): Endpoint {
  const { options } = parts;

  /** What becomes of a request whose body is read by `bodyOf`, once the web ACL lets it pass. */
  async function respond(
    request: Omit<EndpointRequest, 'body'>,
    readBody: () => Buffer | Promise<Buffer>,
  ): Promise<EndpointAnswer> {
    const requestId = randomUUID();
    const common = { 'access-control-allow-origin': '*', 'x-amzn-requestid': requestId };
    if (options.admits?.(request.sourceIp, request) === false) {
      return refused(403, FORBIDDEN.errorType, forbiddenBody, common);
    }
    if (request.method === 'OPTIONS') {
      const allowed = request.headers['access-control-request-headers'] ?? '*';
      const preflight = { 'access-control-allow-headers': allowed, 'access-control-max-age': '172800' };
      return {
        status: 200,
        headers: { ...common, 'access-control-allow-methods': 'POST,OPTIONS', ...preflight },
        body: '',
      };
    }
    const exposed = { ...common, 'access-control-expose-headers': 'x-amzn-RequestId,x-amzn-ErrorType,Date' };
    try {
      return await run(parts, requestId, { ...request, body: await readBody() }, exposed);
    } catch (error) {
      if (error instanceof ClientGone) throw error;
      const { status, errorType, message } =
        error instanceof RequestError
          ? error
          : new RequestError(500, 'InternalFailure', 'An internal failure occurred.');
      if (!(error instanceof RequestError)) {
        options.log?.({
          apiId: options.apiId,
          message: String((error as Error)?.stack ?? error),
        });
      }
      return refused(status, errorType, JSON.stringify({ errors: [{ errorType, message }] }), exposed);
    }
  }

  return {
    answer: ({ body, ...request }) => respond(request, () => body),
    async handle(request, response) {
      const { method = 'GET', url = '/', headers } = request;
      try {
        const sourceIp = addressOf(request);
        const answer = await respond({ method, url, headers, sourceIp }, () => bodyOf(request));
        send(response, answer);
        answer.announce?.();
      } catch (error) {
        if (!(error instanceof ClientGone)) throw error;
      }
    },
  };
}

const json = 'application/json;charset=UTF-8';

function refused(
  status: number,
  errorType: string,
  body: string,
  headers: EndpointAnswer['headers'],
): EndpointAnswer {
  return { status, headers: { ...headers, 'x-amzn-errortype': errorType, 'content-type': json }, body };
}

async function run(
  { options, authenticate, queryOf, run: runOperation }: EndpointParts,
  requestId: string,
  { method, url, headers: given, body, sourceIp }: EndpointRequest,
  common: EndpointAnswer['headers'],
): Promise<EndpointAnswer> {
  const begun = performance.now();
  if (method !== 'POST') throw new RequestError(405, 'BadRequestException', 'Use POST.');
  const headers = headersOf(given);
  const requester = await authenticate({ method: 'POST', url, headers, body, sourceIp });
  const ran = await inTime(options, runOperation(parse(body, queryOf), requester, headers));
  let text = JSON.stringify(ran.answer);
  if (text.length > largestAnswer / 4 && Buffer.byteLength(text) > largestAnswer) {
    text = JSON.stringify({
      data: null,
      errors: [
        { errorType: 'ResponseTooLarge', message: `The response is larger than ${largestAnswer} bytes.` },
      ],
    });
  }
  const announce = () => {
    ran.announce();
    options.log?.({
      apiId: options.apiId,
      requestId,
      operation: ran.operation
        ? `${ran.operation.operation} ${ran.operation.name?.value ?? ''}`.trim()
        : 'invalid',
      milliseconds: performance.now() - begun,
      errors: (ran.answer.errors ?? []).map(({ errorType, message }) => errorType ?? message),
    });
  };
  const answered = { ...common, ...ran.responseHeaders, 'content-type': json };
  return { status: 200, headers: answered, body: text, announce };
}

/** The answer, or after 30 seconds that there is none. */
export async function inTime(
  options: Pick<AppSyncOptions, 'requestTimeoutMs'>,
  running: Promise<Ran>,
): Promise<Ran> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Ran>((resolve) => {
    timer = setTimeout(
      () =>
        resolve({
          answer: {
            data: null,
            errors: [
              { path: null, locations: null, errorType: 'ExecutionTimeout', message: 'Execution timed out.' },
            ],
          },
          operation: undefined,
          responseHeaders: {},
          announce: () => {},
        }),
      options.requestTimeoutMs ?? requestTimeoutMs,
    );
  });
  try {
    return await Promise.race([running, late]);
  } finally {
    clearTimeout(timer);
  }
}

function parse(body: Buffer, queryOf: (text: string) => Query): OperationRequest {
  if (body.length === 0) throw malformed('Request body is empty.');
  let input: unknown;
  try {
    input = JSON.parse(body.toString('utf8'));
  } catch {
    throw malformed('Unable to parse GraphQL query.');
  }
  return operationRequest(input, queryOf);
}

/** What a client sent, by POST or to the socket. @throws {RequestError} for what is no request */
export function operationRequest(input: unknown, queryOf: (text: string) => Query): OperationRequest {
  const { query, variables, operationName } = (input ?? {}) as Record<string, unknown>;
  if (typeof query !== 'string') throw malformed('Unable to parse GraphQL query.');
  if (
    variables !== undefined &&
    variables !== null &&
    (typeof variables !== 'object' || Array.isArray(variables))
  ) {
    throw malformed('Unable to parse GraphQL query.');
  }
  return {
    query: queryOf(query),
    variables: (variables ?? {}) as Record<string, unknown>,
    ...(typeof operationName === 'string' && operationName !== '' ? { operationName } : {}),
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const body = await bodyWithin(request, largestBody);
  if (body) return body;
  const message = `The request body is larger than ${largestBody} bytes.`;
  throw new RequestError(413, 'RequestEntityTooLargeException', message);
}

function send(response: ServerResponse, { status, headers, body }: EndpointAnswer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
