import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type Created, startApi, users } from '../../../test/support/api.ts';
import { user } from '../../../test/support/domain.ts';

const api = await startApi();
afterAll(() => api.aws.close());
beforeEach(() => api.aws.clear());

const email = (value: string) => ({ kind: 'EMAIL', value });

const create = (input: object = {}, who = users.nora) =>
  api.ask<Created>(who, 'Mutation.createCustomer', { input: { kind: 'PERSON', name: 'Ada', ...input } });
const update = (input: object, who = users.nora) =>
  api.ask<Created>(who, 'Mutation.updateCustomer', { input });
const refusal = (input: object, who = users.nora) => api.refusal(who, 'Mutation.updateCustomer', { input });
const read = (id: string) => api.ask<Created>(users.admin, 'Query.customer', { id });
const holderOf = (identity: object) =>
  api.ask<Created | null>(users.admin, 'Query.customerByIdentity', { identity });

describe('updateCustomer', () => {
  test('changes what is named, and answers what is stored', async () => {
    const { id } = await create({ language: 'en' });

    const updated = await update({ id, name: 'Ada Lovelace', address: { city: 'London' } });

    expect(updated).toMatchObject({ name: 'Ada Lovelace', language: 'en', version: 2 });
    expect(await read(id)).toEqual(updated);
  });

  test('clears what is null, the owner too', async () => {
    const { id } = await create({ language: 'en' });

    const updated = await update({ id, language: null, ownerId: null }, users.admin);

    expect(updated).not.toHaveProperty('language');
    expect(updated).not.toHaveProperty('ownerId');
    expect(await read(id)).toEqual(updated);
    expect((await api.ask<{ nodes: [] }>(users.nora, 'Query.customers', {})).nodes).toEqual([]);
  });

  test('with a stale version is refused and says which is current', async () => {
    const { id } = await create();
    await update({ id, name: 'Ada Lovelace', expectedVersion: 1 });

    const refused = await refusal({ id, name: 'Ada King', expectedVersion: 1 });

    expect(refused).toMatchObject({ code: 'CUSTOMER.VERSION_STALE', info: { version: 2, value: 1 } });
    expect(await read(id)).toMatchObject({ name: 'Ada Lovelace', version: 2 });
  });

  test('by several at once loses none of the changes', async () => {
    const { id } = await create();
    const changes = [{ name: 'Ada Lovelace' }, { givenName: 'Ada' }, { language: 'it' }];

    await Promise.all(changes.map((change) => update({ id, ...change })));

    expect(await read(id)).toMatchObject({
      name: 'Ada Lovelace',
      givenName: 'Ada',
      language: 'it',
      version: 4,
    });
  });

  test('by several at once who have seen the same version is taken from one', async () => {
    const { id } = await create();
    const attempt = (name: string) =>
      api.call(users.nora, 'Mutation.updateCustomer', { input: { id, name, expectedVersion: 1 } });

    const envelopes = await Promise.all(['Ada A', 'Ada B', 'Ada C'].map(attempt));

    expect(envelopes.filter(({ ok }) => ok)).toHaveLength(1);
    for (const envelope of envelopes.filter(({ ok }) => !ok)) {
      expect(envelope).toMatchObject({ error: { code: 'CUSTOMER.VERSION_STALE', info: { version: 2 } } });
    }
  });

  test('that changes nothing writes nothing', async () => {
    const { id } = await create({ address: { city: 'London', country: 'GB' } });
    const before = api.aws.items();

    const same = await update({ id, name: 'Ada', address: { country: 'GB', city: 'London' } });

    expect(same.version).toBe(1);
    expect(api.aws.items()).toEqual(before);
  });

  test('of an unknown customer is refused', async () => {
    const id = 'cus_00000000000000000000000000';

    expect(await refusal({ id, name: 'Eve' })).toMatchObject({
      code: 'CUSTOMER.NOT_FOUND',
      info: { customerId: id },
    });
  });

  test('of a customer of another team is refused', async () => {
    const { id } = await create({}, users.sue);

    expect((await refusal({ id, name: 'Eve' })).code).toBe('ACCESS.DENIED');
    expect(await read(id)).toMatchObject({ name: 'Ada', version: 1 });
  });

  test('that takes a customer of another team over is refused', async () => {
    const { id } = await create({}, users.sue);

    expect((await refusal({ id, ownerId: 'usr_nora', team: 'north' })).code).toBe('ACCESS.DENIED');
    expect(await read(id)).toMatchObject({ ownerId: 'usr_sue', team: 'south', version: 1 });
  });

  test('to a team that the firm has not is refused', async () => {
    const { id } = await create();

    expect(await refusal({ id, team: 'west' })).toMatchObject({
      code: 'TEAM.NOT_FOUND',
      message: 'team: there is no team "west"; there are north, south',
    });
    expect(await read(id)).toMatchObject({ team: 'north', version: 1 });
  });

  test('of a customer whose team the firm has no more is taken as long as the team stays', async () => {
    const olga = user('olga', ['sales'], ['west']);
    const { id } = await create({}, olga);

    expect(await update({ id, name: 'Eve', team: 'west' }, olga)).toMatchObject({
      name: 'Eve',
      team: 'west',
    });
    expect((await refusal({ id, team: 'east' }, olga)).code).toBe('TEAM.NOT_FOUND');
  });

  test('that gives the customer away beyond one’s own reach is refused', async () => {
    const { id } = await create();

    expect((await refusal({ id, ownerId: 'usr_sue', team: 'south' })).code).toBe('ACCESS.DENIED');
  });
});

