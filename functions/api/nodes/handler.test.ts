import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Created, startApi, users } from '../../../test/support/api.ts';

const api = await startApi();
afterAll(() => api.aws.close());

const node = (id: string, who = users.nora) => api.ask(who, 'Query.node', { id });
const things: Record<'Customer' | 'Interaction' | 'Order', Created> = {} as never;

beforeAll(async () => {
  const mutate = (field: string, input: object) =>
    api.ask<Created>(users.nora, `Mutation.${field}`, { input });
  things.Customer = await mutate('createCustomer', { kind: 'PERSON', name: 'Ada' });
  const customerId = things.Customer.id;
  things.Interaction = await mutate('logInteraction', {
    customerId,
    channel: 'EMAIL',
    direction: 'INBOUND',
    body: 'Hello',
  });
  things.Order = await mutate('placeOrder', {
    customerId,
    source: 'shop',
    externalId: '1',
    kind: 'SALE',
    placedAt: '2026-01-01T00:00:00Z',
    currency: 'GBP',
    lines: [{ code: 'A', quantity: '1', unitPrice: '1' }],
  });
});

test.each(['Customer', 'Interaction', 'Order'] as const)('gives the %s of an id', async (type) => {
  const thing = things[type];

  expect(await node(thing.id)).toEqual({ __typename: type, ...thing });
  expect(await node(thing.id, users.analyst)).toEqual({ __typename: type, ...thing });
});

test.each(['Customer', 'Interaction', 'Order'] as const)(
  'gives no %s to a salesperson of another team',
  async (type) => {
    expect(await node(things[type].id, users.sue)).toBeNull();
  },
);

test('gives any user of the firm to whoever is signed in', async () => {
  const sue = await api.aws.directory.add({ username: 'sue', groups: ['sales'], teams: ['south'] });

  for (const who of [sue, users.nora, users.analyst]) {
    expect(await node(sue.id, who)).toEqual({
      __typename: 'User',
      id: sue.id,
      username: 'sue',
      email: 'sue@demo.example',
      enabled: true,
      groups: ['sales'],
      teams: ['south'],
    });
  }
});

test.each([
  'cus_00000000000000000000000000',
  'int_00000000000000000000000000_00000000000000000000000000',
  'ord_00000000000000000000000000',
  'int_1',
  'usr_nora',
  'usr_00000000-0000-0000-0000-000000000000',
  'usr_1" or "',
  'dea_00000000000000000000000000',
  'constructor',
  'toString',
  'cus',
  '',
])('gives nothing for %j', async (id) => {
  expect(await node(id, users.admin)).toBeNull();
});
