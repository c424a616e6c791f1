import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type Consent, inForceAfter } from '../../../domain/customers/consent.ts';
import { type Created, type Page, pagesOf, startApi, users } from '../../../test/support/api.ts';
import { user } from '../../../test/support/domain.ts';

const api = await startApi();
afterAll(() => api.aws.close());

const marketer = user('mia', ['marketing']);
const nobody = 'cus_00000000000000000000000000';
let customer: Created;

const record = (input: object = {}, who = users.nora) =>
  api.ask<Created & Consent>(who, 'Mutation.recordConsent', { input: { ...granted(), ...input } });
const refusal = (input: object = {}, who = users.nora) =>
  api.refusal(who, 'Mutation.recordConsent', { input: { ...granted(), ...input } });
const granted = () => ({
  customerId: customer.id,
  purpose: 'MARKETING',
  channel: 'EMAIL',
  state: 'GRANTED',
  basis: 'CONSENT',
  proof: 'newsletter form, version 3',
});
const withdrawal = { state: 'WITHDRAWN', basis: null, proof: null };
const consents = (who = users.nora) =>
  api.ask<readonly Consent[] | null>(who, 'Customer.consents', {}, { source: customer });
const history = (page: object = {}, who = users.nora) =>
  api.ask<Page<Consent>>(who, 'Customer.consentHistory', page, { source: customer });

beforeEach(async () => {
  api.aws.clear();
  customer = await api.ask<Created>(users.nora, 'Mutation.createCustomer', {
    input: { kind: 'PERSON', name: 'Ada' },
  });
});

