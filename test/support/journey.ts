import { readEndpoint } from '../../tools/client/endpoint.ts';
import { signInAs } from '../../tools/client/session.ts';
import { subscribe } from '../../tools/graphql/subscribe.ts';
import { type AskAs, eventually, signedIn } from './client.ts';
import type { CloudInProcess } from './cloud.ts';

/** A journey under way through a stack. */
export interface Journey {
  readonly cloud: CloudInProcess;
  /** Asks as the user of a group. */
  readonly as: (user: string) => Promise<AskAs>;
  /** Ids that earlier steps left for later ones, by what they are of. */
  readonly ids: Map<string, string>;
}

/** A step throws when something is not as awaited: what is denied to a function ends the journey. */
export interface Step {
  readonly name: string;
  readonly run: (journey: Journey) => Promise<void>;
}

const idOf = ({ ids }: Journey, name: string): string => {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`no step before has left the id of a ${name}`);
  return id;
};

const email = { kind: 'EMAIL', value: 'ada@journey.example' };
const phone = { kind: 'PHONE', value: '+441632960001' };

async function makeCustomer({ as, ids }: Journey): Promise<void> {
  const ask = await as('sales');
  const input = { kind: 'PERSON', name: 'Ada', identities: [email], clientRequestId: 'once' };
  const create = 'mutation($input: CreateCustomerInput!) { createCustomer(input: $input) { id } }';
  const made = await ask<{ createCustomer: { id: string } }>(create, { input });
  const again = await ask<{ createCustomer: { id: string } }>(create, { input });
  if (again.createCustomer.id !== made.createCustomer.id) throw new Error('a retry made another customer');
  ids.set('customer', made.createCustomer.id);
  const change = { id: made.createCustomer.id, addIdentities: [phone], removeIdentities: [email] };
  await ask('mutation($input: UpdateCustomerInput!) { updateCustomer(input: $input) { id } }', {
    input: { ...change, clientRequestId: 'twice' },
  });
}

async function findCustomer(journey: Journey): Promise<void> {
  const ask = await journey.as('sales');
  const id = idOf(journey, 'customer');
  const { customerByIdentity, customers } = await ask<{
    customerByIdentity: { id: string } | null;
    customers: { nodes: { id: string }[] };
  }>(
    `query($identity: IdentityInput!) {
      customerByIdentity(identity: $identity) { id } customers(first: 20) { nodes { id } }
    }`,
    { identity: phone },
  );
  if (customerByIdentity?.id !== id) throw new Error('the customer was not found by phone');
  if (!customers.nodes.some((one) => one.id === id)) throw new Error('the customer is in no list');
}

const hearOf = 'subscription($id: ID!) { onCustomerActivity(customerId: $id) { id } }';
const log = 'mutation($input: LogInteractionInput!) { logInteraction(input: $input) { id } }';

async function talk(journey: Journey): Promise<void> {
  const { cloud, as, ids } = journey;
  const ask = await as('sales');
  const customerId = idOf(journey, 'customer');
  const token = await (await signInAs(readEndpoint(cloud.stackFile, 'sales', {})))();
  const started = Promise.withResolvers<void>();
  const heard = new Set<string>();
  const subscription = subscribe({
    graphqlUrl: String(cloud.stack.graphqlUrl),
    token,
    query: hearOf,
    variables: { id: customerId },
    onStarted: started.resolve,
    onData: (data) => heard.add(JSON.stringify(data)),
  });
  await Promise.race([started.promise, subscription.ended]);

  const contact = { customerId, channel: 'PHONE', direction: 'INBOUND', threadId: 'one' };
  const { logInteraction } = await ask<{ logInteraction: { id: string } }>(log, {
    input: { ...contact, body: 'x'.repeat(10_000) },
  });
  ids.set('interaction', logInteraction.id);
  await eventually(
    async () => [...heard].join(),
    (all) => all.includes(logInteraction.id),
  );
  subscription.stop();
}

