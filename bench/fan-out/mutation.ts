import { Client, Pool } from 'undici';
import { interaction } from '../load/operations.ts';

/** An interaction whose mutation was answered. */
export interface Commit {
  readonly id: string;
  readonly customerId: string;
  /** Different of all interactions; the partner gets it, and nothing else by which it knows one. */
  readonly subject: string;
  readonly occurredAt: string;
  /** When it was due, and when the answer was there. */
  readonly dueAt: number;
  readonly committedAt: number;
}

const logInteraction = `mutation LogInteraction($input: LogInteractionInput!) {
  logInteraction(input: $input) { id customerId channel direction subject occurredAt version }
}`;

/** How many may wait for their answers at once; the next ones then wait to be sent. */
const mostConnections = 250;

export interface LoggerOptions {
  readonly graphqlUrl: string;
  readonly token: string;
  readonly customerIds: readonly string[];
  /** Keeps the subjects of different runs apart. */
  readonly run: string;
}

/**
 * Logs interactions as a signed-in user, with one customer after the other. Each connection has an address of its own: to
 * the firewall they are as many clients.
 */
export function createLogger({ graphqlUrl, token, customerIds, run }: LoggerOptions) {
  const { origin, pathname: path } = new URL(graphqlUrl);
  const headers = { authorization: token, 'content-type': 'application/json' };
  let made = 0;
  const connections = new Pool(origin, {
    connections: mostConnections,
    pipelining: 1,
    factory: (to, options) =>
      new Client(to, { ...options, localAddress: `127.0.0.${(++made % mostConnections) + 2}` }),
  });

  return {
    /** Logs the n-th interaction. @throws Error with what was answered when that is no interaction */
    async log(n: number, dueAt: number): Promise<Commit> {
      const customerId = customerIds[n % customerIds.length] as string;
      const input = { ...interaction(customerId, n), subject: `${run}-${n}` };
      const body = JSON.stringify({ query: logInteraction, variables: { input } });
      const response = await connections.request({ path, method: 'POST', headers, body });
      const text = await response.body.text();
      const committedAt = performance.now();
      const commit = response.statusCode === 200 ? committed(text) : undefined;
      if (!commit) throw new Error(`${response.statusCode} ${text.slice(0, 500)}`);
      return { ...commit, dueAt, committedAt };
    },
    close: () => connections.close(),
  };
}

function committed(text: string): Omit<Commit, 'dueAt' | 'committedAt'> | undefined {
  const { data } = JSON.parse(text) as { data?: { logInteraction?: Omit<Commit, 'dueAt' | 'committedAt'> } };
  return data?.logInteraction;
}
