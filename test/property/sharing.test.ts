import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Consent } from '../../domain/customers/consent.ts';
import type { SharingAgreement } from '../../domain/partners/agreement.ts';
import { type SharedFacts, shareableEvents, shareableFields } from '../../domain/partners/shareable.ts';
import { type ShareableEnvelope, share, type Tools } from '../../functions/partner-sharing/share.ts';
import { agreement, consent, eventOf, sharingWorld } from '../support/sharing.ts';

// Every text and number of the records is one of a kind, so that what leaks is found wherever it stands.

type Facts = Record<'customer' | 'order' | 'interaction', Record<string, never>> & {
  readonly stage: string;
  readonly lines: readonly Record<string, string>[];
};

/** What may leave for each field: written out again, so that a change of the catalogue is seen. */
const values: Readonly<Record<string, (facts: Facts) => unknown>> = {
  'customer.kind': ({ customer }) => customer.kind,
  'customer.name': ({ customer }) => customer.name,
  'customer.givenName': ({ customer }) => customer.givenName,
  'customer.familyName': ({ customer }) => customer.familyName,
  'customer.emails': ({ customer }) => identitiesOf(customer, 'EMAIL').map(({ value }) => value),
  'customer.phones': ({ customer }) => identitiesOf(customer, 'PHONE').map(({ value }) => value),
  'customer.externalIds': ({ customer }) =>
    identitiesOf(customer, 'EXTERNAL_ID').flatMap(({ source, value }) => [source, value]),
  'customer.address.lines': ({ customer }) => partOf(customer.address, 'lines'),
  'customer.address.city': ({ customer }) => partOf(customer.address, 'city'),
  'customer.address.region': ({ customer }) => partOf(customer.address, 'region'),
  'customer.address.postalCode': ({ customer }) => partOf(customer.address, 'postalCode'),
  'customer.address.country': ({ customer }) => partOf(customer.address, 'country'),
  'customer.language': ({ customer }) => customer.language,
  'customer.stage': ({ stage }) => stage,
  'order.externalId': ({ order }) => order.externalId,
  'order.source': ({ order }) => order.source,
  'order.kind': ({ order }) => order.kind,
  'order.state': ({ order }) => order.state,
  'order.placedAt': ({ order }) => order.placedAt,
  'order.total': ({ order }) => [partOf(order.total, 'amount'), partOf(order.total, 'currency')],
  'order.lineCount': ({ order }) => order.lineCount,
  'order.lines': ({ lines }) =>
    lines.flatMap(({ code, description, quantity, unitPrice }) => [code, description, quantity, unitPrice]),
  'interaction.channel': ({ interaction }) => interaction.channel,
  'interaction.direction': ({ interaction }) => interaction.direction,
  'interaction.occurredAt': ({ interaction }) => interaction.occurredAt,
  'interaction.subject': ({ interaction }) => interaction.subject,
  'interaction.threadId': ({ interaction }) => interaction.threadId,
};

interface Identity {
  readonly kind: string;
  readonly source: string;
  readonly value: string;
}
const identitiesOf = (customer: Record<string, never>, wanted: string) =>
  (customer.identities as unknown as Identity[]).filter(({ kind }) => kind === wanted);
const partOf = (whole: unknown, name: string) => (whole as Record<string, unknown> | undefined)?.[name];

/** Values that no field has, to take the place of one that a field has. */
const odd = (mark: () => string) =>
  fc
    .constantFrom('as it is', 'absent', 'null', 'object', 'list', 'number')
    .map((form) => (value: unknown) => {
      if (form === 'as it is') return value;
      if (form === 'object') return { value, secret: mark() };
      if (form === 'list') return [value, { secret: mark() }];
      return form === 'number' ? Number(mark().slice(1)) : form === 'null' ? null : undefined;
    });

let marks = 100_000;
const mark = () => `m${marks++}`;
const time = () => new Date(Date.UTC(2026, 0, 1) + marks++ * 1000).toISOString();
/** What no agreement lets out, for each object of the records. */
const secrets = () => ({
  id: mark(),
  customerId: mark(),
  ownerId: mark(),
  team: mark(),
  body: mark(),
  note: { deep: [mark(), { deeper: mark() }] },
  version: marks++,
  loggedBy: mark(),
  attributes: { vip: mark() },
  score: { engagement: marks++ },
  constructor: mark(),
  toString: mark(),
});