describe('identities', () => {
  test('released by one customer can be claimed by another', async () => {
    const ada = await create({ identities: [email('a@example.com'), email('b@example.com')] });
    const eve = await create({ name: 'Eve' });

    await update({ id: ada.id, removeIdentities: [email('a@example.com')] });
    await update({ id: eve.id, addIdentities: [email('A@example.com')] });

    expect(await holderOf(email('a@example.com'))).toMatchObject({ id: eve.id });
    expect(await holderOf(email('b@example.com'))).toMatchObject({ id: ada.id });
    expect(await read(ada.id)).toMatchObject({ identities: [email('b@example.com')] });
  });

  test('released and claimed by nobody find nobody', async () => {
    const { id } = await create({ identities: [email('a@example.com')] });

    await update({ id, removeIdentities: [email('a@example.com')] });

    expect(await holderOf(email('a@example.com'))).toBeNull();
  });

  test('that another has are refused, and nothing of the update is written', async () => {
    const ada = await create({ identities: [email('a@example.com')] });
    const eve = await create({ name: 'Eve', identities: [email('e@example.com')] });
    const before = api.aws.items();

    const refused = await refusal({
      id: eve.id,
      name: 'Eve Adams',
      addIdentities: [email('new@example.com'), email('a@example.com')],
      removeIdentities: [email('e@example.com')],
    });

    expect(refused).toMatchObject({
      code: 'CUSTOMER.EMAIL_TAKEN',
      info: { value: 'a@example.com', customerId: ada.id },
    });
    expect(api.aws.items()).toEqual(before);
  });

  test('of another customer are not released', async () => {
    const ada = await create({ identities: [email('a@example.com')] });
    const eve = await create({ name: 'Eve' });

    await update({ id: eve.id, name: 'Eve Adams', removeIdentities: [email('a@example.com')] });

    expect(await holderOf(email('a@example.com'))).toMatchObject({ id: ada.id });
  });

  test('of a full customer can be swapped, 49 at once, with a clientRequestId', async () => {
    const many = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, n) => email(`${from + n}@example.com`));
    const { id } = await create({ identities: many(0, 50) });

    const swapped = await update({
      id,
      clientRequestId: 'swap',
      removeIdentities: many(0, 49),
      addIdentities: many(50, 99),
    });

    expect(swapped.identities).toEqual(many(49, 99));
  });
});

