import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '../../domain/team/actor.ts';
import { manifest } from '../../graphql/manifest.ts';
import {
  apiGrants,
  mailEventsGrants,
  notificationGrants,
  scoringGrants,
  type TableGrants,
  unsubscribeGrants,
} from '../../infra/grants.ts';
import { type Api, type Asked, type Created, startApi, users } from '../support/api.ts';
import { rightsGranted } from '../support/rights.ts';
import { refuses, startSenders, takes } from '../support/senders.ts';

const { nora, importer } = users;
const exercised = new Map<string, Set<string>>();
const asked = new Set<string>();

let api: Api;
let customer: Created;

function exercise(name: string): void {
  const rights = exercised.get(name) ?? new Set();
  for (const right of api.aws.takeExercised()) rights.add(right);
  exercised.set(name, rights);
}

async function ask<T = Created>(field: string, args: unknown, more?: Asked, actor: Actor = nora): Promise<T> {
  const answer = await api.ask<T>(actor, field, args, more);
  asked.add(field);
  exercise(manifest[field] ?? '');
  return answer;
}

const senders = await startSenders([{ sub: 'nora', username: 'nora', email: 'nora@demo.example' }]);

/** Sends a mail to a customer, is told that it was complained of, and unsubscribes from a mail by its link. */
async function exerciseMail(customerId: string) {
  Object.assign(process.env, senders.environment);
  const notification = (await import('../../functions/notification/handler.ts')).handler;
  const mailEvents = (await import('../../functions/mail-events/handler.ts')).handler;
  const unsubscribe = (await import('../../functions/unsubscribe/handler.ts')).handler;
  const { addConsent } = await import('../../functions/table/consents.ts');
  const { consentIdFor } = await import('../../functions/table/ids.ts');
  const { recordConsent } = await import('../../domain/customers/consent.ts');
  const at = '2026-01-01T00:00:00.000Z';
  const cause = { id: 'chg_1', at, actor: nora.id, reason: 'test', correlationId: 'req_1' };
  const granted = { customerId, purpose: 'MARKETING', state: 'GRANTED', statedAt: at } as const;
  const { consent, change } = recordConsent(
    consentIdFor(customerId, at, { caller: nora.id }),
    granted,
    cause,
  );
  await addConsent(consent, change, 'once');
  api.aws.takeExercised();

  const records = (...bodies: readonly object[]) => ({
    Records: bodies.map((body, n) => ({ messageId: `${n}`, body: JSON.stringify(body) })),
  });
  const event = (type: string, data: object) => ({
    detail: { id: `evt_${type}`, type, time: at, subject: customerId, actor: 'usr_ned', data },
  });
  const contact = event('crm.interaction.logged.v1', { customerId, direction: 'INBOUND' });
  const lapsed = event('crm.customer.stage-changed.v1', { customerId, stage: 'LAPSED' });
  senders.behave(() => refuses(429, 'TooManyRequestsException'));
  await api.within(notificationGrants, () => notification(records(contact) as never));
  senders.behave(() => takes);
  const told = await api.within(notificationGrants, () => notification(records(contact, lapsed) as never));
  expect(told).toEqual({ batchItemFailures: [] });
  exercise('notification');

  const mail = api.aws.items().find(({ pk, sk }) => {
    return pk?.S?.endsWith(customerId) && sk?.S?.startsWith('message#');
  });
  const path = `/${mail?.id?.S}/${mail?.token?.S}`;
  const posted = { rawPath: path, requestContext: { http: { method: 'POST', path } } };
  const page = await api.within(unsubscribeGrants, () => unsubscribe(posted as never));
  expect(page).toMatchObject({ statusCode: 200 });
  exercise('unsubscribe');

  const detail = {
    eventType: 'Complaint',
    mail: { timestamp: at, tags: { message: [mail?.id?.S] } },
    complaint: { timestamp: at },
  };
  const settled = await api.within(mailEventsGrants, () =>
    mailEvents(records({ source: 'aws.ses', detail }) as never),
  );
  expect(settled).toEqual({ batchItemFailures: [] });
  exercise('mail-events');
}

beforeAll(async () => {
  api = await startApi();
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
  const contact = { customerId: customer.id, channel: 'PHONE', direction: 'INBOUND', body };
  const interaction = await ask('Mutation.logInteraction', { input: contact });
  await ask('Mutation.logInteractions', { input: { interactions: [contact] } });
  const line = { code: 'A', quantity: '1', unitPrice: '1' };
  const sale = { customerId: customer.id, source: 'shop', kind: 'SALE', currency: 'GBP', lines: [line] };
  const placed = { ...sale, placedAt: '2026-01-01T00:00:00Z' };
  const order = await ask('Mutation.placeOrder', { input: { ...placed, externalId: '1' } }, {}, importer);
  await ask('Mutation.placeOrders', { input: { orders: [{ ...placed, externalId: '2' }] } }, {}, importer);

  const events = api.aws.changes().flatMap(envelopesOf);
  const Records = events.map((detail, n) => ({ messageId: `${n}`, body: JSON.stringify({ detail }) }));
  const scored = await api.within(scoringGrants, () => scoring({ Records } as never));
  expect(scored).toEqual({ batchItemFailures: [] });
  exercise('scoring');
  await ask('Mutation.updateCustomer', { input: { id: customer.id, addIdentities: [email] } });
  await exerciseMail(customer.id);

  await ask('Query.me', {});
  for (const id of [customer.id, interaction.id, order.id]) await ask('Query.node', { id });
  await ask('Query.customer', { id: customer.id });
  await ask('Query.customerByIdentity', { identity: phone });
  const selects = ['timeline/nodes/body', 'timeline/edges/node/body', 'orders', 'score'];
  await ask('Query.customer360', { id: customer.id }, { selects });
  await ask('Query.customers', { first: 20 });
  const page = { first: 20 };
  await ask('Customer.timeline', page, { source: customer, selects: ['nodes/body', 'edges/node/body'] });
  await ask('Customer.messages', page, { source: customer });
  await ask('Customer.orders', page, { source: customer });
  await ask('Order.lines', page, { source: order });
  await ask('Customer.score', {}, { source: customer });
  const subscribed = await api.call(nora, 'Subscription.onCustomerActivity', { customerId: customer.id });
  expect(subscribed).toMatchObject({ ok: true });
  asked.add('Subscription.onCustomerActivity');
  exercise('customers');
});
afterAll(async () => {
  senders.close();
  await api.aws.close();
});

test('every field was asked for', () => {
  const answered = Object.keys(manifest).filter((field) => manifest[field] !== 'publish');
  expect([...asked].sort()).toEqual(answered.sort());
});

test.each<[string, TableGrants]>([
  ...Object.entries(apiGrants),
  ['scoring', scoringGrants],
  ['notification', notificationGrants],
  ['mail-events', mailEventsGrants],
  ['unsubscribe', unsubscribeGrants],
])('%s makes use of each right that it has on the tables, and of no other', (name, grants) => {
  expect([...(exercised.get(name) ?? [])].sort()).toEqual(rightsGranted(grants, api.aws.tables).sort());
});

test('a call without the right to it is denied', async () => {
  const { getCustomer } = await import('../../functions/table/customers.ts');
  await expect(api.within({ technical: ['GetItem'] }, () => getCustomer(customer.id))).rejects.toThrow(
    /No grant allows \w+ crm-test/,
  );
});