const scalars = [
  'name',
  'givenName',
  'familyName',
  'language',
  'subject',
  'threadId',
  'externalId',
  'source',
];

/** Records of a customer with an order and an interaction, some of their values odd. */
const anyFacts = fc
  .record({
    kind: fc.constantFrom('PERSON', 'COMPANY'),
    stage: fc.constantFrom('PROSPECT', 'ACTIVE', 'LAPSED'),
    identities: fc.array(fc.constantFrom('EMAIL', 'PHONE', 'EXTERNAL_ID', 'OTHER'), { maxLength: 6 }),
    lines: fc.nat(3),
    hasAddress: fc.boolean(),
    twist: fc.record({ field: fc.constantFrom(...scalars), how: odd(mark) }),
  })
  .map(({ kind, stage, identities, lines, hasAddress, twist }): Facts => {
    const twisted = <T extends Record<string, unknown>>(record: T) =>
      Object.fromEntries(
        Object.entries(record).map(([name, value]) => [
          name,
          name === twist.field ? twist.how(value) : value,
        ]),
      ) as Record<string, never>;
    return {
      customer: twisted({
        ...secrets(),
        kind,
        name: mark(),
        givenName: mark(),
        familyName: mark(),
        language: mark(),
        identities: identities.map((kind) => ({ ...secrets(), kind, source: mark(), value: mark() })),
        ...(hasAddress
          ? {
              address: {
                ...secrets(),
                lines: [mark(), mark()],
                city: mark(),
                region: mark(),
                postalCode: mark(),
                country: mark(),
              },
            }
          : {}),
      }),
      stage,
      order: twisted({
        ...secrets(),
        kind: 'SALE',
        state: 'CANCELLED',
        source: mark(),
        externalId: mark(),
        placedAt: time(),
        total: { ...secrets(), amount: mark(), currency: mark() },
        lineCount: marks++,
        recordedAt: time(),
        reporting: { amount: mark() },
      }),
      lines: Array.from({ length: lines }, () => ({
        ...(secrets() as object as Record<string, string>),
        number: mark(),
        kind: mark(),
        code: mark(),
        description: mark(),
        quantity: mark(),
        unitPrice: mark(),
      })),
      interaction: twisted({
        ...secrets(),
        channel: 'IN_STORE',
        direction: 'OUTBOUND',
        occurredAt: time(),
        loggedAt: time(),
        subject: mark(),
        threadId: mark(),
        agentId: mark(),
        storeId: mark(),
      }),
    };
  });

const strange = [
  'customer',
  'customer.id',
  'customer.ownerId',
  'customer.note',
  'customer.identities',
  'customer.address',
  'order',
  'order.lines.note',
  'interaction.body',
  'constructor',
  'toString',
  '__proto__',
  '__proto__.polluted',
  'customer.__proto__',
  '',
];
const eventTypes = Object.keys(shareableEvents) as (keyof typeof shareableEvents)[];

const anyAgreement = fc
  .record({
    id: fc.constantFrom('agr_1', 'agr_2', 'agr_3'),
    partnerId: fc.constantFrom('par_carrier', 'par_wholesaler'),
    events: fc.subarray([...eventTypes, 'crm.score.changed.v1', 'constructor'] as typeof eventTypes),
    fields: fc.subarray([...Object.keys(values), ...strange]),
    period: fc.constantFrom(
      {},
      {},
      {},
      { endedAt: '2026-11-01T00:00:00.000Z' },
      { validUntil: '2026-11-22T12:00:00.000Z' },
      { validFrom: '2026-11-22T12:00:00.001Z' },
    ),
  })
  .map(({ period, ...fields }) => agreement({ ...fields, ...period }));

const withdrawn = { state: 'WITHDRAWN', statedAt: '2026-02-01T00:00:00.000Z' } as const;
/** What a customer may have said, and to whom that lets data go. */
const sayings: readonly { readonly consents: readonly Consent[]; readonly to: readonly string[] }[] = [
  { consents: [], to: [] },
  { consents: [consent()], to: ['par_carrier', 'par_wholesaler'] },
  { consents: [consent({ partnerId: 'par_carrier' })], to: ['par_carrier'] },
  { consents: [consent(withdrawn)], to: [] },
  { consents: [consent(), consent({ ...withdrawn, partnerId: 'par_carrier' })], to: ['par_wholesaler'] },
  {
    consents: [
      consent({ ...withdrawn, partnerId: 'par_carrier', statedAt: '2025-01-01T00:00:00.000Z' }),
      consent(),
    ],
    to: ['par_carrier', 'par_wholesaler'],
  },
  { consents: [consent({ purpose: 'SERVICE' }), consent({ purpose: 'MARKETING' })], to: [] },
];

