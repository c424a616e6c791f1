/** What a signed-in user sends. */
export interface Operation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The firm that is measured: every customer's id and what is known of each from its number. */
export interface Firm {
  readonly customerIds: readonly string[];
  /** How many of them, from the first on, have the address of their number. */
  readonly withAddress: number;
}

/** One kind of operation: its name, and the n-th of them; `run` keeps those of different runs apart. */
export interface Case {
  readonly name: string;
  /** Whether facts follow from it for the consumers. */
  readonly writes: boolean;
  readonly operation: (firm: Firm, n: number, run: string) => Operation;
}

export const emailOf = (number: number): string => `customer-${number}@bench.example`;

/** Spreads consecutive numbers over the customers; the step is prime, so that all come before one comes again. */
const drawn = (n: number, count: number): number => (n * 7919) % count;

const idOf = ({ customerIds }: Firm, n: number): string =>
  customerIds[drawn(n, customerIds.length)] as string;

const createCustomer = `mutation CreateCustomer($input: CreateCustomerInput!) {
  createCustomer(input: $input) { id name kind version createdAt }
}`;

const logInteraction = `mutation LogInteraction($input: LogInteractionInput!) {
  logInteraction(input: $input) { id customerId channel direction subject occurredAt version }
}`;

const customer360 = `query Customer360($id: ID!) {
  customer360(id: $id) {
    customer { id name kind identities { kind value } address { city country } ownerId team version }
    score { engagement stage frequency monetaryTotal { amount currency } }
    timeline { id channel direction subject occurredAt }
    openOrders { id kind state placedAt total { amount currency } }
    consents { purpose channel state }
  }
}`;

const ordersByState = `query OrdersByState($state: OrderState!, $first: Int!) {
  orders(state: $state, first: $first) {
    nodes { id customerId kind state placedAt total { amount currency } version }
    pageInfo { hasNextPage endCursor }
  }
}`;

const customerByEmail = `query CustomerByEmail($email: String!) {
  customerByIdentity(identity: { kind: EMAIL, value: $email }) { id name kind identities { kind value } version }
}`;

const customersByName = `query CustomersByName($prefix: String!) {
  customersByName(prefix: $prefix, first: 20) { nodes { id name kind } pageInfo { hasNextPage } }
}`;

const channels = ['EMAIL', 'PHONE', 'LIVE_CHAT', 'IN_STORE'] as const;

/** The usual operations of a CRM, in the order in which they are reported. */
export const cases: readonly Case[] = [
  {
    name: 'create a customer',
    writes: true,
    operation: (_firm, n, run) => ({
      query: createCustomer,
      variables: {
        input: {
          clientRequestId: `${run}-${n}`,
          kind: 'PERSON',
          name: nameOf(n),
          identities: [{ kind: 'EMAIL', value: `${run}-${n}@bench.example` }],
          address: { lines: ['1 High Street'], city: 'Leeds', postalCode: 'LS1 1AA', country: 'GB' },
        },
      },
    }),
  },
  {
    name: 'log an interaction',
    writes: true,
    operation: (firm, n) => ({
      query: logInteraction,
      variables: { input: interaction(idOf(firm, n), n) },
    }),
  },
  {
    name: 'customer 360',
    writes: false,
    operation: (firm, n) => ({ query: customer360, variables: { id: idOf(firm, n) } }),
  },
  {
    name: 'a page of 50 orders by state',
    writes: false,
    operation: () => ({ query: ordersByState, variables: { state: 'OPEN', first: 50 } }),
  },
  {
    name: 'search by e-mail',
    writes: false,
    operation: (firm, n) => ({
      query: customerByEmail,
      variables: { email: emailOf(drawn(n, firm.withAddress)) },
    }),
  },
  {
    name: 'search by name prefix',
    writes: false,
    operation: (_firm, n) => ({
      query: customersByName,
      variables: { prefix: nameOf(n).slice(0, 4 + (n % 5)) },
    }),
  },
];

const givenNames =
  'Ada Ben Carla Dmitri Emma Farid Grace Hugo Ines Jamal Kira Liam Mona Nils Olga Pedro Qi Rosa Sven Tara'.split(
    ' ',
  );
const familyNames =
  'Adams Becker Castro Dubois Evans Fischer Garcia Hansen Ivanov Jones Kowalski Lopez Martin Novak Okafor Patel Rossi Smith Tanaka Weber'.split(
    ' ',
  );

/** The name of the n-th customer: 400 people of each number. */
export function nameOf(n: number): string {
  const given = givenNames[n % givenNames.length];
  const family = familyNames[Math.floor(n / givenNames.length) % familyNames.length];
  return `${given} ${family} ${Math.floor(n / (givenNames.length * familyNames.length))}`;
}

/** The n-th interaction of the benchmark, with a customer. */
export const interaction = (customerId: string, n: number) => ({
  customerId,
  channel: channels[n % channels.length],
  direction: n % 3 === 0 ? 'INBOUND' : 'OUTBOUND',
  subject: `About order ${n}`,
  body: 'They asked when the goods will come, and were told that they leave the warehouse on Monday.',
});
