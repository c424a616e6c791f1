import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError } from '../aws.ts';
import { bodyWithin, ClientGone } from '../gateway/http.ts';
import { isTooDeep, parseInput, tooDeep } from '../gateway/json.ts';

/** What the endpoint hands requests on to. */
export interface EndpointOptions {
  readonly call: (action: string, input: Record<string, unknown>) => Promise<Record<string, unknown>>;
  readonly isUnsigned: (action: string) => boolean;
  readonly committed: () => Promise<void>;
  /** The key set of a pool, or undefined when there is no such pool. */
  readonly keysOf: (poolId: string) => unknown;
}

const target = 'AWSCognitoIdentityProviderService.';
const keysPath = /^\/([\w-]+)\/\.well-known\/jwks\.json$/;
const largestBody = 128 * 1024;

/** The endpoint that clients sign in at: AWS JSON 1.1 over HTTP, open to pages of any origin as on AWS. */
export function createEndpoint(options: EndpointOptions) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-expose-headers', 'x-amzn-RequestId,x-amzn-ErrorType,Date');
    response.setHeader('x-amzn-requestid', randomUUID());
    if (request.method === 'OPTIONS') {
      response.writeHead(200, {
        'access-control-allow-methods': 'POST,GET,OPTIONS',
        'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '*',
        'access-control-max-age': '172800',
      });
      response.end();
      return;
    }
    try {
      const answer = await answerTo(options, request);
      await options.committed();
      send(response, 200, answer);
    } catch (error) {
      if (error instanceof ClientGone) return;
      const known = meant(error);
      response.setHeader('x-amzn-errortype', `${known.code}:`);
      send(response, known.status, { __type: known.code, message: known.message, ...known.extra });
    }
  };
}

function meant(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  return isTooDeep(error)
    ? tooDeep
    : new AwsError('InternalErrorException', 'The local user pool failed.', 500);
}

async function answerTo(options: EndpointOptions, request: IncomingMessage): Promise<unknown> {
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  if (request.method === 'GET') {
    const keys = options.keysOf(keysPath.exec(path)?.[1] ?? '');
    if (!keys) throw new AwsError('ResourceNotFoundException', `There is nothing at ${path}.`, 404);
    return keys;
  }
  const name = String(request.headers['x-amz-target'] ?? '');
  if (request.method !== 'POST' || !name.startsWith(target)) {
    throw new AwsError('UnknownOperationException', `The header x-amz-target must begin with ${target}`);
  }
  const action = name.slice(target.length);
  if (!options.isUnsigned(action)) {
    throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  return options.call(action, parseInput(await bodyOf(request)));
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const body = await bodyWithin(request, largestBody);
  if (body) return body;
  throw new AwsError('RequestEntityTooLargeException', `Request size exceeded ${largestBody} bytes`, 413);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
