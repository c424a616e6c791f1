import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '../../domain/team/actor.ts';
import { manifest } from '../../graphql/manifest.ts';
import { apiGrants, directoryGrants, scoringGrants, type TableGrants } from '../../infra/grants.ts';
import { type Api, type Asked, type Created, startApi, users } from '../support/api.ts';
import { rightsGranted } from '../support/rights.ts';

const { nora, importer } = users;
const exercised = new Map<string, Set<string>>();
const called = new Map<string, Set<string>>();
const asked = new Set<string>();

let api: Api;
let customer: Created;

function exercise(name: string): void {
  const rights = exercised.get(name) ?? new Set();
  for (const right of api.aws.takeExercised()) rights.add(right);
  exercised.set(name, rights);
  called.set(name, new Set([...(called.get(name) ?? []), ...api.aws.directory.takeCalls()]));
}

async function ask<T = Created>(field: string, args: unknown, more?: Asked, actor: Actor = nora): Promise<T> {
  const answer = await api.ask<T>(actor, field, args, more);
  asked.add(field);
  exercise(manifest[field] ?? '');
  return answer;
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
  await ask('Query.me', {});
  for (const id of [customer.id, interaction.id, order.id, boss.id]) await ask('Query.node', { id });
  await ask('Query.customer', { id: customer.id });
  await ask('Query.customerByIdentity', { identity: phone });
  const selects = ['timeline/nodes/body', 'timeline/edges/node/body', 'orders', 'score'];
  await ask('Query.customer360', { id: customer.id }, { selects });
  await ask('Query.customers', { first: 20 });
  const page = { first: 20 };
  await ask('Customer.timeline', page, { source: customer, selects: ['nodes/body', 'edges/node/body'] });
  await ask('Customer.orders', page, { source: customer });
  await ask('Order.lines', page, { source: order });
  await ask('Customer.score', {}, { source: customer });
  const subscribed = await api.call(nora, 'Subscription.onCustomerActivity', { customerId: customer.id });
  expect(subscribed).toMatchObject({ ok: true });
  asked.add('Subscription.onCustomerActivity');
  exercise('customers');
});
afterAll(() => api.aws.close());

test('every field was asked for', () => {
  const answered = Object.keys(manifest).filter((field) => manifest[field] !== 'publish');
  expect([...asked].sort()).toEqual(answered.sort());
});

test.each<[string, TableGrants]>([...Object.entries(apiGrants), ['scoring', scoringGrants]])(
  '%s makes use of each right that it has on the tables, and of no other',
  (name, grants) => {
    expect([...(exercised.get(name) ?? [])].sort()).toEqual(rightsGranted(grants, api.aws.tables).sort());
  },
);

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
