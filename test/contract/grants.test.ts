import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '../../domain/team/actor.ts';
import { notify } from '../../domain/team/notification.ts';
import { manifest } from '../../graphql/manifest.ts';
import {
  apiGrants,
  directoryGrants,
  lifecycleGrants,
  mailEventsGrants,
  notificationGrants,
  partnerSharingGrants,
  scoringGrants,
  type TableGrants,
  unsubscribeGrants,
} from '../../infra/grants.ts';
import { type Api, type Asked, type Created, startApi, users } from '../support/api.ts';
import { cause } from '../support/domain.ts';
import { startMailFlow } from '../support/mail-flow.ts';
import { rightsGranted } from '../support/rights.ts';
import { refuses, takes } from '../support/senders.ts';

const { admin, importer } = users;
const exercised = new Map<string, Set<string>>();
const called = new Map<string, Set<string>>();
const asked = new Set<string>();

let api: Api;
let customer: Created;
let nora: Actor;
let closeSenders = () => {};

function exercise(name: string): void {
  const rights = exercised.get(name) ?? new Set();
  for (const right of api.aws.takeExercised()) rights.add(right);
  exercised.set(name, rights);
  called.set(name, new Set([...(called.get(name) ?? []), ...api.aws.directory.takeCalls()]));
}

async function ask<T = Created>(field: string, args: unknown, more?: Asked, actor = nora): Promise<T> {
  const answer = await api.ask<T>(actor, field, args, more);
  asked.add(field);
  exercise(manifest[field] ?? '');
  return answer;
}

/** Tells customer and owner, hears of a complaint, and unsubscribes. */
async function exerciseMail() {
  const flow = await startMailFlow(api.aws, customer);
  closeSenders = flow.senders.close;
  // Notification asks the real directory who is to be told.
  process.env.AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER = process.env.AWS_ENDPOINT_URL;
  await flow.consent();
  api.aws.takeExercised();

  flow.senders.behave(() => refuses(429, 'TooManyRequestsException'));
  await api.within(notificationGrants, flow.tellOwner);
  flow.senders.behave(() => takes);
  for (const tell of [flow.tellOwner, flow.tellTeam, flow.tellCustomer]) {
    expect(await api.within(notificationGrants, tell)).toEqual({ batchItemFailures: [] });
  }
  exercise('notification');
  expect(await api.within(unsubscribeGrants, flow.unsubscribe)).toMatchObject({ statusCode: 200 });
  exercise('unsubscribe');
  const settled = await api.within(mailEventsGrants, () => flow.report('Complaint'));
  expect(settled).toEqual({ batchItemFailures: [] });
  exercise('mail-events');
}