const anyEvent = fc
  .record({
    type: fc.constantFrom(...eventTypes),
    via: fc.constantFrom({}, { via: 'IMPORT' }),
    changed: fc.subarray(['name', 'address', 'identities', 'ownerId', 'attributes']),
  })
  .map(({ type, via, changed }) => {
    const event = eventOf(type, via);
    return type === 'crm.customer.updated.v1'
      ? ({ ...event, data: { ...event.data, changedFields: changed } } as ShareableEnvelope)
      : event;
  });

/** Whether the agreement, read by itself, lets the event out. */
function letsOut(
  { events, fields, endedAt, validFrom, validUntil }: SharingAgreement,
  event: ShareableEnvelope,
) {
  const present = Date.parse('2026-11-22T12:00:00.000Z');
  if (endedAt || present < Date.parse(validFrom) || present >= Date.parse(validUntil)) return false;
  if (!events.includes(event.type)) return false;
  if (!('changedFields' in event.data)) return true;
  const about: Record<string, RegExp> = {
    name: /^customer\.name$/,
    address: /^customer\.address\.(lines|city|region|postalCode|country)$/,
    identities: /^customer\.(emails|phones|externalIds)$/,
  };
  return event.data.changedFields.some((changed) => fields.some((field) => about[changed]?.test(field)));
}

const leavesOf = (value: unknown): unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value).flatMap(leavesOf) : [value];

test('the fields that may leave are those of the catalogue', () => {
  expect(Object.keys(values)).toEqual(Object.keys(shareableFields));
});

test('nothing leaves but what agreement and consent let out, whatever the records hold', async () => {
  let left = 0;
  let kept = 0;
  const leftFields = new Set<string>();

  await fc.assert(
    fc.asyncProperty(
      anyFacts,
      fc.uniqueArray(anyAgreement, { maxLength: 3, selector: ({ id }) => id }),
      fc.constantFrom(...sayings),
      anyEvent,
      async (facts, agreements, { consents, to }, event) => {
        const { tools, sent, records } = sharingWorld({
          agreements,
          consents,
          facts: facts as unknown as SharedFacts,
        });

        await share(tools, [event]);

        const expected = agreements.filter((one) => letsOut(one, event) && to.includes(one.partnerId));
        expect(sent.map(({ event }) => event.agreement.id)).toEqual(expected.map(({ id }) => id));
        expect([...records.keys()]).toEqual(sent.map(({ event }) => event.id));
        for (const [index, { event: out, partnerId }] of sent.entries()) {
          const { fields, id, version, purpose } = expected[index] ?? agreement();
          const listed = fields.filter((field) => Object.hasOwn(values, field));
          const known = tools.references(partnerId, 'cus_1', event.subject);
          const allowed = new Set([
            ...['1.0', 'fidelia/demo', shareableEvents[event.type].sharedAs],
            ...[`shr_${id}_${event.id}`, event.time, event.sequence],
            ...[id, version, purpose, known.customer, known.subject],
            ...listed.flatMap((field) => leavesOf(values[field]?.(facts))),
          ]);
          const leaks = (what: object) => leavesOf(what).filter((leaf) => !allowed.has(leaf as never));
          expect(leaks(out)).toEqual([]);
          // The check itself sees what leaks.
          expect(leaks({ ...out, customer: facts.customer })).not.toEqual([]);
          for (const field of records.get(out.id)?.fields ?? []) leftFields.add(field);
          left++;
        }
        kept += agreements.length - sent.length;
      },
    ),
    { numRuns: 3000 },
  );

  expect(left).toBeGreaterThan(300);
  expect(kept).toBeGreaterThan(300);
  expect([...leftFields].sort()).toEqual(Object.keys(values).sort());
});

/** A change of the tools that ought to be noticed. */
type Mutation = (tools: Tools) => Tools;

const facts = {
  customer: { name: 'Ada', identities: [], language: 'en' },
  order: { total: { amount: '1.00', currency: 'GBP' } },
} as unknown as SharedFacts;

/**
 * Two events are delivered several times while reads, records and calls of the bus fail and interleave, the agreement
 * changes and consent is withdrawn. What failed is delivered again until it is done.
 */
