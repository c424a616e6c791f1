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

/** Answers `POST /graphql`, to pages of any origin as on AWS. */
export function createEndpoint(parts: EndpointParts) {
  const { options } = parts;
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const requestId = randomUUID();
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('x-amzn-requestid', requestId);
    if (options.admits?.(addressOf(request)) === false) {
      response.setHeader('x-amzn-errortype', FORBIDDEN.errorType);
      send(response, 403, forbiddenBody);
      return;
    }
    if (request.method === 'OPTIONS') {
      response.writeHead(200, {
        'access-control-allow-methods': 'POST,OPTIONS',
        'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '*',
        'access-control-max-age': '172800',
      });
      response.end();
      return;
    }
    response.setHeader('access-control-expose-headers', 'x-amzn-RequestId,x-amzn-ErrorType,Date');
    try {
      await answer(parts, requestId, request, response);
    } catch (error) {
      if (error instanceof ClientGone) return;
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
      if (response.headersSent) return;
      response.setHeader('x-amzn-errortype', errorType);
      send(response, status, JSON.stringify({ errors: [{ errorType, message }] }));
    }
  };
}

async function answer(
  { options, authenticate, queryOf, run }: EndpointParts,
  requestId: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const begun = performance.now();
  const body = await bodyOf(request);
  if (request.method !== 'POST') throw new RequestError(405, 'BadRequestException', 'Use POST.');
  const headers = headersOf(request.headers);
  const requester = await authenticate({
    method: 'POST',
    url: request.url ?? '/',
    headers,
    body,
    sourceIp: addressOf(request),
  });
  const ran = await inTime(options, run(parse(body, queryOf), requester, headers));
  let text = JSON.stringify(ran.answer);
  if (text.length > largestAnswer / 4 && Buffer.byteLength(text) > largestAnswer) {
    text = JSON.stringify({
      data: null,
      errors: [
        { errorType: 'ResponseTooLarge', message: `The response is larger than ${largestAnswer} bytes.` },
      ],
    });
  }
  for (const [name, value] of Object.entries(ran.responseHeaders)) response.setHeader(name, value);
  send(response, 200, text);
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

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'application/json;charset=UTF-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