beforeAll(async () => {
  api = await startApi();
  nora = await api.aws.directory.add({ username: 'nora', groups: ['sales'], teams: ['north'] });
  const { envelopesOf } = await import('../../functions/relay/entries.ts');
  const scoring = (await import('../../functions/scoring/handler.ts')).handler;

  const email = { kind: 'EMAIL', value: 'ada@example.com' };
  const phone = { kind: 'PHONE', value: '+442079460000' };
  const ada = { kind: 'PERSON', name: 'Ada', identities: [email], clientRequestId: 'once' };
  customer = await ask('Mutation.createCustomer', { input: ada });
  await ask('Mutation.createCustomer', { input: ada });
  await ask('Mutation.createCustomers', { input: { customers: [{ kind: 'PERSON', name: 'Bob' }] } });
  const change = { id: customer.id, addIdentities: [phone], removeIdentities: [email] };
  await ask('Mutation.updateCustomer', { input: { ...change, clientRequestId: 'twice' } });
  await ask('Mutation.updateCustomers', { input: { customers: [{ id: customer.id, name: 'Ada Byron' }] } });

  const body = 'x'.repeat(10_000);
  const thread = { customerId: customer.id, threadId: 'case-7' };
  const contact = { ...thread, channel: 'PHONE', direction: 'INBOUND', body };
  const interaction = await ask('Mutation.logInteraction', { input: contact });
  await ask('Mutation.logInteractions', { input: { interactions: [contact] } });
  const line = { code: 'A', quantity: '1', unitPrice: '1' };
  const sale = { customerId: customer.id, source: 'shop', kind: 'SALE', currency: 'GBP', lines: [line] };
  const placed = { ...sale, placedAt: '2026-01-01T00:00:00Z' };
  const order = await ask('Mutation.placeOrder', { input: { ...placed, externalId: '1' } }, {}, importer);
  const fulfilled = { id: order.id, state: 'FULFILLED', clientRequestId: 'once' };
  await ask('Mutation.updateOrder', { input: fulfilled }, {}, importer);
  await ask('Mutation.placeOrders', { input: { orders: [{ ...placed, externalId: '2' }] } }, {}, importer);

  const terms = {
    partnerId: 'par_carrier',
    purpose: 'delivery',
    events: ['crm.order.placed.v1'],
    fields: ['order.total'],
    validUntil: '2099-01-01T00:00:00Z',
  };
  const agreement = await ask('Mutation.createSharingAgreement', { input: terms }, {}, admin);
  await ask('Mutation.updateSharingAgreement', { input: { id: agreement.id, purpose: 'more' } }, {}, admin);
  const shared = { customerId: customer.id, purpose: 'SHARING', state: 'GRANTED', basis: 'CONSENT' };
  await ask('Mutation.recordConsent', { input: shared });

  const events = api.aws.changes().flatMap(envelopesOf);
  const Records = events.map((detail, n) => ({ messageId: `${n}`, body: JSON.stringify({ detail }) }));
  const scored = await api.within(scoringGrants, () => scoring({ Records } as never));
  expect(scored).toEqual({ batchItemFailures: [] });
  exercise('scoring');
  await ask('Mutation.updateCustomer', { input: { id: customer.id, addIdentities: [email] } });
  await exerciseMail();

  const granted = { customerId: customer.id, purpose: 'SERVICE', state: 'GRANTED', basis: 'CONTRACT' };
  const consent = await ask('Mutation.recordConsent', { input: granted });
  await ask('Mutation.recordConsents', { input: { consents: [granted] } });
  const catalogued = { source: 'shop', code: 'A', name: 'Heart' };
  const product = await ask('Mutation.recordProduct', { input: catalogued }, {}, importer);
  await ask('Mutation.recordProducts', { input: { products: [catalogued] } }, {}, importer);
  const lifecycle = (await import('../../functions/lifecycle/handler.ts')).handler;
  const [score] = api.aws.items().filter(({ sk }) => sk?.S === 'view#score');
  const nextDueAt = '2026-01-01T00:00:00.000Z';
  const due = { gsi2pk: { S: 'demo#due#00' }, gsi2sk: { S: `${nextDueAt}#${customer.id}` } };
  const outdated = { ...score, ...due, nextDueAt: { S: nextDueAt }, policy: { S: 'another' } };
  api.aws.dynamodb('PutItem', { Item: outdated });
  api.aws.takeExercised();
  const tick = { messageId: 'tick', body: JSON.stringify({ id: 'tick', time: '2026-01-02T00:00:00Z' }) };
  const context = { getRemainingTimeInMillis: () => 60_000 };
  const taken = await api.within(lifecycleGrants, () =>
    lifecycle({ Records: [tick] } as never, context as never),
  );
  expect(taken).toEqual({ batchItemFailures: [] });
  exercise('lifecycle');

  const sharing = (await import('../../functions/partner-sharing/handler.ts')).handler;
  const ordered = Records.filter(({ body }) => body.includes('crm.order.placed.v1'));
  expect(await api.within(partnerSharingGrants, () => sharing({ Records: ordered } as never))).toEqual({
    batchItemFailures: [],
  });
  exercise('partner-sharing');
  expect(api.aws.takeBusCalls().flat()).toHaveLength(ordered.length);

  await ask('Query.partners', {});
  await ask('Query.sharingAgreements', { first: 20 });
  await ask('SharingAgreement.versions', { first: 20 }, { source: agreement });
  await ask('Customer.shares', { first: 20 }, { source: customer });
  await ask('Mutation.endSharingAgreement', { input: { id: agreement.id } }, {}, admin);

  const boss = await api.aws.directory.add({ username: 'boss', groups: ['admin'] });
  const cleo = { username: 'cleo', email: 'cleo@demo.example', groups: ['admin'] };
  const invited = await ask('Mutation.inviteUser', { input: cleo }, {}, boss);
  await ask('Mutation.inviteUser', { input: cleo }, {}, boss);
  const moved = { id: invited.id, name: 'Cleo', groups: ['sales'], teams: ['north'] };
  await ask('Mutation.updateUser', { input: moved }, {}, boss);
  await ask('Mutation.disableUser', { input: { id: invited.id } }, {}, boss);
  await ask('Mutation.enableUser', { input: { id: invited.id } }, {}, boss);
  await ask('Query.users', {}, { selects: ['nodes/groups'] });
  await ask('Query.users', { team: 'north' });
  await ask('Query.teams', {});
  const { addNotification } = await import('../../functions/table/notifications.ts');
  const { notificationIdFor } = await import('../../functions/table/ids.ts');
  const told = notify(
    {
      id: notificationIdFor(nora.id, cause.at, 'evt_1', 'contact'),
      recipientId: nora.id,
      rule: 'contact',
      title: 'Ada got in touch',
      event: 'crm.interaction.logged.v1',
    },
    cause,
  );
  await addNotification({ ...told.notification, createdAt: new Date().toISOString() }, told.change);
  api.aws.takeExercised();
  await ask('Query.notifications', { first: 20 });
  await ask('Mutation.markNotificationsRead', { input: { ids: [told.notification.id] } });
  await ask('Subscription.onNotification', {});

  await ask('Query.me', {});
  for (const { id } of [customer, interaction, order, consent, product, agreement, boss])
    await ask('Query.node', { id });
  await ask('Query.thread', thread, { selects: ['nodes/body'] });
  await ask('Query.product', { id: product.id });
  await ask('Query.products', { source: 'shop', first: 20 });
  await ask('Query.customer', { id: customer.id });
  await ask('Query.customerByIdentity', { identity: phone });
  const selects = ['timeline/nodes/body', 'timeline/edges/node/body', 'orders', 'openOrders', 'score'];
  await ask('Query.customer360', { id: customer.id }, { selects });
  await ask('Query.customers', { first: 20 });
  await ask('Query.customersByName', { prefix: 'ada', first: 20 });
  await ask('Query.orders', { state: 'FULFILLED', first: 20 });
  const page = { first: 20 };
  await ask('Customer.timeline', page, { source: customer, selects: ['nodes/body', 'edges/node/body'] });
  await ask('Customer.messages', page, { source: customer });
  await ask('Customer.consents', {}, { source: customer });
  await ask('Customer.consentHistory', page, { source: customer });
  await ask('Customer.orders', page, { source: customer });
  await ask('Order.lines', page, { source: order });
  await ask('Customer.score', {}, { source: customer });
  const subscribed = await api.call(nora, 'Subscription.onCustomerActivity', { customerId: customer.id });
  expect(subscribed).toMatchObject({ ok: true });
  asked.add('Subscription.onCustomerActivity');
  exercise('customers');
});
afterAll(async () => {
  closeSenders();
  await api.aws.close();
});

