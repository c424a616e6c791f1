import type { RawData, WebSocket } from 'ws';
import type { AppSyncOptions } from './api.ts';
import { type Authenticate, headersOf } from './authentication.ts';
import type { Requester } from './authorization.ts';
import type { Started } from './context.ts';
import type { Query } from './documents.ts';
import { type ErrorEntry, malformed, RequestError } from './errors.ts';
import { operationRequest } from './http.ts';
import type { OperationRequest } from './operations.ts';
import type { Subscription, Subscriptions } from './subscriptions.ts';

/** What the realtime endpoint is made of. */
export interface RealtimeParts {
  readonly options: AppSyncOptions;
  readonly authenticate: Authenticate;
  readonly queryOf: (text: string) => Query;
  readonly subscriptions: Subscriptions;
  readonly start: (
    request: OperationRequest,
    requester: Requester,
    headers: Readonly<Record<string, string>>,
  ) => Promise<(Started & Pick<Subscription, 'operation'>) | ErrorEntry[]>;
}

/** AppSync's limits: of a payload in bytes, and of subscriptions on one connection. */
const largestPayload = 240 * 1024;
const mostSubscriptions = 200;
/** How long a client waits for a sign of life before it connects again. */
const connectionTimeoutMs = 300_000;
/** A client that reads so slowly that more than this waits for it is cut off; it connects again and refetches. */
const mostBuffered = 4 * 1024 * 1024;
/** The longest time that a timer can wait. */
const longestTimer = 2 ** 31 - 1;

/** One client's connection. */
export interface Connection {
  readonly socket: WebSocket;
  /** Path of the API's HTTP endpoint, which clients sign. */
  readonly endpoint: string;
  readonly sourceIp: string;
  /** Whether the client may connect; rejects with a `RequestError`. */
  readonly admitted: Promise<unknown>;
  /** Subscriptions by the client's ids, those that are starting too. */
  readonly running: Map<string, Running>;
  /** Whether the connection was acknowledged, so that it is to be kept alive. */
  acknowledged: boolean;
}

interface Running {
  stop: () => void;
}

export const keepAlive = '{"type":"ka"}';

/** Does what a message of the client asks for. */
export async function receive(parts: RealtimeParts, connection: Connection, data: RawData): Promise<void> {
  const { socket } = connection;
  const message = read(data);
  try {
    await connection.admitted;
  } catch (error) {
    const { status, errorType, message: text } = requestError(error);
    const errors = [{ errorType, message: text, errorCode: status }];
    send(socket, JSON.stringify({ type: 'connection_error', payload: { errors } }));
    socket.close(1008, errorType);
    return;
  }
  const id = typeof message?.id === 'string' ? message.id : undefined;
  if (message?.type === 'connection_init') {
    connection.acknowledged = true;
    send(socket, JSON.stringify({ type: 'connection_ack', payload: { connectionTimeoutMs } }));
    send(socket, keepAlive);
  } else if (message?.type === 'start' && id !== undefined) {
    await begin(parts, connection, id, message.payload);
  } else if (message?.type === 'stop' && id !== undefined) {
    const running = connection.running.get(id);
    if (running) {
      end(connection, id);
      send(socket, JSON.stringify({ type: 'complete', id }));
    } else {
      refuse(connection, id, [{ errorType: 'UnknownOperationError', message: `Unknown operation id ${id}` }]);
    }
  } else {
    refuse(connection, id, [
      {
        errorType: 'UnsupportedOperation',
        message: `${typeof message?.type === 'string' ? message.type : 'unknown'} not supported`,
      },
    ]);
  }
}

