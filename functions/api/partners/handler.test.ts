import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { SharingAgreement } from '../../../domain/partners/agreement.ts';
import { type Created, type Page, pagesOf, startApi, users } from '../../../test/support/api.ts';

const api = await startApi();
afterAll(() => api.aws.close());
const { envelopesOf } = await import('../../relay/entries.ts');
const { recordShare } = await import('../../table/shares.ts');

beforeEach(() => api.aws.clear());

const { admin, nora, sue } = users;
const terms = {
  partnerId: 'par_carrier',
  purpose: 'delivery of ordered goods',
  events: ['crm.order.placed.v1'],
  fields: ['customer.name', 'order.total'],
  validFrom: '2026-01-01T00:00:00Z',
  validUntil: '2099-01-01T00:00:00+01:00',
};
const mutate = (field: string, input: object, who = admin) =>
  api.ask<SharingAgreement>(who, `Mutation.${field}SharingAgreement`, { input });
const refused = (field: string, input: object, who = admin) =>
  api.refusal(who, `Mutation.${field}SharingAgreement`, { input });
const create = (input: object = {}) => mutate('create', { ...terms, ...input });
const list = (args: object = {}, who = nora) =>
  pagesOf((after) =>
    api.ask<Page<SharingAgreement>>(who, 'Query.sharingAgreements', { first: 2, ...args, after }),
  );
const versionsOf = (source: object) =>
  pagesOf((after) =>
    api.ask<Page<SharingAgreement>>(nora, 'SharingAgreement.versions', { first: 1, after }, { source }),
  );
const events = () => api.aws.changes().flatMap(envelopesOf);

test('gives the partners of the firm', async () => {
  expect(await api.ask(nora, 'Query.partners', {})).toEqual([
    { id: 'par_carrier', name: 'carrier', title: expect.any(String) },
    { id: 'par_wholesaler', name: 'wholesaler', title: expect.any(String) },
  ]);
});

describe('making an agreement', () => {
  test('gives it, finds it again by its id, and says that it was made', async () => {
    const agreement = await create();

    expect(agreement).toMatchObject({
      ...terms,
      id: expect.stringMatching(/^agr_[0-9A-Z]{26}$/),
      validFrom: '2026-01-01T00:00:00.000Z',
      validUntil: '2098-12-31T23:00:00.000Z',
      updatedBy: 'usr_admin',
      version: 1,
    });
    const found = await api.ask(nora, 'Query.node', { id: agreement.id });
    expect(found).toEqual({ __typename: 'SharingAgreement', ...agreement });
    expect(events()).toMatchObject([
      {
        type: 'crm.agreement.changed.v1',
        subject: agreement.id,
        data: { agreementId: agreement.id, partnerId: 'par_carrier', version: 1, change: 'CREATED' },
      },
    ]);
  });

  test.each(Object.values(users).filter((user) => user !== admin))(
    'is for admins only: $username may not',
    async (who) => {
      for (const field of ['create', 'update', 'end']) {
        expect(await refused(field, terms, who)).toMatchObject({ code: 'ACCESS.DENIED' });
      }
      expect(api.aws.items()).toEqual([]);
    },
  );

  test('is safe to retry, also after the agreement was changed and ended', async () => {
    const first = await create({ clientRequestId: 'once' });
    expect(await create({ clientRequestId: 'once' })).toEqual(first);
    await mutate('update', { id: first.id, purpose: 'something else' });
    await mutate('end', { id: first.id });

    expect(await create({ clientRequestId: 'once' })).toMatchObject({ id: first.id, version: 3 });
    expect(await list()).toHaveLength(1);
  });

  test('makes one agreement when retries come at the same time', async () => {
    const made = await Promise.all([1, 2, 3].map(() => create({ clientRequestId: 'once' })));

    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(await list()).toHaveLength(1);
  });

  test('refuses the same clientRequestId with another input', async () => {
    const { id } = await create({ clientRequestId: 'once' });

    expect(await refused('create', { ...terms, clientRequestId: 'once', purpose: 'another' })).toMatchObject({
      code: 'REQUEST.ID_REUSED',
      info: { id },
    });
  });

  test('refuses a partner that the tenant does not have', async () => {
    expect(await refused('create', { ...terms, partnerId: 'par_nobody' })).toMatchObject({
      code: 'PARTNER.NOT_FOUND',
    });
  });

  test('refuses the 101st that was not ended, however many are made at the same time', async () => {
    for (let n = 0; n < 98; n++) await create();

    const outcomes = await Promise.all(
      [1, 2, 3, 4].map(() => api.call(admin, 'Mutation.createSharingAgreement', { input: terms })),
    );

    const refusals = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.error.code]));
    expect(refusals).toEqual(['AGREEMENT.LIMIT', 'AGREEMENT.LIMIT']);
    const [one] = await list({ first: 100 });
    await mutate('end', { id: one?.id });
    expect(await create()).toMatchObject({ version: 1 });
    expect(await refused('create', terms)).toMatchObject({ code: 'AGREEMENT.LIMIT', info: { value: 100 } });
  });
});

