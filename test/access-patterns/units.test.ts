import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Envelope } from '../../domain/events.ts';
import { type Api, type Created, type Page, startApi, users } from '../support/api.ts';
import { startMailFlow } from '../support/mail-flow.ts';

interface Units {
  readonly read: number;
  readonly write: number;
}

/** The rows of the list: pattern, and the units it says. */
function listed(): Map<string, Units> {
  const rows = readFileSync('docs/access-patterns.md', 'utf8').matchAll(
    /^\| \*\*(.+?)\*\* \|.*\| ([\d.]+|–) \| ([\d.]+|–) \|[^|]*\|$/gm,
  );
  const units = (text: string | undefined) => (text === '–' ? 0 : Number(text));
  return new Map(
    [...rows].map(([, name = '', read, write]) => [name, { read: units(read), write: units(write) }]),
  );
}

let api: Api;
let customer: Created;
let order: Created;
let interaction: Created;
let product: Created;
let closeSenders = () => {};
const measured = new Map<string, Units>();

async function measure<T>(name: string, act: () => Promise<T>): Promise<T> {
  api.aws.takeConsumed();
  const answer = await act();
  const calls = api.aws.takeConsumed();
  const sum = (kind: 'read' | 'write') => calls.reduce((total, call) => total + call[kind], 0);
  measured.set(name, { read: sum('read'), write: sum('write') });
  return answer;
}

const line = {
  code: '85123A',
  description: 'WHITE HANGING HEART T-LIGHT HOLDER',
  quantity: '6',
  unitPrice: '2.55',
};
/** So late that the customer has not lapsed, and something falls due. */
const yesterday = new Date(Date.now() - 86_400_000).toISOString();
const orderOf = (externalId: string, lines: number, more: object = {}) => ({
  input: {
    customerId: customer.id,
    source: 'shop',
    externalId,
    kind: 'SALE',
    placedAt: yesterday,
    currency: 'GBP',
    lines: Array.from({ length: lines }, () => line),
    ...more,
  },
});

/** Events as a queue delivers them. */
const deliveryOf = (events: readonly Envelope[]) => ({
  Records: events.map((detail, index) => ({ messageId: String(index), body: JSON.stringify({ detail }) })),
});

