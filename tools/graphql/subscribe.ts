import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';

export interface SubscribeOptions {
  readonly graphqlUrl: string;
  readonly token: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly onStarted: () => void;
  readonly onData: (data: unknown) => void;
}

export interface RunningSubscription {
  /** Resolves when stopped; rejects when refused or cut off. */
  readonly ended: Promise<void>;
  readonly stop: () => void;
}

interface Frame {
  readonly type: string;
  readonly payload?: { readonly data?: unknown; readonly errors?: readonly { readonly message?: string }[] };
}

/**
 * Follows one subscription over AppSync's real-time protocol
 * (https://docs.aws.amazon.com/appsync/latest/devguide/real-time-websocket-client.html).
 */
export function subscribe(options: SubscribeOptions): RunningSubscription {
  const { graphqlUrl, token, query, variables, onStarted, onData } = options;
  const authorization = { Authorization: token, host: new URL(graphqlUrl).host };
  const header = Buffer.from(JSON.stringify(authorization)).toString('base64url');
  const socket = new WebSocket(realtimeUrl(graphqlUrl), ['graphql-ws', `header-${header}`]);
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
  const send = (frame: object) => socket.send(JSON.stringify(frame));

  socket.on('open', () => send({ type: 'connection_init' }));
  socket.on('message', (message) => {
    const { type, payload }: Frame = JSON.parse(String(message));
    if (type === 'connection_ack') {
      const data = JSON.stringify({ query, variables });
      send({ id: randomUUID(), type: 'start', payload: { data, extensions: { authorization } } });
    } else if (type === 'start_ack') onStarted();
    else if (type === 'data') onData(payload?.data);
    else if (type === 'complete') socket.close();
    else if (type === 'error' || type === 'connection_error') {
      reject(new Error(payload?.errors?.map((error) => error.message).join('; ') || `the API sent ${type}`));
      socket.close();
    }
  });
  socket.on('error', reject);
  socket.on('close', () => resolve());
  return { ended, stop: () => socket.close() };
}

/** The socket of an AppSync host is on a host of its own; any other endpoint is a custom domain, with a path for it. */
export function realtimeUrl(graphqlUrl: string): string {
  const url = new URL(graphqlUrl);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  if (/^\w{26}\.appsync-api\./.test(url.host))
    url.host = url.host.replace('appsync-api', 'appsync-realtime-api');
  else url.pathname += '/realtime';
  return url.href;
}
