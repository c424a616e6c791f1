import { WebSocket } from 'ws';
import { realtimeUrl } from '../../tools/graphql/subscribe.ts';
import { type Arrivals, arrived } from './queue.ts';

/** AppSync's limit of subscriptions on one connection (https://docs.aws.amazon.com/general/latest/gr/appsync.html). */
const mostSubscriptions = 200;

const onCustomerActivity = 'subscription($id: ID!) { onCustomerActivity(customerId: $id) { id kind } }';

interface Frame {
  readonly type: string;
  readonly payload?: {
    readonly data?: { readonly onCustomerActivity: { readonly id: string; readonly kind: string } };
  };
}

/** Who subscribes, and where. */
export interface Subscriber {
  readonly graphqlUrl: string;
  readonly token: string;
}

/**
 * Subscribes to the activity of customers, on as few sockets as AppSync allows, and notes when each logged interaction
 * was told.
 *
 * @throws Error when a subscription is refused
 */
export async function followCustomers(subscriber: Subscriber, customerIds: readonly string[]) {
  const arrivals: Arrivals = new Map();
  const sockets: WebSocket[] = [];
  for (let from = 0; from < customerIds.length; from += mostSubscriptions) {
    sockets.push(await follow(subscriber, customerIds.slice(from, from + mostSubscriptions), arrivals));
  }
  return {
    arrivals: arrivals as ReadonlyMap<string, number>,
    stop: (): void => {
      for (const socket of sockets) socket.close();
    },
  };
}

/** Gives a socket when all its subscriptions have started. */
function follow(
  { graphqlUrl, token }: Subscriber,
  customerIds: readonly string[],
  arrivals: Arrivals,
): Promise<WebSocket> {
  const authorization = { Authorization: token, host: new URL(graphqlUrl).host };
  const header = Buffer.from(JSON.stringify(authorization)).toString('base64url');
  const socket = new WebSocket(realtimeUrl(graphqlUrl), ['graphql-ws', `header-${header}`]);
  const send = (frame: object) => socket.send(JSON.stringify(frame));
  let starting = customerIds.length;

  function start(id: string): void {
    const data = JSON.stringify({ query: onCustomerActivity, variables: { id } });
    send({ id, type: 'start', payload: { data, extensions: { authorization } } });
  }

  return new Promise((resolve, reject) => {
    socket.on('open', () => send({ type: 'connection_init' }));
    socket.on('message', (message) => {
      const { type, payload }: Frame = JSON.parse(String(message));
      const told = payload?.data?.onCustomerActivity;
      if (told?.kind === 'INTERACTION_LOGGED') arrived(arrivals, told.id);
      else if (type === 'connection_ack') customerIds.forEach(start);
      else if (type === 'start_ack' && --starting === 0) resolve(socket);
      else if (type.endsWith('error')) reject(new Error(`a subscription was refused: ${message}`));
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the socket was closed')));
  });
}
