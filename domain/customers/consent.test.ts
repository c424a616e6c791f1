import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cause, now, refusalOf } from '../../test/support/domain.ts';
import { channels } from '../interactions/channel.ts';
import {
  type Consent,
  type ConsentScope,
  consentStates,
  inForceAfter,
  isGranted,
  mostConsents,
  recordConsent,
} from './consent.ts';
import { checkRecordConsent } from './consent-input.ts';

const stated = (fields: Partial<Consent> = {}): Consent => ({
  id: 'con_1',
  customerId: 'cus_1',
  purpose: 'MARKETING',
  state: 'GRANTED',
  basis: 'CONSENT',
  statedAt: '2026-11-01T00:00:00.000Z',
  recordedAt: now,
  recordedBy: 'usr_ada',
  via: 'API',
  version: 1,
  ...fields,
});
const withdrawn = (fields: Partial<Consent> = {}) =>
  stated({ state: 'WITHDRAWN', basis: undefined, ...fields });
const earlier = '2026-10-01T00:00:00.000Z';
const later = '2026-11-02T00:00:00.000Z';
const allOf = (statements: readonly Consent[]) => statements.reduce(inForceAfter, [] as readonly Consent[]);

describe('recordConsent', () => {
  test('records the statement, and says so without its proof', () => {
    const input = { customerId: 'cus_1', purpose: 'MARKETING', channel: 'EMAIL', state: 'GRANTED' };
    const command = checkRecordConsent({ ...input, basis: 'CONSENT', proof: 'form 7' }, now);

    const { consent, change } = recordConsent('con_1', command, cause);

    expect(consent).toEqual({
      ...stated({ channel: 'EMAIL', proof: 'form 7', statedAt: now }),
    });
    expect(change).toEqual({
      ...cause,
      events: [
        {
          type: 'crm.consent.recorded.v1',
          subject: 'con_1',
          sequence: 1,
          data: { consentId: 'con_1', ...input, statedAt: now },
        },
      ],
    });
  });

  test('says of what was imported that it was', () => {
    const input = { customerId: 'cus_1', purpose: 'ANALYTICS', state: 'WITHDRAWN', via: 'IMPORT' };

    const { consent, change } = recordConsent('con_1', checkRecordConsent(input, now), cause);

    expect([consent.via, change.via]).toEqual(['IMPORT', 'IMPORT']);
  });
});

describe('isGranted', () => {
  test('denies what nobody ever stated', () => {
    expect(isGranted([], { purpose: 'MARKETING' })).toBe(false);
    expect(isGranted([stated()], { purpose: 'SERVICE' })).toBe(false);
  });

  test('takes a statement for all channels for each of them, and one for a channel for no other', () => {
    expect(isGranted([stated()], { purpose: 'MARKETING', channel: 'SMS' })).toBe(true);
    expect(isGranted([stated({ channel: 'EMAIL' })], { purpose: 'MARKETING', channel: 'SMS' })).toBe(false);
    expect(isGranted([stated({ channel: 'EMAIL' })], { purpose: 'MARKETING' })).toBe(false);
  });

  test('takes a statement for all partners for each of them, and one for a partner for no other', () => {
    const [all, one] = [
      stated({ purpose: 'SHARING' }),
      stated({ purpose: 'SHARING', partnerId: 'par_carrier' }),
    ];

    expect(isGranted([all], { purpose: 'SHARING', partnerId: 'par_carrier' })).toBe(true);
    expect(isGranted([one], { purpose: 'SHARING', partnerId: 'par_carrier' })).toBe(true);
    expect(isGranted([one], { purpose: 'SHARING', partnerId: 'par_wholesaler' })).toBe(false);
  });

  test('lets a later general withdrawal end a grant of one channel, and a later grant of one channel stand', () => {
    const email = { purpose: 'MARKETING', channel: 'EMAIL' } as const;

    expect(isGranted([stated(email), withdrawn({ statedAt: later })], email)).toBe(false);
    expect(isGranted([stated(email), withdrawn({ statedAt: earlier })], email)).toBe(true);
  });

  test('lets a withdrawal win at the same moment', () => {
    expect(
      isGranted([withdrawn(), stated({ channel: 'EMAIL' })], { purpose: 'MARKETING', channel: 'EMAIL' }),
    ).toBe(false);
  });
});

describe('inForceAfter', () => {
  test('lets a statement that comes late change nothing', () => {
    const present = [withdrawn()];

    expect(inForceAfter(present, stated({ id: 'con_2', statedAt: earlier }))).toBe(present);
    expect(inForceAfter(present, withdrawn())).toBe(present);
  });

  test(`holds ${mostConsents} consents and refuses one of a further scope, but never a later one of the same`, () => {
    const partners = Array.from({ length: mostConsents }, (_, n) =>
      stated({ purpose: 'SHARING', partnerId: `par_${n}` }),
    );
    const full = allOf(partners);

    expect(full).toHaveLength(mostConsents);
    expect(refusalOf(() => inForceAfter(full, stated()))).toMatchObject({
      code: 'CUSTOMER.CONSENT_LIMIT',
      info: { customerId: 'cus_1', value: mostConsents },
    });
    const ended = inForceAfter(full, withdrawn({ purpose: 'SHARING', partnerId: 'par_7', statedAt: later }));
    expect(isGranted(ended, { purpose: 'SHARING', partnerId: 'par_7' })).toBe(false);
  });

  const scope: fc.Arbitrary<ConsentScope> = fc.oneof(
    fc.record({
      purpose: fc.constantFrom('MARKETING' as const, 'SERVICE' as const),
      channel: fc.constantFrom(undefined, ...channels.slice(0, 2)),
    }),
    fc.record({
      purpose: fc.constant('SHARING' as const),
      partnerId: fc.constantFrom(undefined, 'par_a', 'par_b'),
    }),
  );
  const statements = fc
    .array(
      fc.record({
        scope,
        state: fc.constantFrom(...consentStates),
        day: fc.integer({ min: 1, max: 4 }),
      }),
      { maxLength: 12 },
    )
    .map((list) =>
      list.map(({ scope, state, day }, n) =>
        stated({ ...scope, id: `con_${n}`, state, statedAt: `2026-11-0${day}T00:00:00.000Z` }),
      ),
    );
  const shuffled = statements.chain((list) =>
    fc.tuple(
      fc.constant(list),
      fc.shuffledSubarray([...list, ...list], { minLength: 2 * list.length, maxLength: 2 * list.length }),
    ),
  );

  test('comes to the same in whatever order statements are recorded, and however often', () => {
    const inOrderOfIds = (list: readonly Consent[]) => list.toSorted((a, b) => (a.id < b.id ? -1 : 1));

    fc.assert(
      fc.property(shuffled, ([list, again]) => {
        expect(inOrderOfIds(allOf(again))).toEqual(inOrderOfIds(allOf(list)));
      }),
    );
  });

  test('keeps what decides: of all statements that cover the question, the latest, and a withdrawal before a grant', () => {
    fc.assert(
      fc.property(statements, scope, (list, asked) => {
        const covering = list.filter(
          (one) =>
            one.purpose === asked.purpose &&
            [undefined, asked.channel].includes(one.channel) &&
            [undefined, asked.partnerId].includes(one.partnerId),
        );
        const latest = covering
          .map((one) => one.statedAt)
          .sort()
          .at(-1);
        const decisive = covering.filter((one) => one.statedAt === latest);

        const expected = decisive.length > 0 && decisive.every((one) => one.state === 'GRANTED');
        expect(isGranted(allOf(list), asked)).toBe(expected);
      }),
    );
  });
});
