import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type Created, startApi, users } from '../../../test/support/api.ts';

const api = await startApi();
afterAll(() => api.aws.close());
beforeEach(() => api.aws.clear());

const create = (input: object = {}, who = users.nora) =>
  api.ask<Created>(who, 'Mutation.createCustomer', { input: { kind: 'PERSON', name: 'Ada', ...input } });
const update = (input: object) => api.ask<Created>(users.nora, 'Mutation.updateCustomer', { input });
const refusal = (input: object, who = users.nora) =>
  api.refusal(who, 'Mutation.createCustomer', { input: { kind: 'PERSON', name: 'Ada', ...input } });
const read = (id: string) => api.ask(users.nora, 'Query.customer', { id });
const changed = () =>
  api.aws
    .changes()
    .at(-1)
    ?.events.map(({ data }) => ('changedFields' in data ? data.changedFields : data));

describe('attributes', () => {
  const attributes = {
    loyaltyCard: '7',
    size: 9_007_199_254_740_991,
    tiny: 1e-300,
    vip: true,
    tags: ['a', 'b'],
  };

  test('are stored whole, given as an object or as its JSON text, and read as they are', async () => {
    for (const sent of [attributes, JSON.stringify(attributes)]) {
      const customer = await create({ attributes: sent });

      expect(customer).toMatchObject({ attributes });
      expect(await read(customer.id)).toEqual(customer);
    }
  });

  test('change by name: null removes, what is left out stays, and the event tells only that', async () => {
    const { id } = await create({ attributes });

    const after = await update({ id, attributes: { vip: null, size: null, tiny: null, shoe: 'red' } });

    expect(after).toMatchObject({
      version: 2,
      attributes: { loyaltyCard: '7', tags: ['a', 'b'], shoe: 'red' },
    });
    expect(changed()).toEqual([['attributes']]);
    expect(await update({ id, attributes: { tags: ['a', 'b'] } })).toEqual(after);
    expect(await update({ id, name: 'Ada Byron' })).toMatchObject({ attributes: { shoe: 'red' } });
    expect(await update({ id, attributes: null })).not.toHaveProperty('attributes');
    expect(await read(id)).not.toHaveProperty('attributes');
  });

  test('that are wrong are refused, and nothing is written', async () => {
    expect(await refusal({ attributes: { a: { b: 1 } } })).toMatchObject({
      code: 'INPUT.INVALID',
      info: { field: 'attributes' },
    });
    const most = Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`a${n}`, n]));
    expect(await refusal({ attributes: most })).toMatchObject({
      code: 'INPUT.INVALID',
      message: expect.stringContaining('51 names'),
    });
    expect(api.aws.items()).toEqual([]);
  });

  test('in another order are the same request', async () => {
    const once = { clientRequestId: 'once' };
    const first = await create({ ...once, attributes: { a: 1, b: 2 } });

    expect(await create({ ...once, attributes: { b: 2, a: 1 } })).toEqual(first);
    expect(await refusal({ ...once, attributes: { a: 1, b: 3 } })).toMatchObject({
      code: 'REQUEST.ID_REUSED',
    });
  });
});

describe('preferences', () => {
  test('are replaced whole, and the event names them', async () => {
    const { id } = await create({ preferences: { channel: 'EMAIL', topics: ['gardens'] } });
    expect(await read(id)).toMatchObject({ preferences: { channel: 'EMAIL', topics: ['gardens'] } });

    const after = await update({ id, preferences: { channel: 'SMS' } });

    expect(after).toMatchObject({ preferences: { channel: 'SMS' }, version: 2 });
    expect(after.preferences).not.toHaveProperty('topics');
    expect(changed()).toEqual([['preferences']]);
    expect(await update({ id, preferences: null })).not.toHaveProperty('preferences');
  });

  test.each([
    [{ channel: 'PIGEON' }, 'preferences.channel'],
    [{ topics: Array(21).fill('x') }, 'preferences.topics'],
    [{ topics: ['x'.repeat(65)] }, 'preferences.topics.0'],
    [{ topics: [''] }, 'preferences.topics.0'],
  ])('are refused as %j', async (preferences, field) => {
    expect(await refusal({ preferences })).toMatchObject({ code: 'INPUT.INVALID', info: { field } });
  });
});

describe('via', () => {
  test('is API unless an integration says IMPORT, which the event says as well', async () => {
    expect(await create()).toMatchObject({ via: 'API' });
    expect(api.aws.changes().at(-1)).not.toHaveProperty('via');

    expect(await create({ via: 'IMPORT', ownerId: 'usr_nora' }, users.importer)).toMatchObject({
      via: 'IMPORT',
    });
    expect(api.aws.changes().at(-1)).toMatchObject({ via: 'IMPORT' });
  });

  test('makes no other request of a retry', async () => {
    const once = { clientRequestId: 'once', ownerId: 'usr_nora' };
    const first = await create(once, users.importer);

    expect(await create({ ...once, via: 'IMPORT' }, users.importer)).toEqual(first);
  });

  test('is not for a salesperson to say', async () => {
    expect(await refusal({ via: 'IMPORT' })).toMatchObject({
      code: 'ACCESS.DENIED',
      info: { field: 'via', value: 'IMPORT' },
    });
  });

  test('stays when the customer changes', async () => {
    const { id } = await create({ via: 'IMPORT', ownerId: 'usr_nora' }, users.importer);

    expect(await update({ id, name: 'Ada Byron' })).toMatchObject({ via: 'IMPORT' });
    expect(api.aws.changes().at(-1)).not.toHaveProperty('via');
  });

  test('of a change says how the change came, for an integration only', async () => {
    const { id } = await create();
    const input = { id, name: 'Ada Byron', via: 'IMPORT' };

    expect(await api.refusal(users.nora, 'Mutation.updateCustomer', { input })).toMatchObject({
      code: 'ACCESS.DENIED',
      info: { field: 'via', value: 'IMPORT' },
    });
    expect(await api.ask(users.importer, 'Mutation.updateCustomer', { input })).toMatchObject({ via: 'API' });
    expect(api.aws.changes().at(-1)).toMatchObject({
      via: 'IMPORT',
      events: [{ type: 'crm.customer.updated.v1' }],
    });
  });

  test('of a customer who was stored before it was recorded is API', async () => {
    const { toCustomer } = await import('../../table/customers.ts');
    const { id } = await create();
    const item = api.aws.items().find(({ sk }) => sk?.S === 'view#profile');
    const { unmarshall } = await import('@aws-sdk/util-dynamodb');
    const { via: _via, ...before } = unmarshall(item as never);

    expect(toCustomer(before)).toMatchObject({ id, via: 'API' });
  });
});