describe('a retry of an update', () => {
  test('changes nothing more and gives the customer as it is', async () => {
    const { id } = await create({ identities: [email('a@example.com')] });
    const request = {
      id,
      clientRequestId: 'edit-1',
      name: 'Ada Lovelace',
      addIdentities: [email('b@example.com')],
    };
    const first = await update(request);

    const again = await update(request);

    expect(again).toEqual(first);
    expect(again.version).toBe(2);
  });

  test('does not undo what others changed since', async () => {
    const { id } = await create();
    const request = { id, clientRequestId: 'edit-1', name: 'Ada Lovelace', expectedVersion: 1 };
    await update(request);
    await update({ id, name: 'Ada King' }, users.ned);

    expect(await update(request)).toMatchObject({ name: 'Ada King', version: 3 });
    expect(await read(id)).toMatchObject({ name: 'Ada King', version: 3 });
  });

  test('does not undo what others changed since, even when the first changed nothing', async () => {
    const { id } = await create();
    const request = { id, clientRequestId: 'edit-1', name: 'Ada' };
    await update(request);
    await update({ id, name: 'Ada King' }, users.ned);

    expect(await update(request)).toMatchObject({ name: 'Ada King', version: 2 });
  });

  test('with another input is refused', async () => {
    const { id } = await create();
    await update({ id, clientRequestId: 'edit-1', name: 'Ada Lovelace' });

    const refused = await refusal({ id, clientRequestId: 'edit-1', name: 'Ada King' });

    expect(refused).toMatchObject({ code: 'REQUEST.ID_REUSED', info: { field: 'clientRequestId', id } });
    expect(await read(id)).toMatchObject({ name: 'Ada Lovelace' });
  });

  test('by another caller is another request', async () => {
    const { id } = await create();
    await update({ id, clientRequestId: 'edit-1', name: 'Ada Lovelace' });

    const other = await update({ id, clientRequestId: 'edit-1', name: 'Ada King' }, users.ned);

    expect(other.name).toBe('Ada King');
  });

  test('at the same moment ends as one', async () => {
    const { id } = await create();
    const request = { id, clientRequestId: 'edit-1', name: 'Ada Lovelace' };

    const answers = await Promise.all([update(request), update(request), update(request)]);

    expect(answers.map(({ version }) => version)).toEqual([2, 2, 2]);
    expect((await read(id)).version).toBe(2);
  });
});

describe('updateCustomers', () => {
  test('changes each row for itself', async () => {
    const ada = await create();
    const foreign = await create({}, users.sue);
    const customers = [
      { id: ada.id, name: 'Ada Lovelace' },
      { id: foreign.id, name: 'Eve' },
      { id: 'cus_00000000000000000000000000', name: 'Nobody' },
    ];

    const { results } = await api.ask<{ results: unknown[] }>(users.nora, 'Mutation.updateCustomers', {
      input: { customers },
    });

    expect(results).toEqual([
      { index: 0, customer: expect.objectContaining({ name: 'Ada Lovelace', version: 2 }) },
      { index: 1, error: expect.objectContaining({ code: 'ACCESS.DENIED' }) },
      { index: 2, error: expect.objectContaining({ code: 'CUSTOMER.NOT_FOUND' }) },
    ]);
  });
});

test('updateCustomers refuses a second row of the same customer, and says where the first stands', async () => {
  const { id } = await api.ask<Created>(users.nora, 'Mutation.createCustomer', {
    input: { kind: 'PERSON', name: 'Twice' },
  });
  const customers = [
    { id, name: 'First' },
    { id: 'cus_unknown', name: 'Other' },
    { id, name: 'Second' },
  ];

  const { results } = await api.ask<{ results: unknown[] }>(users.nora, 'Mutation.updateCustomers', {
    input: { customers },
  });

  expect(results).toMatchObject([
    { customer: { name: 'First' } },
    { error: { code: 'CUSTOMER.NOT_FOUND' } },
    { error: { code: 'INPUT.INVALID', message: expect.stringContaining('row 0') } },
  ]);
});