beforeAll(async () => {
  api = await startApi();
  const { envelopesOf } = await import('../../functions/relay/entries.ts');
  const scoring = (await import('../../functions/scoring/handler.ts')).handler as (
    event: unknown,
  ) => Promise<unknown>;
  const { takeCustomer, takeDue } = await import('../../functions/lifecycle/take-due.ts');
  const { scoringTools } = await import('../../functions/scoring/tools.ts');
  const { dueIn, shards } = await import('../../functions/table/due.ts');
  const tickIn = (days: number) => ({
    id: 'tick',
    time: new Date(Date.now() + days * 86_400_000).toISOString(),
  });
  const scoreTheLast = () => scoring(deliveryOf(api.aws.changes().slice(-1).flatMap(envelopesOf)));
  const { nora } = users;
  const identities = [{ kind: 'EMAIL', value: 'ada@example.com' }];
  const create = (input: object) => api.ask<Created>(nora, 'Mutation.createCustomer', { input });
  const log = (input: object) =>
    api.ask<Created>(nora, 'Mutation.logInteraction', {
      input: { customerId: customer.id, channel: 'PHONE', direction: 'INBOUND', ...input },
    });

  await measure('create a customer', () => create({ kind: 'PERSON', name: 'Grace Hopper' }));
  customer = await measure('create a customer with an identity', () =>
    create({ kind: 'PERSON', name: 'Ada Byron', identities }),
  );
  await measure('change a customer', () =>
    api.ask(nora, 'Mutation.updateCustomer', { input: { id: customer.id, language: 'en' } }),
  );
  await measure('give a customer another name', () =>
    api.ask(nora, 'Mutation.updateCustomer', { input: { id: customer.id, name: 'Ada King' } }),
  );
  await measure('change a customer, safe to retry', () =>
    api.ask(nora, 'Mutation.updateCustomer', {
      input: { id: customer.id, language: 'it', clientRequestId: 'once' },
    }),
  );
  interaction = await measure('log an interaction', () => log({ subject: 'Asked for a quote' }));
  await measure('score an interaction', () => scoreTheLast());
  await measure('log an interaction of 10 KB', () => log({ body: 'x'.repeat(10_000) }));
  await measure('log an interaction of a thread', () => log({ threadId: 'case-7' }));
  const state = (input: object) =>
    api.ask<Created>(nora, 'Mutation.recordConsent', {
      input: { customerId: customer.id, purpose: 'SERVICE', state: 'GRANTED', basis: 'CONTRACT', ...input },
    });
  const consent = await measure('record a consent', () => state({}));
  await measure('record a consent that a later one outweighs', () =>
    state({ statedAt: '2026-01-01T00:00:00Z' }),
  );
  const record = (input: object) =>
    api.ask<Created>(users.importer, 'Mutation.recordProduct', {
      input: { source: 'shop', code: line.code, name: line.description, ...input },
    });
  product = await measure('record a product', () => record({}));
  await measure('change a product', () => record({ category: 'Lights' }));
  order = await measure('place an order of 18 lines', () =>
    api.ask<Created>(users.importer, 'Mutation.placeOrder', orderOf('1', 18)),
  );
  await measure('score an order', () => scoreTheLast());
  const place = (externalId: string, daysAgo: number, more: object = {}) => {
    const placedAt = new Date(Date.now() - daysAgo * 86_400_000).toISOString();
    const args = orderOf(externalId, 18, { placedAt, ...more });
    return api.ask<Created>(users.importer, 'Mutation.placeOrder', args);
  };
  await measure('place an order of 18 lines that is fulfilled', () => place('2', 40, { state: 'FULFILLED' }));
  const { id: open } = await place('3', 40);
  await scoreTheLast();
  const { id: lost } = await place('4', 0);
  await scoreTheLast();
  const bring = (id: string, state: string, more = {}) =>
    api.ask(users.importer, 'Mutation.updateOrder', { input: { id, state, ...more } });
  await measure('bring an order into another state', () => bring(lost, 'CANCELLED'));
  await measure('score an order that was cancelled', () => scoreTheLast());
  await measure('bring it there, safe to retry', () => bring(open, 'FULFILLED', { clientRequestId: 'once' }));
  await measure('a tick when nothing is due', () =>
    takeDue({ ...scoringTools, shards, due: dueIn }, tickIn(0), () => true),
  );
  await measure('place it again', () => api.ask(users.importer, 'Mutation.placeOrder', orderOf('1', 18)));
  for (let count = 0; count < 25; count++) await log({ subject: `Call ${count}` });

  await measure('read a customer', () => api.ask(nora, 'Query.customer', { id: customer.id }));
  await measure('find a customer by identity', () =>
    api.ask(nora, 'Query.customerByIdentity', { identity: identities[0] }),
  );
  await measure('customer 360', () => api.ask(nora, 'Query.customer360', { id: customer.id }));
  await measure('customer 360 with orders', () =>
    api.ask(nora, 'Query.customer360', { id: customer.id }, { selects: ['orders'] }),
  );
  await measure('customer 360 with open orders', () =>
    api.ask(nora, 'Query.customer360', { id: customer.id }, { selects: ['openOrders'] }),
  );
  await measure('customers of an owner', () => api.ask(nora, 'Query.customers', { first: 20 }));
  const { pageInfo } = await api.ask<Page<Created>>(nora, 'Query.customers', { first: 1 });
  await measure('the next customers of an owner', () =>
    api.ask(nora, 'Query.customers', { first: 20, after: pageInfo.endCursor }),
  );
  await measure('customers of an owner in another team', () =>
    api.ask(users.sue, 'Query.customers', { first: 20, ownerId: nora.id }),
  );
  await measure('customers by name', () => api.ask(nora, 'Query.customersByName', { prefix: 'ada' }));
  await create({ kind: 'PERSON', name: 'Adam Smith' });
  const found = await api.ask<Page<Created>>(nora, 'Query.customersByName', { prefix: 'ada', first: 1 });
  await measure('the next customers by name', () =>
    api.ask(nora, 'Query.customersByName', { prefix: 'ada', after: found.pageInfo.endCursor }),
  );
  await measure('orders in a state', () => api.ask(users.admin, 'Query.orders', { state: 'OPEN' }));
  await measure('orders in a state, of own and team customers', () =>
    api.ask(nora, 'Query.orders', { state: 'OPEN' }),
  );
  await measure('a page of a timeline', () =>
    api.ask(nora, 'Customer.timeline', { first: 20 }, { source: customer }),
  );
  await measure('a page of orders', () =>
    api.ask(nora, 'Customer.orders', { first: 20 }, { source: customer }),
  );
  await measure('a page of order lines', () =>
    api.ask(nora, 'Order.lines', { first: 20 }, { source: order }),
  );
  await measure('a score', () => api.ask(nora, 'Customer.score', {}, { source: customer }));
  await measure('a page of a thread', () =>
    api.ask(nora, 'Query.thread', { customerId: customer.id, threadId: 'case-7' }),
  );
  await measure('the consents in force', () => api.ask(nora, 'Customer.consents', {}, { source: customer }));
  await measure('a page of the history of consents', () =>
    api.ask(nora, 'Customer.consentHistory', { first: 20 }, { source: customer }),
  );
  await measure('a consent by id', () => api.ask(nora, 'Query.node', { id: consent.id }));
  await measure('a product by id', () => api.ask(nora, 'Query.product', { id: product.id }));
  await measure('a page of products', () => api.ask(nora, 'Query.products', { source: 'shop' }));
  await measure('an interaction by id', () => api.ask(nora, 'Query.node', { id: interaction.id }));
  await measure('an order by id', () => api.ask(nora, 'Query.node', { id: order.id }));
  await measure('tell what time has done to a customer', () =>
    takeCustomer(scoringTools, customer.id, tickIn(91)),
  );
  await measureSharing();

  const flow = await startMailFlow(api.aws, customer);
  closeSenders = flow.senders.close;
  await flow.consent();
  await measure('tell a colleague in the app', () => flow.tellOwnerInApp());
  await measure('tell it again', () => flow.tellOwnerInApp());
  const { nodes } = await measure('a page of notifications', () =>
    api.ask<Page<Created>>(nora, 'Query.notifications', { first: 20 }),
  );
  const told = nodes[0]?.id ?? '';
  await measure('a notification by id', () => api.ask(nora, 'Query.node', { id: told }));
  await measure('mark a notification as read', () =>
    api.ask(nora, 'Mutation.markNotificationsRead', { input: { ids: [told] } }),
  );
  await measure('send a mail to a customer', () => flow.tellCustomer());
  await measure('send it again', () => flow.tellCustomer());
  await measure('settle a message', () => flow.report('Delivery'));
  await measure('settle it again', () => flow.report('Delivery'));
  await measure('a page of messages', () =>
    api.ask(nora, 'Customer.messages', { first: 20 }, { source: customer }),
  );
  await measure('a message by id', () => api.ask(nora, 'Query.node', { id: flow.mail().id }));
  await measure('unsubscribe', () => flow.unsubscribe());
  await measure('unsubscribe again', () => flow.unsubscribe());
  await measure('a complaint', () => flow.report('Complaint'));
});
afterAll(async () => {
  closeSenders();
  await api.aws.close();
});

