import { readEndpoint } from '../../tools/client/endpoint.ts';
import { signInAs } from '../../tools/client/session.ts';
import { subscribe } from '../../tools/graphql/subscribe.ts';
import { type AskAs, signedIn } from './client.ts';
import type { CloudInProcess } from './cloud.ts';

/** A mail that left the firm. */
export interface SentMail {
  readonly subject: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

interface Told {
  readonly title: string;
  readonly rule: string;
}

interface ToldPage {
  readonly notifications: {
    readonly nodes: readonly Told[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

interface SentMessage {
  readonly id: string;
  readonly rule: string;
  readonly state: string;
  readonly reason: string | null;
}

export type Firm = Awaited<ReturnType<typeof startWork>>;

type Facts = Readonly<Record<string, unknown>>;

const mutation = (name: string, type: string) =>
  `mutation($input: ${type}!) { ${name}(input: $input) { id } }`;

/** People of the demo firm at work: customers are owned by `sales`, and `service` talks to them. */
export async function startWork(cloud: CloudInProcess) {
  const asAdmin = await signedIn(cloud, 'admin');
  const asService = await signedIn(cloud, 'service');
  const asSales = await signedIn(cloud, 'sales');
  const salesToken = await (await signInAs(readEndpoint(cloud.stackFile, 'sales', {})))();
  let orders = 0;

  async function made(ask: AskAs, name: string, type: string, input: Facts): Promise<string> {
    const answer = await ask<Record<string, { id: string }>>(mutation(name, type), { input });
    return answer[name]?.id ?? '';
  }

  return {
    asAdmin,
    asSales,
    asService,
    /** @param facts beside kind and name; `via` needs an admin, and then `ownerId` the owner */
    customer: (name: string, facts: Facts = {}) =>
      made(facts.via ? asAdmin : asSales, 'createCustomer', 'CreateCustomerInput', {
        kind: 'PERSON',
        name,
        ...facts,
      }),
    grant: (customerId: string, purpose: string, scope: Facts = {}) =>
      made(asSales, 'recordConsent', 'RecordConsentInput', {
        ...{ customerId, purpose, state: 'GRANTED', basis: 'CONSENT' },
        ...scope,
      }),
    withdraw: (customerId: string, purpose: string, scope: Facts = {}) =>
      made(asSales, 'recordConsent', 'RecordConsentInput', {
        ...{ customerId, purpose, state: 'WITHDRAWN' },
        ...scope,
      }),
    /** A call that the customer made, taken by `service`. */
    call: (customerId: string, facts: Facts = {}) =>
      made(facts.via ? asAdmin : asService, 'logInteraction', 'LogInteractionInput', {
        ...{ customerId, channel: 'PHONE', direction: 'INBOUND' },
        ...facts,
      }),
    /** A sale of 10 GBP, some days ago. */
    order: (customerId: string, daysAgo = 0, facts: Facts = {}) =>
      made(facts.via ? asAdmin : asSales, 'placeOrder', 'PlaceOrderInput', {
        ...{ customerId, source: 'shop', externalId: String(++orders), kind: 'SALE', currency: 'GBP' },
        placedAt: new Date(Date.now() - daysAgo * 86_400_000).toISOString(),
        lines: [{ code: 'A', quantity: '1', unitPrice: '10' }],
        ...facts,
      }),
    /** An agreement on contacts and names. */
    agree: (partnerId: string, facts: Facts = {}) =>
      made(asAdmin, 'createSharingAgreement', 'CreateSharingAgreementInput', {
        ...{ partnerId, purpose: 'tell of contacts', validUntil: '2099-01-01T00:00:00Z' },
        events: ['crm.interaction.logged.v1'],
        fields: ['customer.name', 'interaction.channel'],
        ...facts,
      }),
    /** What the owner was told in the app about whom, all of it. */
    toldOf: async (name: string): Promise<string[]> => {
      const nodes: Told[] = [];
      for (let after: string | null = null, more = true; more; ) {
        const { notifications }: ToldPage = await asSales(
          'query($after: String) { notifications(first: 100, after: $after) { nodes { title rule } pageInfo { hasNextPage endCursor } } }',
          { after },
        );
        nodes.push(...notifications.nodes);
        ({ hasNextPage: more, endCursor: after } = notifications.pageInfo);
      }
      return nodes.filter(({ title }) => title.startsWith(`${name} `)).map(({ rule }) => rule);
    },
    mailsTo: async (address: string): Promise<SentMail[]> => {
      const answer = await fetch(`${cloud.stack.mailUrl}?limit=1000&to=${encodeURIComponent(address)}`);
      if (!answer.ok) throw new Error(`The outbox answered ${answer.status}: ${await answer.text()}`);
      return (await answer.json()) as SentMail[];
    },
    /** What was sent to a customer, latest first. */
    messagesTo: async (id: string): Promise<SentMessage[]> => {
      const { customer } = await asSales<{ customer: { messages: { nodes: SentMessage[] } } }>(
        'query($id: ID!) { customer(id: $id) { messages(first: 50) { nodes { id rule state reason } } } }',
        { id },
      );
      return customer.messages.nodes;
    },
    /** Ids of what was shared about a customer. */
    sharesOf: async (id: string): Promise<string[]> => {
      const { customer } = await asSales<{ customer: { shares: { nodes: { id: string }[] } } }>(
        'query($id: ID!) { customer(id: $id) { shares(first: 50) { nodes { id } } } }',
        { id },
      );
      return customer.shares.nodes.map((share) => share.id);
    },
    scoreOf: async (
      id: string,
    ): Promise<{ engagement: number; frequency: number; stage: string; version: number }> => {
      const { customer } = await asSales<{ customer: { score: never } }>(
        'query($id: ID!) { customer(id: $id) { score { engagement frequency stage version } } }',
        { id },
      );
      return customer.score ?? { engagement: 0, frequency: 0, stage: 'PROSPECT', version: 0 };
    },
    /** What the socket says about a customer from now on. */
    follow: async (id: string) => {
      const heard: { readonly kind: string; readonly id: string; readonly version: number }[] = [];
      const started = Promise.withResolvers<void>();
      const { ended, stop } = subscribe({
        graphqlUrl: String(cloud.stack.graphqlUrl),
        token: salesToken,
        query:
          'subscription($id: ID!) { onCustomerActivity(customerId: $id) { id customerId kind version occurredAt } }',
        variables: { id },
        onStarted: started.resolve,
        onData: (data) => heard.push((data as { onCustomerActivity: never }).onCustomerActivity),
      });
      await Promise.race([started.promise, ended]);
      return { heard, stop };
    },
  };
}
