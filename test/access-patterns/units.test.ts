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
const orderOf = (externalId: string, lines: number) => ({
  input: {
    customerId: customer.id,
    source: 'shop',
    externalId,
    kind: 'SALE',
    placedAt: '2026-11-20T10:00:00Z',
    currency: 'GBP',
    lines: Array.from({ length: lines }, () => line),
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
  await measure('change a customer, safe to retry', () =>
    api.ask(nora, 'Mutation.updateCustomer', {
      input: { id: customer.id, language: 'it', clientRequestId: 'once' },
    }),
  );
  interaction = await measure('log an interaction', () => log({ subject: 'Asked for a quote' }));
  await measure('score an interaction', () => scoreTheLast());
  await measure('log an interaction of 10 KB', () => log({ body: 'x'.repeat(10_000) }));
  order = await measure('place an order of 18 lines', () =>
    api.ask<Created>(users.importer, 'Mutation.placeOrder', orderOf('1', 18)),
  );
  await measure('score an order', () => scoreTheLast());
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
  await measure('customers of an owner', () => api.ask(nora, 'Query.customers', { first: 20 }));
  const { pageInfo } = await api.ask<Page<Created>>(nora, 'Query.customers', { first: 1 });
  await measure('the next customers of an owner', () =>
    api.ask(nora, 'Query.customers', { first: 20, after: pageInfo.endCursor }),
  );
  await measure('customers of an owner in another team', () =>
    api.ask(users.sue, 'Query.customers', { first: 20, ownerId: nora.id }),
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
  await measure('an interaction by id', () => api.ask(nora, 'Query.node', { id: interaction.id }));
  await measure('an order by id', () => api.ask(nora, 'Query.node', { id: order.id }));

  const flow = await startMailFlow(api.aws, customer);
  closeSenders = flow.senders.close;
  await flow.consent();
  await measure('tell a colleague in the app', () => flow.tellOwnerInApp());
  await measure('tell it again', () => flow.tellOwnerInApp());
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

test('each access pattern costs what its list says', () => {
  expect(Object.fromEntries(measured)).toEqual(Object.fromEntries(listed()));
});