/** Measures what has to do with partners, on a customer of its own. */
async function measureSharing(): Promise<void> {
  const { admin, importer } = users;
  const { envelopesOf } = await import('../../functions/relay/entries.ts');
  const sharing = (await import('../../functions/partner-sharing/handler.ts')).handler as (
    event: unknown,
  ) => Promise<unknown>;
  const input = { kind: 'PERSON', name: 'Charles Babbage' };
  const source = await api.ask<Created>(importer, 'Mutation.createCustomer', { input });
  const lines = Array.from({ length: 18 }, () => line);
  const sale = { ...orderOf('shared', 18).input, customerId: source.id, lines };
  await api.ask(importer, 'Mutation.placeOrder', { input: sale });
  const placed = api.aws.changes().slice(-1).flatMap(envelopesOf);
  const shareIt = () => sharing(deliveryOf(placed));
  const granted = { customerId: source.id, purpose: 'SHARING', state: 'GRANTED', basis: 'CONSENT' };
  await api.ask(importer, 'Mutation.recordConsent', { input: granted });

  await measure('share what no agreement covers', shareIt);
  const terms = {
    partnerId: 'par_carrier',
    purpose: 'delivery of ordered goods',
    events: ['crm.order.placed.v1'],
    fields: ['customer.name', 'order.lines'],
    validUntil: '2099-01-01T00:00:00Z',
  };
  const agreement = await measure('make a sharing agreement', () =>
    api.ask<Created>(admin, 'Mutation.createSharingAgreement', { input: terms }),
  );
  await measure('share an order of 18 lines', shareIt);
  await measure('share it again', shareIt);
  await measure('change a sharing agreement', () =>
    api.ask(admin, 'Mutation.updateSharingAgreement', { input: { id: agreement.id, purpose: 'more' } }),
  );
  await measure('a sharing agreement by id', () => api.ask(admin, 'Query.node', { id: agreement.id }));
  await measure('a page of sharing agreements', () =>
    api.ask(admin, 'Query.sharingAgreements', { first: 20 }),
  );
  await measure('a page of its versions', () =>
    api.ask(admin, 'SharingAgreement.versions', { first: 20 }, { source: agreement }),
  );
  await measure('end a sharing agreement', () =>
    api.ask(admin, 'Mutation.endSharingAgreement', { input: { id: agreement.id } }),
  );
  await measure('a page of shares', () => api.ask(admin, 'Customer.shares', { first: 20 }, { source }));
}

test('each access pattern costs what its list says', () => {
  expect(Object.fromEntries(measured)).toEqual(Object.fromEntries(listed()));
});