async function readConversation(journey: Journey): Promise<void> {
  const ask = await journey.as('sales');
  const id = idOf(journey, 'customer');
  const { thread } = await ask<{ thread: { nodes: { body: string }[] } }>(
    `query($id: ID!) {
      thread(customerId: $id, threadId: "one", first: 20) { nodes { id body } }
      customer(id: $id) { timeline(first: 20) { nodes { id body } } }
    }`,
    { id },
  );
  if (thread.nodes[0]?.body.length !== 10_000) throw new Error('the body is not in the thread');
}

async function trade(journey: Journey): Promise<void> {
  const ask = await journey.as('integration');
  const { placeOrder } = await ask<{ placeOrder: { id: string } }>(
    'mutation($input: PlaceOrderInput!) { placeOrder(input: $input) { id } }',
    {
      input: {
        customerId: idOf(journey, 'customer'),
        source: 'shop',
        externalId: '1',
        kind: 'SALE',
        placedAt: new Date().toISOString(),
        currency: 'GBP',
        lines: [{ code: 'A', quantity: '1', unitPrice: '2.50' }],
      },
    },
  );
  journey.ids.set('order', placeOrder.id);
  await (await journey.as('sales'))(
    `query($id: ID!) {
      customer(id: $id) { orders(first: 20) { nodes { id lines(first: 20) { nodes { code } } } } }
    }`,
    { id: idOf(journey, 'customer') },
  );
}

const scoreOf = (ask: AskAs, id: string) =>
  ask<{ customer: { score: { engagement: number; frequency: number } | null } }>(
    'query($id: ID!) { customer(id: $id) { score { engagement frequency } } }',
    { id },
  );

async function beScored(journey: Journey): Promise<void> {
  const ask = await journey.as('sales');
  await eventually(
    () => scoreOf(ask, idOf(journey, 'customer')),
    ({ customer }) => (customer.score?.engagement ?? 0) > 0 && (customer.score?.frequency ?? 0) > 0,
  );
}

async function recordConsent(journey: Journey): Promise<void> {
  const ask = await journey.as('sales');
  await ask(
    `mutation($id: ID!) {
      recordConsent(input: { customerId: $id, purpose: SHARING, state: GRANTED, basis: CONSENT }) { id }
    }`,
    { id: idOf(journey, 'customer') },
  );
  await ask(
    `query($id: ID!) {
      customer(id: $id) { consents { id } consentHistory(first: 20) { nodes { id } } }
    }`,
    { id: idOf(journey, 'customer') },
  );
}

async function lookAtAll(journey: Journey): Promise<void> {
  const ask = await journey.as('sales');
  await ask('{ me { id } notifications(first: 20) { nodes { id } } }');
  await ask(
    `query($id: ID!) {
      customer360(id: $id) { timeline { id } orders { id } score { engagement } }
    }`,
    { id: idOf(journey, 'customer') },
  );
  for (const name of ['customer', 'interaction', 'order']) {
    const id = idOf(journey, name);
    const { node } = await ask<{ node: { id: string } | null }>('query($id: ID!) { node(id: $id) { id } }', {
      id,
    });
    if (node?.id !== id) throw new Error(`${id} was not found by its id`);
  }
}

/**
 * What makes use of every right that functions have, in order: whoever gives a function a right adds the step that uses
 * it.
 */
export const steps: readonly Step[] = [
  { name: 'a customer is made, made again and changed', run: makeCustomer },
  { name: 'the customer is found by phone and in the list', run: findCustomer },
  { name: 'a consent is recorded and read', run: recordConsent },
  { name: 'a contact is logged, and a colleague hears of it', run: talk },
  { name: 'the conversation is read', run: readConversation },
  { name: 'something is ordered', run: trade },
  { name: 'the score follows', run: beScored },
  { name: 'everything is looked at', run: lookAtAll },
];

/** Goes all the way. @throws Error that names the step which failed */
export async function travel(cloud: CloudInProcess): Promise<void> {
  const users = new Map<string, Promise<AskAs>>();
  const as = (user: string) => {
    const known = users.get(user) ?? signedIn(cloud, user);
    users.set(user, known);
    return known;
  };
  const journey: Journey = { cloud, as, ids: new Map() };
  for (const { name, run } of steps) {
    try {
      await run(journey);
    } catch (error) {
      throw new Error(`The journey ended where ${name}: ${(error as Error).message}`, { cause: error });
    }
  }
}
