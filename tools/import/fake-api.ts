import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import Big from 'big.js';
import { buildSchema, GraphQLError, graphql } from 'graphql';

/** A customer as it was asked for. */
export interface FakeCustomer {
  readonly id: string;
  readonly clientRequestId: string;
  readonly kind: string;
  readonly name: string;
  readonly givenName?: string;
  readonly familyName?: string;
  readonly language?: string;
  readonly identities: readonly FakeIdentity[];
  readonly address?: Readonly<Record<string, unknown>>;
  readonly attributes?: string;
  readonly via?: string;
  readonly version: number;
}

export interface FakeIdentity {
  readonly kind: string;
  readonly value: string;
  readonly source?: string;
}

/** A statement of consent as it was asked for. */
export interface FakeConsent {
  readonly clientRequestId: string;
  readonly customerId: string;
  readonly purpose: string;
  readonly basis: string;
  readonly proof: string;
  readonly statedAt: string;
  readonly via: string;
}

/** A product as it was asked for. */
export interface FakeProduct {
  readonly source: string;
  readonly code: string;
  readonly name: string;
}

/** An order as it was asked for. */
export interface FakeOrder {
  readonly customerId: string;
  readonly source: string;
  readonly externalId: string;
  readonly kind: string;
  readonly placedAt: string;
  readonly currency: string;
  readonly via?: string;
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
  /** Refuses a row. */
  onConsent?: (consent: FakeConsent) => { code: string; message: string } | undefined;
  /** Refuses a row. */
  onUpdate?: (update: FakeUpdate) => { code: string; message: string } | undefined;
}

/** An update as it was asked for. */
export interface FakeUpdate extends Partial<FakeCustomer> {
  readonly id: string;
  readonly expectedVersion: number;
  readonly addIdentities?: readonly FakeIdentity[];
}

/** A GraphQL server on 127.0.0.1 with the contract of the repository and a memory in place of the stack. */
export interface FakeApi {
  readonly url: string;
  /** By the value of their external id, or else of their first identity. */
  readonly customers: Map<string, FakeCustomer>;
  /** By external id. */
  readonly orders: Map<string, FakeOrder>;
  /** By customer, request and moment. */
  readonly consents: Map<string, FakeConsent>;
  /** By code. */
  readonly products: Map<string, FakeProduct>;
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
  const consents = new Map<string, FakeConsent>();
  const products = new Map<string, FakeProduct>();
  const requests = new Map<string, FakeCustomer>();
  const holderOf = (wanted: FakeIdentity) =>
    [...customers.values()].find(({ identities }) =>
      identities.some(
        ({ kind, value, source }) =>
          kind === wanted.kind && value === wanted.value && source === wanted.source,
      ),
    );
  /** In the order in which the API looks: e-mail first. */
  const takenBy = (identities: readonly FakeIdentity[], id?: string) => {
    for (const kind of ['EMAIL', 'PHONE', 'EXTERNAL_ID']) {
      for (const identity of identities.filter((one) => one.kind === kind)) {
        const holder = holderOf(identity);
        const code = kind === 'EXTERNAL_ID' ? 'IDENTITY' : kind;
        if (holder && holder.id !== id) return taken(`CUSTOMER.${code}_TAKEN`, holder.id);
      }
    }
    return undefined;
  };
  const batches: FakeApi['batches'] = [];
  let [count, atOnce, mostAtOnce] = [0, 0, 0];

  const rootValue = {
    createCustomers: ({ input }: { input: { customers: FakeCustomer[] } }) => ({
      results: input.customers.map((asked, index) => {
        const again = requests.get(asked.clientRequestId);
        if (again) return { index, customer: again };
        const external = asked.identities.find(({ kind }) => kind === 'EXTERNAL_ID');
        const { value = '' } = external ?? asked.identities[0] ?? {};
        const error = asked.identities.map(faultOf).find(Boolean) ?? takenBy(asked.identities);
        if (error) return { index, error };
        const customer = { ...asked, id: `cus_${value}`, version: 1 };
        customers.set(value, customer);
        requests.set(asked.clientRequestId, customer);
        return { index, customer };
      }),
    }),
    updateCustomers: ({ input }: { input: { customers: FakeUpdate[] } }) => ({
      results: input.customers.map((asked, index) => ({ index, ...change(asked) })),
    }),
    customerByIdentity: ({ identity }: { identity: FakeIdentity }) => {
      const fault = faultOf(identity);
      if (fault) throw new GraphQLError(fault.message, { extensions: { errorType: fault.code } });
      return holderOf(identity);
    },
    recordConsents: ({ input }: { input: { consents: FakeConsent[] } }) => ({
      results: input.consents.map((asked, index) => {
        const error = faults.onConsent?.(asked);
        if (error) return { index, error };
        const key = `${asked.customerId} ${asked.clientRequestId} ${asked.statedAt}`;
        const known = consents.get(key) ?? asked;
        if (known.proof !== asked.proof) {
          return { index, error: { code: 'REQUEST.ID_REUSED', message: 'it was used with another input' } };
        }
        consents.set(key, { ...known });
        return { index, consent: { ...known, id: `con_${consents.size}` } };
      }),
    }),
    recordProducts: ({ input }: { input: { products: FakeProduct[] } }) => ({
      results: input.products.map((asked, index) => {
        products.set(asked.code, { ...asked });
        return { index, product: { ...asked, id: `prd_${asked.code}` } };
      }),
    }),
    placeOrders: ({ input }: { input: { orders: FakeOrder[] } }) => {
      batches.push({
        rows: input.orders.length,
        lines: input.orders.reduce((sum, order) => sum + order.lines.length, 0),
      });
      return { results: input.orders.map((order, index) => ({ index, ...place(order) })) };
    },
  };

  function change({ id, expectedVersion, addIdentities = [], ...asked }: FakeUpdate) {
    const [key, known] = [...customers].find(([, customer]) => customer.id === id) ?? [];
    if (!known || key === undefined) return { error: { code: 'CUSTOMER.NOT_FOUND', message: id } };
    const error = faults.onUpdate?.({ id, expectedVersion, ...asked }) ?? takenBy(addIdentities, id);
    if (error) return { error };
    if (known.version !== expectedVersion) {
      return { error: { code: 'CUSTOMER.VERSION_STALE', message: `version ${known.version}` } };
    }
    const attributes = { ...JSON.parse(known.attributes ?? '{}'), ...JSON.parse(asked.attributes ?? '{}') };
    const { clientRequestId: _, ...fields } = asked;
    const customer = {
      ...known,
      ...fields,
      ...(asked.attributes ? { attributes: JSON.stringify(attributes) } : {}),
      identities: [...known.identities, ...addIdentities],
      version: known.version + 1,
    };
    customers.set(key, customer);
    return { customer };
  }

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

  async function answer(asked: { source: string; variableValues: Record<string, unknown> }) {
    const { errors, data } = await graphql({ schema, rootValue, ...asked });
    return { data, errors: errors?.map((error) => ({ ...error.toJSON(), ...error.extensions })) };
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
      const body = fault?.body ?? (await answer({ source: query, variableValues: variables }));
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
    consents,
    products,
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

const faultOf = ({ kind, value }: FakeIdentity) =>
  kind === 'EMAIL' && !value.includes('@')
    ? { code: 'INPUT.INVALID', message: `${value} is not an e-mail address` }
    : undefined;

const taken = (code: string, customerId: string) => ({
  code,
  message: `customer ${customerId} has it`,
  info: JSON.stringify({ customerId }),
});
