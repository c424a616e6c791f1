import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsError, type Caller } from './aws.ts';
import { callerOf, signedService } from './gateway/caller.ts';
import {
  ClientGone,
  checkUrl,
  type GatewayRequest,
  type GatewayResponse,
  readBody,
  send,
} from './gateway/http.ts';
import {
  answer,
  answerError,
  internalFailure,
  isTooDeep,
  type JsonService,
  parseInput,
  tooDeep,
} from './gateway/json.ts';
import type { Incoming } from './iam/iam.ts';
import type { Identities } from './identity.ts';
import type { Listener } from './ports.ts';
import { type Patience, patience, timeoutsOf } from './tls.ts';

/** A service that is called by path, as Lambda and S3 are; it is found by the service in the request's signature. */
export interface RestService {
  /** Answers a signed request; an `AwsError` is turned into an answer by `error`. */
  handle(request: GatewayRequest, caller: Caller): GatewayResponse | Promise<GatewayResponse>;
  error(error: AwsError): GatewayResponse;
}

export interface GatewayServices {
  /** By the prefix of `x-amz-target`: `DynamoDB_20120810`. */
  readonly json: Readonly<Record<string, JsonService>>;
  /** By the service in the signature: `lambda`, `s3`. */
  readonly rest: Readonly<Record<string, RestService>>;
}

export interface GatewayOptions {
  /** The region that signatures must be for; any when left out. */
  readonly region?: string;
  readonly identities: Pick<Identities, 'identityOf'>;
  /** Undefined until they are there; requests are answered 503 so long. */
  readonly services: () => GatewayServices | undefined;
  /** Resolves when what was written so far is kept; no answer leaves before. */
  readonly committed: () => Promise<void>;
  /** Asked of every call that needs a signature before it is run; throws the denial. */
  readonly authorize?: ((caller: Caller, call: Incoming) => void) | undefined;
  /** How long a client may take for a request; the usual when left out. */
  readonly slowest?: Patience;
  readonly log: (message: string) => void;
}

export interface Gateway extends Listener {
  /** Answers a request that came another way than over HTTP; never rejects. */
  handle(request: GatewayRequest): Promise<GatewayResponse>;
}

/** Who calls an action that needs no signature. */
const anonymous: Caller = { accessKeyId: '', arn: 'anonymous', accountId: '' };

/** Answers of the gateway itself, before it knows the service. */
const unknownService = { version: '1.0' } as const;

const starting = new AwsError('ServiceUnavailable', 'The local cloud is starting.', 503);

/**
 * One port for all AWS APIs: it verifies who calls, finds the service, and answers as that service does once the
 * change is kept.
 */
export function createGateway(options: GatewayOptions): Gateway {
  const { region, identities, services, committed, authorize, slowest, log } = options;

  function meant(error: unknown): AwsError {
    if (error instanceof AwsError) return error;
    if (isTooDeep(error)) return tooDeep;
    log(`The gateway failed: ${error instanceof Error ? error.stack : String(error)}`);
    return internalFailure;
  }

  async function callJson({ json }: GatewayServices, request: GatewayRequest, target: string) {
    const dot = target.lastIndexOf('.');
    const prefix = target.slice(0, dot);
    const action = target.slice(dot + 1);
    const service = Object.hasOwn(json, prefix) ? json[prefix] : undefined;
    if (!service) {
      const message = `No service here answers x-amz-target ${target}; there are ${Object.keys(json).join(', ')}.`;
      return answerError(unknownService, new AwsError('UnknownOperationException', message));
    }
    try {
      checkUrl(request.url, service.name);
      const free = service.isUnsigned?.(action) ?? false;
      const unsigned = free && request.headers.authorization === undefined;
      const caller = unsigned
        ? anonymous
        : callerOf(request, identities, { service: service.name, region }).caller;
      const input = parseInput(request.body);
      if (!free) authorize?.(caller, { service: service.name, action, input });
      return answer(service, await service.call(action, input, caller));
    } catch (error) {
      return answerError(service, meant(error));
    }
  }

  async function callRest({ json, rest }: GatewayServices, request: GatewayRequest) {
    const name = signedService(request);
    const service = name !== undefined && Object.hasOwn(rest, name) ? rest[name] : undefined;
    if (name === undefined || !service) {
      const reason = name === undefined ? 'The request is not signed' : `No service ${name} is here`;
      const known = new Set([...Object.values(json).map((one) => one.name), ...Object.keys(rest)]);
      const message = `${reason} and ${request.method} ${request.url} has no x-amz-target; there are ${[...known].join(', ')}.`;
      return answerError(unknownService, new AwsError('UnknownOperationException', message, 404));
    }
    try {
      checkUrl(request.url, name);
      const { caller } = callerOf(request, identities, { service: name, region });
      authorize?.(caller, { service: name, request });
      return await service.handle(request, caller);
    } catch (error) {
      return service.error(meant(error));
    }
  }

  async function handle(request: GatewayRequest): Promise<GatewayResponse> {
    const target = request.headers['x-amz-target'];
    const found = services();
    if (!found) return answerError(unknownService, starting);
    try {
      const response = await (typeof target === 'string'
        ? callJson(found, request, target)
        : callRest(found, request));
      await committed();
      return response;
    } catch (error) {
      return answerError(unknownService, meant(error));
    }
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { method = 'GET', url = '/', headers } = request;
      send(response, await handle({ method, url, headers, body: await readBody(request) }));
    } catch (error) {
      if (error instanceof ClientGone) return;
      if (!response.headersSent) send(response, answerError(unknownService, meant(error)));
    }
  }

  const kept = { noDelay: true, keepAliveTimeout: 60_000, ...timeoutsOf(slowest ?? patience) };
  const server = createServer(kept, (request, response) => {
    void serve(request, response);
  });
  return {
    handle,
    listen: (port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, '127.0.0.1', () => {
          server.off('error', reject);
          resolve((server.address() as AddressInfo).port);
        });
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