async function begin(
  parts: RealtimeParts,
  connection: Connection,
  id: string,
  payload: unknown,
): Promise<void> {
  const { running, socket } = connection;
  if (running.has(id)) {
    return refuse(connection, id, [
      {
        errorType: 'DuplicatedOperationError',
        message: `There is a subscription with the id ${id} already.`,
      },
    ]);
  }
  if (running.size >= mostSubscriptions) {
    return refuse(connection, id, [
      {
        errorType: 'MaxSubscriptionsReachedError',
        message: `Max number of ${mostSubscriptions} subscriptions reached`,
      },
    ]);
  }
  const place: Running = { stop: () => {} };
  running.set(id, place);
  const isWanted = () => running.get(id) === place;
  try {
    const { data, headers } = subscriptionRequest(payload);
    const requester = await parts.authenticate({
      method: 'POST',
      url: connection.endpoint,
      headers,
      body: data,
      sourceIp: connection.sourceIp,
    });
    const request = operationRequest(parse(data), parts.queryOf);
    const started = await parts.start(request, requester, headers);
    if (!isWanted()) return;
    if (Array.isArray(started)) {
      running.delete(id);
      return refuse(connection, id, started);
    }
    place.stop = listen(parts, connection, id, request, requester, started);
    send(socket, JSON.stringify({ type: 'start_ack', id }));
  } catch (error) {
    if (!isWanted()) return;
    running.delete(id);
    const { errorType, message } = requestError(error);
    refuse(connection, id, [{ errorType, message }]);
  }
}

function subscriptionRequest(payload: unknown): { data: string; headers: Record<string, string> } {
  const { data, extensions } = (payload ?? {}) as {
    data?: unknown;
    extensions?: { authorization?: unknown };
  };
  const authorization = extensions?.authorization;
  if (typeof data !== 'string' || typeof authorization !== 'object' || authorization === null) {
    throw new RequestError(400, 'UnsupportedOperation', 'unknown not supported through the realtime channel');
  }
  return { data, headers: headersOf(authorization as Record<string, unknown>) };
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    throw malformed('Unable to parse GraphQL query.');
  }
}

/** Hands events on to the client until it stops, its token ends or a mutation ends it. */
function listen(
  { options, subscriptions }: RealtimeParts,
  connection: Connection,
  id: string,
  { query, variables }: OperationRequest,
  requester: Requester,
  { fieldName, operation, args, filter, invalidationFilter }: Started & Pick<Subscription, 'operation'>,
): () => void {
  const { socket } = connection;
  const name = JSON.stringify(id);
  const remove = subscriptions.add({
    fieldName,
    query,
    operation,
    variables,
    requester,
    args,
    ...(filter === undefined ? {} : { filter }),
    ...(invalidationFilter ? { invalidationFilter } : {}),
    deliver: (payload) => {
      if (payload.length > largestPayload / 4 && Buffer.byteLength(payload) > largestPayload) {
        options.log?.({
          apiId: options.apiId,
          message: `An event of ${fieldName} is larger than ${largestPayload} bytes and was not delivered.`,
        });
        return;
      }
      send(socket, `{"id":${name},"type":"data","payload":${payload}}`);
    },
    end: () => {
      end(connection, id);
      send(socket, JSON.stringify({ type: 'complete', id }));
    },
  });
  if (requester.endsAt === undefined) return remove;
  const left = requester.endsAt - (options.now ?? Date.now)();
  const expiry = setTimeout(
    () => {
      end(connection, id);
      refuse(connection, id, [{ errorType: 'UnauthorizedException', message: 'Token has expired.' }]);
    },
    Math.min(Math.max(left, 0), longestTimer),
  );
  expiry.unref();
  return () => {
    clearTimeout(expiry);
    remove();
  };
}

/** Ends every subscription of a connection that is gone. */
export function endAll({ running }: Connection): void {
  for (const { stop } of running.values()) stop();
  running.clear();
}

function end({ running }: Connection, id: string): void {
  const found = running.get(id);
  running.delete(id);
  found?.stop();
}

function refuse({ socket }: Connection, id: string | undefined, errors: readonly object[]): void {
  send(socket, JSON.stringify({ ...(id === undefined ? {} : { id }), type: 'error', payload: { errors } }));
}

/** Sends a message, or cuts off a client that does not read. */
export function send(socket: WebSocket, text: string): void {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount > mostBuffered) socket.terminate();
  else socket.send(text);
}

function read(data: RawData): { type?: unknown; id?: unknown; payload?: unknown } | undefined {
  try {
    const message: unknown = JSON.parse(String(data));
    return typeof message === 'object' && message !== null ? message : undefined;
  } catch {
    return undefined;
  }
}

function requestError(error: unknown): RequestError {
  return error instanceof RequestError
    ? error
    : new RequestError(500, 'InternalFailure', 'An internal failure occurred.');
}
