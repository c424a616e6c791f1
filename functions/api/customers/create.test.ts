import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type Created, startApi, users } from '../../../test/support/api.ts';

const api = await startApi();
afterAll(() => api.aws.close());

const ada = {
  clientRequestId: 'form-1',
  kind: 'PERSON',
  name: 'Ada Byron',
  identities: [
    { kind: 'EMAIL', value: 'ada@example.com' },
    { kind: 'PHONE', value: '+441632960001' },
    { kind: 'EXTERNAL_ID', source: 'shop', value: '17850' },
  ],
  address: { city: 'London', country: 'GB' },
};
const create = (input: object, who = users.nora) =>
  api.ask<Created>(who, 'Mutation.createCustomer', { input });
const refusal = (input: object, who = users.nora) => api.refusal(who, 'Mutation.createCustomer', { input });

beforeEach(() => api.aws.clear());

describe('createCustomer', () => {
  test('adds a customer of the caller and the caller’s first team, and its identities find it', async () => {
    const customer = await create(ada);

    expect(customer).toMatchObject({
      id: expect.stringMatching(/^cus_[0-9A-HJKMNP-TV-Z]{26}$/),
      name: 'Ada Byron',
      identities: ada.identities,
      address: ada.address,
      ownerId: 'usr_nora',
      team: 'north',
      version: 1,
    });
    for (const identity of ada.identities) {
      expect(await api.ask(users.nora, 'Query.customerByIdentity', { identity })).toEqual(customer);
    }
  });

  test('answers what any later read gives', async () => {
    const customer = await create(ada);

    expect(await api.ask(users.nora, 'Query.customer', { id: customer.id })).toEqual(customer);
  });

  test('stamps one event on one item', async () => {
    const customer = await create(ada);

    const stamped = api.aws.items().filter((item) => item.change);
    expect(stamped.map(({ sk }) => sk)).toEqual([{ S: 'view#profile' }]);
    expect(api.aws.changes()).toEqual([
      expect.objectContaining({
        actor: 'usr_nora',
        reason: 'Mutation.createCustomer',
        correlationId: 'req_1',
        events: [
          {
            type: 'crm.customer.created.v1',
            subject: customer.id,
            sequence: 1,
            data: { customerId: customer.id, kind: 'PERSON' },
          },
        ],
      }),
    ]);
  });

  test('sent again gives the first answer and writes nothing', async () => {
    const first = await create(ada);
    const before = api.aws.items();

    const again = await create(ada);

    expect(again).toEqual(first);
    expect(api.aws.items()).toEqual(before);
  });

  test('sent again after the customer changed gives the customer as it is now', async () => {
    const { id } = await create(ada);
    const input = { id, name: 'Ada Lovelace', removeIdentities: ada.identities.slice(0, 1) };
    const changed = await api.ask(users.nora, 'Mutation.updateCustomer', { input });

    expect(await create(ada)).toEqual(changed);
  });

  test('sent again after the customer came into other hands tells nothing of it', async () => {
    const input = { kind: 'PERSON', name: 'Given away', clientRequestId: 'given-away' };
    const { id } = await api.ask<Created>(users.nora, 'Mutation.createCustomer', { input });
    const elsewhere = { id, name: 'Secret', team: 'south', ownerId: users.sue.id };
    await api.ask(users.admin, 'Mutation.updateCustomer', { input: elsewhere });

    const refused = await api.refusal(users.nora, 'Mutation.createCustomer', { input });

    expect(refused).toMatchObject({ code: 'ACCESS.DENIED' });
    expect(JSON.stringify(refused)).not.toContain('Secret');
  });

  test('with the same clientRequestId and another input is refused', async () => {
    const { id } = await create(ada);

    const refused = await refusal({ ...ada, name: 'Eve' });

    expect(refused).toMatchObject({
      code: 'REQUEST.ID_REUSED',
      info: { field: 'clientRequestId', id },
    });
  });

  test('with the same clientRequestId of another caller is another request', async () => {
    const first = await create({ clientRequestId: 'form-1', kind: 'PERSON', name: 'Ada' });

    const second = await create({ clientRequestId: 'form-1', kind: 'PERSON', name: 'Ada' }, users.ned);

    expect(second.id).not.toBe(first.id);
  });

  test('without a clientRequestId adds another customer each time', async () => {
    const first = await create({ kind: 'PERSON', name: 'Ada' });
    const second = await create({ kind: 'PERSON', name: 'Ada' });

    expect(second.id).not.toBe(first.id);
  });

  test('sent twice at the same moment ends as one', async () => {
    const answers = await Promise.all([create(ada), create(ada), create(ada)]);

    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(api.aws.items().filter(({ sk }) => sk?.S === 'view#profile')).toHaveLength(1);
    expect(api.aws.changes()).toHaveLength(1);
  });

  test.each([
    ['CUSTOMER.EMAIL_TAKEN', { kind: 'EMAIL', value: 'ADA@example.com' }, 'ada@example.com'],
    ['CUSTOMER.PHONE_TAKEN', { kind: 'PHONE', value: '+441632960001' }, '+441632960001'],
    ['CUSTOMER.IDENTITY_TAKEN', { kind: 'EXTERNAL_ID', source: 'shop', value: '17850' }, '17850'],
  ])('is refused with %s, says who has it, and leaves nothing half-written', async (code, taken, value) => {
    const { id } = await create(ada);
    const before = api.aws.items();

    const refused = await refusal({
      kind: 'PERSON',
      name: 'Eve',
      identities: [{ kind: 'EMAIL', value: 'eve@example.com' }, taken],
    });

    expect(refused).toMatchObject({ code, info: { field: 'identities', value, customerId: id } });
    expect(api.aws.items()).toEqual(before);
  });

  test('gives an identity to one of two who claim it at the same moment', async () => {
    const identities = [{ kind: 'EMAIL', value: 'shared@example.com' }];
    const claim = (name: string) =>
      api.call(users.nora, 'Mutation.createCustomer', { input: { kind: 'PERSON', name, identities } });

    const envelopes = await Promise.all([claim('Ada'), claim('Eve')]);

    expect(envelopes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(envelopes.find(({ ok }) => !ok)).toMatchObject({ error: { code: 'CUSTOMER.EMAIL_TAKEN' } });
  });

  test('takes an external id of another source', async () => {
    await create(ada);
    const identities = [{ kind: 'EXTERNAL_ID', source: 'erp', value: '17850' }];

    expect((await create({ kind: 'PERSON', name: 'Eve', identities })).identities).toEqual(identities);
  });

  test('takes all 50 identities', async () => {
    const identities = Array.from({ length: 50 }, (_, n) => ({
      kind: 'EMAIL',
      value: `ada${n}@example.com`,
    }));

    expect((await create({ kind: 'PERSON', name: 'Ada', identities })).identities).toHaveLength(50);
  });

  test('is refused to who could not see the customer afterwards', async () => {
    const refused = await refusal({ kind: 'PERSON', name: 'Eve', ownerId: 'usr_sue', team: 'south' });

    expect(refused.code).toBe('ACCESS.DENIED');
    expect(api.aws.items()).toEqual([]);
  });

  test('is refused for a team that the firm has not', async () => {
    expect(await refusal({ kind: 'PERSON', name: 'Eve', team: 'west' })).toEqual({
      code: 'TEAM.NOT_FOUND',
      message: 'team: there is no team "west"; there are north, south',
      info: { field: 'team', value: 'west' },
    });
    expect(api.aws.items()).toEqual([]);
  });

  test('is refused to an analyst', async () => {
    expect((await refusal({ kind: 'PERSON', name: 'Eve' }, users.analyst)).code).toBe('ACCESS.DENIED');
  });

  test('refuses a wrong input with the field', async () => {
    const refused = await refusal({ ...ada, identities: [{ kind: 'PHONE', value: '01632 960001' }] });

    expect(refused).toMatchObject({
      code: 'INPUT.INVALID',
      info: { field: 'identities.0.value', value: '01632 960001' },
    });
  });
});

describe('createCustomers', () => {
  const createMany = (customers: readonly object[]) =>
    api.ask<{ results: { index: number; customer?: Created; error?: { code: string; info: unknown } }[] }>(
      users.nora,
      'Mutation.createCustomers',
      { input: { customers } },
    );

  test('adds each row for itself: a refused row leaves the others alone', async () => {
    const rows = Array.from({ length: 100 }, (_, n) => ({
      kind: 'PERSON',
      name: `Customer ${n}`,
      identities: [{ kind: 'EMAIL', value: n % 10 === 9 ? 'not an address' : `c${n}@example.com` }],
    }));

    const { results } = await createMany(rows);

    expect(results.map(({ index }) => index)).toEqual(rows.map((_, n) => n));
    expect(results.filter(({ customer }) => customer)).toHaveLength(90);
    expect(results[8]?.customer?.name).toBe('Customer 8');
    expect(results[9]?.error?.code).toBe('INPUT.INVALID');
    expect(results[9]?.error?.info).toEqual({
      field: 'identities.0.value',
      value: 'not an address',
    });
    expect(api.aws.items().filter(({ sk }) => sk?.S === 'view#profile')).toHaveLength(90);
  });

  test('adds two rows with the same identity once', async () => {
    const row = { kind: 'PERSON', name: 'Ada', identities: [{ kind: 'EMAIL', value: 'ada@example.com' }] };

    const { results } = await createMany([row, row]);

    expect(results.filter(({ customer }) => customer)).toHaveLength(1);
    expect(results.find(({ error }) => error)?.error?.code).toBe('CUSTOMER.EMAIL_TAKEN');
  });

  test.each([0, 101])('refuses %i rows', async (count) => {
    const customers = Array.from({ length: count }, () => ({ kind: 'PERSON', name: 'Ada' }));

    const refused = await api.refusal(users.nora, 'Mutation.createCustomers', { input: { customers } });

    expect(refused).toMatchObject({ code: 'BATCH.SIZE', info: { value: count } });
    expect(api.aws.items()).toEqual([]);
  });
});

test('a retry that writes null where the first left a field out is the same request', async () => {
  const input = { kind: 'PERSON', name: 'Spelled out', clientRequestId: 'nulls' };
  const first = await api.ask<Created>(users.nora, 'Mutation.createCustomer', { input });

  const again = { ...input, language: null, address: { city: null }, identities: null };
  const second = await api.ask<Created>(users.nora, 'Mutation.createCustomer', { input: again });

  expect(second.id).toBe(first.id);
});

test('a refusal repeats no more than a part of a long value, and still says the remedy', async () => {
  const language = '"'.repeat(1_000_000);

  const { code, message } = await api.refusal(users.nora, 'Mutation.createCustomer', {
    input: { kind: 'PERSON', name: 'Long', language },
  });

  expect(code).toBe('INPUT.INVALID');
  expect(message.length).toBeLessThan(600);
  expect(message).toContain('write it as en or it-CH');
});
