import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import Big from 'big.js';
import { buildSchema, graphql } from 'graphql';

/** A customer as it was asked for. */
export interface FakeCustomer {
  readonly id: string;
  readonly clientRequestId: string;
  readonly kind: string;
  readonly name: string;
  readonly identities: readonly { kind: string; value: string; source?: string }[];
  readonly address?: { country?: string };
}

/** An order as it was asked for. */
export interface FakeOrder {
  readonly customerId: string;
  readonly source: string;
  readonly externalId: string;
  readonly kind: string;
  readonly placedAt: string;
  readonly currency: string;
  readonly lines: readonly {
    kind: string;
    code: string;
    description?: string;
    quantity: string;
    unitPrice: string;
  }[];
}

/** What a test makes go wrong. */
export interface Faults {
  /** Answers a request in place of the API: the status and the body, or `cut` to drop the connection. */
  onRequest?: (count: number) => { status: number; body: unknown } | 'cut' | undefined;
  /** Refuses a row. */
  onOrder?: (order: FakeOrder) => { code: string; message: string } | undefined;
}

/** A GraphQL server on 127.0.0.1 with the contract of the repository and a memory in place of the stack. */
export interface FakeApi {
  readonly url: string;
  /** By the value of their external id. */
  readonly customers: Map<string, FakeCustomer>;
  /** By external id. */
  readonly orders: Map<string, FakeOrder>;
  readonly faults: Faults;
  /** The sizes of the batches of orders that came, in rows and lines. */
  readonly batches: { rows: number; lines: number }[];
  readonly mostAtOnce: () => number;
  readonly requests: () => number;
  readonly close: () => Promise<void>;
}

const schemaDir = new URL('../../graphql/schema/', import.meta.url);

const scalars = [
  'AWSDateTime',
  'AWSDate',
  'AWSJSON',
  'AWSEmail',
  'AWSPhone',
  'AWSURL',
  'AWSTimestamp',
  'AWSTime',
];

function contract() {
  const files = readdirSync(schemaDir).map((name) => readFileSync(new URL(name, schemaDir), 'utf8'));
  const sdl = [...scalars.map((name) => `scalar ${name}`), ...files].join('\n');
  return buildSchema(sdl, { assumeValidSDL: true });
}

export async function startFakeApi(faults: Faults = {}): Promise<FakeApi> {
  const schema = contract();
  const customers = new Map<string, FakeCustomer>();
  const orders = new Map<string, FakeOrder>();
  const requests = new Map<string, FakeCustomer>();
  const batches: FakeApi['batches'] = [];
  let [count, atOnce, mostAtOnce] = [0, 0, 0];

  const rootValue = {
    createCustomers: ({ input }: { input: { customers: FakeCustomer[] } }) => ({
      results: input.customers.map((asked, index) => {
        const again = requests.get(asked.clientRequestId);
        if (again) return { index, customer: again };
        const { value = '' } = asked.identities.find(({ kind }) => kind === 'EXTERNAL_ID') ?? {};
        const email = asked.identities.find(({ kind }) => kind === 'EMAIL');
        const holder = [...customers.values()].find(
          (other) => email && other.identities.some((identity) => identity.value === email.value),
        );
        if (holder) return { index, error: taken('CUSTOMER.EMAIL_TAKEN', holder.id) };
        const known = customers.get(value);
        if (known) return { index, error: taken('CUSTOMER.IDENTITY_TAKEN', known.id) };
        const customer = { ...asked, id: `cus_${value}` };
        customers.set(value, customer);
        requests.set(asked.clientRequestId, customer);
        return { index, customer };
      }),
    }),
    customerByIdentity: ({ identity }: { identity: { value: string } }) => customers.get(identity.value),
    placeOrders: ({ input }: { input: { orders: FakeOrder[] } }) => {
      batches.push({
        rows: input.orders.length,
        lines: input.orders.reduce((sum, order) => sum + order.lines.length, 0),
      });
      return { results: input.orders.map((order, index) => ({ index, ...place(order) })) };
    },
  };

  function place(asked: FakeOrder) {
    const error = faults.onOrder?.(asked);
    if (error) return { error };
    const known = orders.get(asked.externalId);
    if (known && fingerprint(known) !== fingerprint(asked)) {
      return { error: { code: 'ORDER.EXTERNAL_ID_TAKEN', message: 'the order is there with other content' } };
    }
    orders.set(asked.externalId, asked);
    const exact = asked.lines.reduce(
      (sum, line) => sum.plus(new Big(line.quantity).times(line.unitPrice)),
      new Big(0),
    );
    const total = { amount: exact.toFixed(2, Big.roundHalfUp), currency: asked.currency };
    return { created: !known, order: { ...asked, total } };
  }

  const server = createServer(async (request, response) => {
    count++;
    mostAtOnce = Math.max(mostAtOnce, ++atOnce);
    try {
      const fault = faults.onRequest?.(count);
      if (fault === 'cut') {
        request.socket.destroy();
        return;
      }
      const chunks = await request.toArray();
      await setTimeout(2);
      const { query, variables } = JSON.parse(Buffer.concat(chunks).toString());
      const body =
        fault?.body ?? (await graphql({ schema, source: query, rootValue, variableValues: variables }));
      response
        .writeHead(fault?.status ?? 200, { 'content-type': 'application/json' })
        .end(JSON.stringify(body));
    } finally {
      atOnce--;
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    customers,
    orders,
    faults,
    batches,
    mostAtOnce: () => mostAtOnce,
    requests: () => count,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const fingerprint = (order: FakeOrder) => createHash('sha1').update(JSON.stringify(order)).digest('hex');

const taken = (code: string, customerId: string) => ({
  code,
  message: `customer ${customerId} has it`,
  info: JSON.stringify({ customerId }),
});