test('every field was asked for', () => {
  const answered = Object.keys(manifest).filter((field) => manifest[field] !== 'publish');
  expect([...asked].sort()).toEqual(answered.sort());
});

test.each<[string, TableGrants]>([
  ...Object.entries(apiGrants),
  ['scoring', scoringGrants],
  ['lifecycle', lifecycleGrants],
  ['partner-sharing', partnerSharingGrants],
  ['notification', notificationGrants],
  ['mail-events', mailEventsGrants],
  ['unsubscribe', unsubscribeGrants],
])('%s makes use of each right that it has on the tables, and of no other', (name, grants) => {
  expect([...(exercised.get(name) ?? [])].sort()).toEqual(rightsGranted(grants, api.aws.tables).sort());
});

test.each(Object.entries(directoryGrants))(
  '%s makes use of each right that it has on the user pool, and of no other',
  (name, actions) => {
    expect([...(called.get(name) ?? [])].sort()).toEqual([...actions].sort());
  },
);

test('no other function calls the user pool', () => {
  const callers = [...called].filter(([, actions]) => actions.size > 0).map(([name]) => name);
  expect(callers.sort()).toEqual(Object.keys(directoryGrants).sort());
});

test('a call without the right to it is denied', async () => {
  const { getCustomer } = await import('../../functions/table/customers.ts');
  await expect(api.within({ technical: ['GetItem'] }, () => getCustomer(customer.id))).rejects.toThrow(
    /No grant allows \w+ crm-test/,
  );
});