async function live(
  scheduler: fc.Scheduler,
  faults: readonly boolean[],
  repeats: readonly number[],
  withdraws: boolean,
  mutate: Mutation,
) {
  const { world, tools, records, sent } = sharingWorld({
    agreements: [agreement()],
    consents: [consent()],
    facts,
  });
  const early: string[] = [];
  const wrong: string[] = [];
  let step = 0;
  const later =
    <A extends unknown[], R>(act: (...args: A) => Promise<R>, failsAfter = false) =>
    async (...args: A): Promise<R> => {
      await scheduler.schedule(Promise.resolve());
      const fails = faults[step++] ?? false;
      if (fails && !failsAfter) throw new Error('It broke');
      const answer = await act(...args);
      if (fails) throw new Error('It broke afterwards');
      return answer;
    };
  const observed: Tools = {
    ...tools,
    send: async (events) => {
      for (const { event } of events) {
        const record = records.get(event.id);
        if (!record) early.push(event.id);
        else if (record.agreementVersion !== event.agreement.version) wrong.push('version');
        if (event.data.customer?.language && !record?.fields.includes('customer.language'))
          wrong.push('field');
      }
      await tools.send(events);
    },
  };
  const mutated = mutate(observed);
  const used: Tools = {
    ...mutated,
    agreements: later(mutated.agreements),
    consents: later(mutated.consents),
    record: later(mutated.record, true),
    send: later(mutated.send, true),
  };
  const deliver = async (id: string): Promise<void> => {
    try {
      await share(used, [eventOf('crm.order.placed.v1', { id })]);
    } catch {
      await deliver(id);
    }
  };
  const changes = async () => {
    await scheduler.schedule(Promise.resolve());
    world.agreements = [agreement({ version: 2, fields: ['customer.name', 'customer.language'] })];
    await scheduler.schedule(Promise.resolve());
    if (withdraws) world.consents = [consent(withdrawn)];
  };
  const deliveries = ['evt_1', 'evt_2', ...repeats.map((n) => `evt_${n}`)];
  await scheduler.waitFor(Promise.all([changes(), ...deliveries.map(deliver)]));
  const before = sent.length;
  for (const id of deliveries) await share(mutated, [eventOf('crm.order.placed.v1', { id })]);
  return { records, sent, early, wrong, afterwards: sent.length - before };
}

const sound = (mutate: Mutation) =>
  fc.asyncProperty(
    fc.scheduler(),
    fc.array(fc.boolean(), { maxLength: 12 }),
    fc.array(fc.constantFrom(1, 2), { maxLength: 4 }),
    fc.boolean(),
    async (scheduler, faults, repeats, withdraws) => {
      const seen = await live(scheduler, faults, repeats, withdraws, mutate);

      expect(seen.early).toEqual([]);
      expect(seen.wrong).toEqual([]);
      const ids = new Set(seen.sent.map(({ event }) => event.id));
      expect([...ids].filter((id) => !seen.records.has(id))).toEqual([]);
      expect(ids.size).toBeLessThanOrEqual(2);
      if (withdraws) expect(seen.afterwards).toBe(0);
      else expect(ids).toEqual(new Set(['shr_agr_1_evt_1', 'shr_agr_1_evt_2']));
    },
  );

describe('sharing', () => {
  test('records each share once and before it leaves, and ends with consent, however deliveries fail and interleave', async () => {
    await fc.assert(
      sound((tools) => tools),
      { numRuns: 1000 },
    );
  });

  const mutants: readonly (readonly [string, Mutation])[] = [
    ['did not record', (tools) => ({ ...tools, record: async (share) => share })],
    [
      'forgot what an earlier attempt recorded',
      (tools) => ({
        ...tools,
        record: async (share) => {
          await tools.record(share);
          return share;
        },
      }),
    ],
    [
      'made a new id for each delivery',
      (tools) => {
        let made = 0;
        return { ...tools, shareId: () => `shr_${made++}` };
      },
    ],
    ['remembered consent', (tools) => ({ ...tools, consents: async () => [consent()] })],
    ['took what the bus refuses for sent', (tools) => ({ ...tools, send: async () => {} })],
  ];

  test.each(mutants)('would be caught if it %s', async (_, mutate) => {
    const outcome = await fc.check(sound(mutate), { numRuns: 500, endOnFailure: true });

    expect(outcome.failed).toBe(true);
  });
});