describe('changing an agreement', () => {
  test('makes a version of it, and the earlier ones stay', async () => {
    const first = await create();
    const second = await mutate('update', { id: first.id, fields: ['order.total'], expectedVersion: 1 });

    expect(second).toMatchObject({ purpose: terms.purpose, fields: ['order.total'], version: 2 });
    expect(await versionsOf(first)).toEqual([second, first]);
    expect(await list()).toEqual([second]);
    expect(events().at(-1)).toMatchObject({ sequence: 2, data: { version: 2, change: 'UPDATED' } });
  });

  test('that differs in nothing makes none', async () => {
    const first = await create();

    expect(await mutate('update', { id: first.id, purpose: terms.purpose, events: null })).toEqual(first);
    expect(await versionsOf(first)).toEqual([first]);
  });

  test('refuses a version that the client has not seen, with the present one', async () => {
    const { id } = await create();
    await mutate('update', { id, purpose: 'another' });

    expect(await refused('update', { id, expectedVersion: 1, purpose: 'a third' })).toMatchObject({
      code: 'AGREEMENT.VERSION_STALE',
      info: { version: 2 },
    });
  });

  test('takes changes that come at the same time, one version each', async () => {
    const { id } = await create();

    await Promise.all(['a', 'b', 'c'].map((purpose) => mutate('update', { id, purpose })));

    expect((await versionsOf({ id })).map(({ version }) => version)).toEqual([4, 3, 2, 1]);
  });

  test.each(['agr_00000000000000000000000000', 'agr_1', 'cus_00000000000000000000000000'])(
    'refuses %s, which is none',
    async (id) => {
      expect(await refused('update', { id })).toMatchObject({ code: 'AGREEMENT.NOT_FOUND' });
      expect(await refused('end', { id })).toMatchObject({ code: 'AGREEMENT.NOT_FOUND' });
      expect(await api.ask(admin, 'Query.node', { id })).toBeNull();
    },
  );
});

describe('ending an agreement', () => {
  test('keeps it, as a version that says when', async () => {
    const first = await create();
    const ended = await mutate('end', { id: first.id });

    expect(ended).toEqual({
      ...first,
      endedAt: expect.any(String),
      updatedAt: ended.endedAt,
      version: 2,
    });
    expect(await versionsOf(first)).toEqual([ended, first]);
    expect(await list()).toEqual([ended]);
    expect(await api.ask(nora, 'Query.node', { id: first.id })).toMatchObject({ version: 2 });
    expect(events().at(-1)).toMatchObject({ data: { version: 2, change: 'ENDED' } });
  });

  test('again changes nothing, and afterwards nothing can be changed', async () => {
    const { id } = await create();
    const ended = await mutate('end', { id });

    expect(await mutate('end', { id })).toEqual(ended);
    expect(await refused('update', { id, purpose: 'another' })).toMatchObject({
      code: 'AGREEMENT.ENDED',
      info: { endedAt: ended.endedAt },
    });
    expect(await versionsOf({ id })).toHaveLength(2);
  });

  test('counts once when it is asked for at the same time', async () => {
    const { id } = await create();

    const ended = await Promise.all([1, 2, 3].map(() => mutate('end', { id })));

    expect(new Set(ended.map(({ endedAt }) => endedAt)).size).toBe(1);
    expect(api.aws.items().find(({ sk }) => sk?.S === 'count')?.count?.N).toBe('0');
  });
});

describe('the agreements', () => {
  test('are listed latest first, ended ones as well, and by partner', async () => {
    const made: SharingAgreement[] = [];
    for (const [n, partnerId] of ['par_carrier', 'par_wholesaler', 'par_carrier'].entries()) {
      made.unshift(await create({ partnerId, clientRequestId: `${n}` }));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const ended = await mutate('end', { id: made[1]?.id });

    expect(await list()).toEqual([made[0], ended, made[2]]);
    expect(await list({ partnerId: 'par_carrier', first: 1 })).toEqual([made[0], made[2]]);
    expect(await list({ partnerId: 'par_nobody' })).toEqual([]);
  });

  test('refuse a cursor of another list', async () => {
    const after = 'WyJ4IiwiYWdyIl0';

    expect(await api.refusal(nora, 'Query.sharingAgreements', { after })).toMatchObject({
      code: 'CURSOR.INVALID',
    });
  });
});

describe('the shares of a customer', () => {
  test('are shown to who may read the customer, latest first', async () => {
    const input = { kind: 'PERSON', name: 'Ada' };
    const customer = await api.ask<Created>(nora, 'Mutation.createCustomer', { input });
    const shareOf = (n: number) => ({
      id: `shr_0000000000000000000000000${n}`,
      customerId: customer.id,
      partnerId: 'par_carrier',
      agreementId: 'agr_00000000000000000000000000',
      agreementVersion: 1,
      purpose: terms.purpose,
      event: 'crm.order.placed.v1',
      subjectId: 'ord_00000000000000000000000000',
      fields: ['order.total'],
      sharedAt: '2026-01-01T00:00:00.000Z',
    });
    for (const n of [1, 2, 3]) await recordShare(shareOf(n));

    const seen = await pagesOf((after) =>
      api.ask<Page<object>>(nora, 'Customer.shares', { first: 2, after }, { source: customer }),
    );

    expect(seen).toEqual([3, 2, 1].map(shareOf));
    expect(await api.ask(sue, 'Customer.shares', {}, { source: customer })).toBeNull();
  });
});