describe('recordConsent', () => {
  test('records a statement that every way to read it gives', async () => {
    const consent = await record();

    expect(consent).toMatchObject({
      ...granted(),
      id: expect.stringMatching(`^con_${customer.id.slice(4)}_[0-9A-Z]{26}$`),
      recordedBy: 'usr_nora',
      via: 'API',
      version: 1,
    });
    expect(await consents()).toEqual([consent]);
    expect((await history()).nodes).toEqual([consent]);
    expect(await api.ask(users.nora, 'Query.node', { id: consent.id })).toEqual({
      __typename: 'Consent',
      ...consent,
    });
    expect(await api.ask(users.nora, 'Query.customer360', { id: customer.id })).toMatchObject({
      consents: [consent],
    });
  });

  test('stamps one event, on the statement', async () => {
    const { id, statedAt } = await record();

    const stamped = api.aws.items().filter((item) => item.change && String(item.sk?.S) !== 'view#profile');
    expect(stamped.map(({ sk }) => sk?.S)).toEqual([expect.stringMatching(/^consent#/)]);
    expect(api.aws.changes().at(-1)).toMatchObject({
      actor: 'usr_nora',
      reason: 'Mutation.recordConsent',
      events: [
        {
          type: 'crm.consent.recorded.v1',
          subject: id,
          data: {
            consentId: id,
            customerId: customer.id,
            purpose: 'MARKETING',
            channel: 'EMAIL',
            state: 'GRANTED',
            statedAt,
          },
        },
      ],
    });
  });

  test('overwrites nothing: the history has both statements, in force is the later', async () => {
    const first = await record({ statedAt: '2026-01-01T00:00:00Z' });
    const second = await record({ ...withdrawal, statedAt: '2026-02-01T00:00:00Z' });

    expect(await consents()).toEqual([second]);
    expect((await history()).nodes).toEqual([second, first]);
  });

  test('lets an earlier statement that is recorded late into the history only, and still tells of it', async () => {
    const present = await record({ ...withdrawal, statedAt: '2026-02-01T00:00:00Z' });
    const late = await record({ statedAt: '2026-01-01T00:00:00Z' });

    expect(await consents()).toEqual([present]);
    expect((await history()).nodes).toEqual([present, late]);
    expect(api.aws.changes()).toHaveLength(3);
  });

  test('lets a withdrawal win over a grant of the same moment, whichever comes first', async () => {
    const statedAt = '2026-01-01T00:00:00Z';
    await record({ statedAt });
    const ended = await record({ ...withdrawal, statedAt });
    await record({ statedAt });

    expect(await consents()).toEqual([ended]);
  });

  test('records for a partner of the firm, and refuses another firm with the names of the partners', async () => {
    const sharing = { purpose: 'SHARING', channel: null };

    expect(await record({ ...sharing, partnerId: 'par_carrier' })).toMatchObject({
      partnerId: 'par_carrier',
    });
    const refused = await refusal({ ...sharing, partnerId: 'par_stranger' });
    expect(refused).toMatchObject({
      code: 'PARTNER.NOT_FOUND',
      info: { field: 'partnerId', value: 'par_stranger' },
    });
    expect(refused.message).toContain('par_carrier, par_wholesaler');
  });

  test('is for who may: not for analysts, other teams, and nobody for a customer who is none', async () => {
    expect(await record({}, marketer)).toMatchObject({ recordedBy: 'usr_mia' });
    expect(await refusal({}, users.analyst)).toMatchObject({ code: 'ACCESS.DENIED' });
    expect(await refusal({}, users.sue)).toMatchObject({
      code: 'ACCESS.DENIED',
      message: `sue may not record consents of ${customer.id}: ask an admin`,
    });
    expect(await refusal({ customerId: nobody })).toMatchObject({ code: 'CUSTOMER.NOT_FOUND' });
    expect(await refusal({ customerId: 'view#consents' })).toMatchObject({ code: 'CUSTOMER.NOT_FOUND' });
  });

  test('takes what was imported from an integration only, and its event says so', async () => {
    expect(await refusal({ via: 'IMPORT' })).toMatchObject({ code: 'ACCESS.DENIED' });

    expect(await record({ via: 'IMPORT' }, users.importer)).toMatchObject({ via: 'IMPORT' });
    expect(api.aws.changes().at(-1)).toMatchObject({ via: 'IMPORT' });
  });

  test('refuses what contradicts itself, and writes nothing', async () => {
    expect(await refusal({ basis: null })).toMatchObject({ code: 'INPUT.INVALID', info: { field: 'basis' } });
    expect(await refusal({ state: 'WITHDRAWN' })).toMatchObject({ info: { field: 'basis' } });
    expect(await refusal({ purpose: 'ANALYTICS' })).toMatchObject({ info: { field: 'channel' } });

    expect((await history()).nodes).toEqual([]);
    expect(api.aws.changes()).toHaveLength(1);
  });
});

describe('a retry', () => {
  const once = { clientRequestId: 'once', statedAt: '2026-01-01T00:00:00Z' };

  test('gives what the first made and changes nothing, even after a later statement', async () => {
    const first = await record(once);
    const later = await record({ ...withdrawal, statedAt: '2026-02-01T00:00:00Z' });
    const told = api.aws.changes().length;

    expect(await record({ ...once, via: 'API' })).toEqual(first);
    expect(await consents()).toEqual([later]);
    expect(api.aws.changes()).toHaveLength(told);
  });

  test('with other content is refused', async () => {
    const { id } = await record(once);

    expect(await refusal({ ...once, proof: 'another form' })).toMatchObject({
      code: 'REQUEST.ID_REUSED',
      info: { field: 'clientRequestId', id },
    });
  });

  test('needs the moment, which it must not read again', async () => {
    expect(await refusal({ clientRequestId: 'once' })).toMatchObject({
      code: 'INPUT.INVALID',
      info: { field: 'statedAt' },
    });
  });
});

describe('recordConsents', () => {
  const recordAll = (rows: readonly object[], who = users.nora) =>
    api.ask<{ results: { index: number; consent?: Consent; error?: { code: string } }[] }>(
      who,
      'Mutation.recordConsents',
      { input: { consents: rows } },
    );

  test('records 100 statements of one customer, and what is in force is right', async () => {
    const day = (n: number) => new Date(Date.UTC(2026, 0, 1) + n * 86_400_000).toISOString();
    const rows = Array.from({ length: 100 }, (_, n) => ({ ...granted(), statedAt: day((n * 37) % 100) }));

    const { results } = await recordAll(rows);

    expect(results.map(({ error }) => error)).toEqual(rows.map(() => undefined));
    expect(await pagesOf((after) => history({ first: 30, after }))).toHaveLength(100);
    expect((await consents())?.map(({ statedAt }) => statedAt)).toEqual([day(99)]);
  });

  test('refuses a row for itself', async () => {
    const { results } = await recordAll([
      granted(),
      { ...granted(), basis: null },
      { ...granted(), customerId: nobody },
    ]);

    expect(results.map(({ consent, error }) => error?.code ?? consent?.state)).toEqual([
      'GRANTED',
      'INPUT.INVALID',
      'CUSTOMER.NOT_FOUND',
    ]);
  });

  test('converges when many record for a customer at the same time', async () => {
    const channels = ['EMAIL', 'SMS', 'PHONE', 'LETTER', 'WEB'];

    await Promise.all(channels.map((channel) => record({ channel })));

    expect((await consents())?.map(({ channel }) => channel).sort()).toEqual(channels.toSorted());
  });
});

test('what is in force is the same in whatever order, and however much at once, statements are recorded', async () => {
  const statement = fc.record({
    channel: fc.constantFrom(null, 'EMAIL', 'SMS'),
    state: fc.constantFrom('GRANTED', 'WITHDRAWN'),
    day: fc.integer({ min: 1, max: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(statement, { minLength: 2, maxLength: 8 }), async (list) => {
      customer = await api.ask<Created>(users.nora, 'Mutation.createCustomer', {
        input: { kind: 'PERSON', name: 'Ada' },
      });
      const recorded = await Promise.all(
        list.map(({ channel, state, day }) => {
          const basis = state === 'GRANTED' ? 'CONSENT' : null;
          return record({ channel, state, basis, statedAt: `2026-01-0${day}T00:00:00Z` });
        }),
      );

      const expected = recorded.reduce(inForceAfter, [] as readonly Consent[]);
      expect(new Set(await consents())).toEqual(new Set(expected));
      expect((await history({ first: 20 })).nodes).toHaveLength(list.length);
    }),
    { numRuns: 15 },
  );
});

describe('consents and their history', () => {
  test('are nothing for one who may not read the customer', async () => {
    const { id } = await record();

    expect(await consents(users.sue)).toBeNull();
    expect(await history({}, users.sue)).toBeNull();
    expect(await api.ask(users.sue, 'Query.node', { id })).toBeNull();
  });

  test('are empty for a customer who never stated anything', async () => {
    expect(await consents()).toEqual([]);
    expect((await history()).nodes).toEqual([]);
  });

  test('have cursors that are good for their customer and list only', async () => {
    for (let month = 1; month <= 3; month++) await record({ statedAt: `2026-0${month}-01T00:00:00Z` });
    const other = await api.ask<Created>(users.nora, 'Mutation.createCustomer', {
      input: { kind: 'PERSON', name: 'Grace' },
    });
    const { pageInfo } = await history({ first: 1 });

    const refused = await api.refusal(
      users.nora,
      'Customer.consentHistory',
      { first: 1, after: pageInfo.endCursor },
      { source: other },
    );

    expect(refused.code).toBe('CURSOR.INVALID');
  });

  test.each(['con_', 'con_x_y', `con_${'0'.repeat(26)}_${'0'.repeat(26)}`, `con_${'0'.repeat(26)}`])(
    'node(%j) is nothing',
    async (id) => {
      expect(await api.ask(users.admin, 'Query.node', { id })).toBeNull();
    },
  );
});
