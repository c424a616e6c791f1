import { describe, expect, test } from 'vitest';
import { cause, now, refusalOf } from '../../test/support/domain.ts';
import type { Envelope, EventType } from '../events.ts';
import {
  covers,
  createAgreement,
  endAgreement,
  fieldsFor,
  isInForce,
  type SharingAgreement,
  updateAgreement,
} from './agreement.ts';
import { checkCreateAgreement, checkUpdateAgreement } from './agreement-input.ts';
import { shareableEvents, shareableFields } from './shareable.ts';

const input = {
  partnerId: 'par_carrier',
  purpose: 'delivery of ordered goods',
  events: ['crm.order.placed.v1'],
  fields: ['customer.name', 'customer.address.country', 'order.total'],
  validFrom: '2026-01-01T00:00:00Z',
  validUntil: '2027-01-01T00:00:00Z',
};
const partners = ['par_carrier', 'par_wholesaler'];
const create = (changes: object = {}) =>
  createAgreement('agr_1', checkCreateAgreement({ ...input, ...changes }, now), partners, cause);
const update = (current: SharingAgreement, changes: object) =>
  updateAgreement(current, checkUpdateAgreement({ id: current.id, ...changes }), cause);
const { agreement } = create();

describe('an agreement to make', () => {
  test('is version 1, and says that it was made', () => {
    const { agreement, change } = create();

    expect(agreement).toEqual({
      ...input,
      id: 'agr_1',
      validFrom: '2026-01-01T00:00:00.000Z',
      validUntil: '2027-01-01T00:00:00.000Z',
      createdAt: now,
      updatedAt: now,
      updatedBy: 'usr_ada',
      version: 1,
    });
    expect(change.events).toEqual([
      {
        type: 'crm.agreement.changed.v1',
        subject: 'agr_1',
        sequence: 1,
        data: { agreementId: 'agr_1', partnerId: 'par_carrier', version: 1, change: 'CREATED' },
      },
    ]);
  });

  test('holds from now on when it names no other moment', () => {
    expect(create({ validFrom: null }).agreement.validFrom).toBe(now);
  });

  test('names each event and field once', () => {
    const { fields } = create({ fields: ['order.total', 'customer.name', 'order.total'] }).agreement;

    expect(fields).toEqual(['order.total', 'customer.name']);
  });

  test.each([
    [{ partnerId: 'par_nobody' }, 'PARTNER.NOT_FOUND', 'par_carrier, par_wholesaler'],
    [{ events: [] }, 'INPUT.INVALID', 'events: must name at least one'],
    [{ fields: [] }, 'INPUT.INVALID', 'fields: must name at least one'],
    [{ purpose: ' ' }, 'INPUT.INVALID', 'purpose'],
    [{ purpose: 'x'.repeat(257) }, 'INPUT.INVALID', 'at most 256'],
    [{ validUntil: input.validFrom }, 'INPUT.INVALID', 'is not after validFrom'],
    [{ validUntil: '2025-12-31T00:00:00Z' }, 'INPUT.INVALID', 'is not after validFrom'],
    [{ validUntil: '9999-12-31T23:59:59-01:00' }, 'INPUT.INVALID', 'after the year 9999'],
    [{ validUntil: 'next year' }, 'INPUT.INVALID', 'is not a time'],
  ])('is refused with %j', (changes, code, message) => {
    const refusal = refusalOf(() => create(changes));

    expect(refusal.code).toBe(code);
    expect(refusal.message).toContain(message);
  });

  test.each([
    ['fields', 'customer.nmae', 'customer.name'],
    ['fields', 'Order.Total', 'order.total'],
    ['fields', 'customer.addres.country', 'customer.address.country'],
    ['events', 'crm.order.place.v1', 'crm.order.placed.v1'],
  ])('is refused with %s that cannot be shared, and says what was meant: %s', (list, wrong, meant) => {
    const refusal = refusalOf(() => create({ [list]: [...input[list as 'fields'], wrong] }));

    expect(refusal.message).toContain(`did you mean "${meant}"`);
    for (const name of Object.keys(list === 'fields' ? shareableFields : shareableEvents)) {
      expect(refusal.message).toContain(name);
    }
    expect(refusal.info).toMatchObject({ value: wrong, meant });
  });

  test.each(['interaction.body', 'customer.ownerId', 'customer', 'customer.id', 'constructor', '__proto__'])(
    'is refused with the field %s, which never leaves',
    (field) => {
      expect(refusalOf(() => create({ fields: [field] })).code).toBe('INPUT.INVALID');
    },
  );

  test.each<EventType>(['crm.score.changed.v1', 'crm.consent.recorded.v1', 'crm.agreement.changed.v1'])(
    'is refused with the event %s, which never leaves',
    (event) => {
      expect(refusalOf(() => create({ events: [event] })).code).toBe('INPUT.INVALID');
    },
  );
});

describe('a change of an agreement', () => {
  test('is the next version; what it does not name stays', () => {
    const changed = update(agreement, { purpose: 'returns', expectedVersion: 1 });

    expect(changed?.agreement).toEqual({ ...agreement, purpose: 'returns', version: 2 });
    expect(changed?.change.events[0]).toMatchObject({ sequence: 2, data: { change: 'UPDATED', version: 2 } });
  });

  test('that differs in nothing is none', () => {
    expect(update(agreement, { fields: input.fields, purpose: null })).toBeUndefined();
  });

  test.each([
    [{ expectedVersion: 2 }, 'AGREEMENT.VERSION_STALE'],
    [{ fields: ['interaction.body'] }, 'INPUT.INVALID'],
    [{ validUntil: '2025-01-01T00:00:00Z' }, 'INPUT.INVALID'],
    [{ validFrom: '2028-01-01T00:00:00Z' }, 'INPUT.INVALID'],
  ])('is refused with %j', (changes, code) => {
    expect(refusalOf(() => update(agreement, changes)).code).toBe(code);
  });
});

describe('an agreement that is ended', () => {
  const ended = endAgreement(agreement, cause);

  test('is the next version, and says when', () => {
    expect(ended?.agreement).toEqual({ ...agreement, endedAt: now, version: 2 });
    expect(ended?.change.events[0]).toMatchObject({ data: { change: 'ENDED', version: 2 } });
  });

  test('stays as it is', () => {
    const last = ended?.agreement ?? agreement;

    expect(endAgreement(last, cause)).toBeUndefined();
    expect(refusalOf(() => update(last, { purpose: 'another' }))).toMatchObject({
      code: 'AGREEMENT.ENDED',
      info: { endedAt: now },
    });
  });
});

const eventOf = (type: EventType, data: object = {}) => ({ type, data }) as Envelope;

test.each([
  ['2025-12-31T23:59:59.999Z', false],
  ['2026-01-01T00:00:00.000Z', true],
  ['2026-12-31T23:59:59.999Z', true],
  ['2027-01-01T00:00:00.000Z', false],
])('at %s it is in force: %s', (moment, inForce) => {
  expect(isInForce(agreement, moment)).toBe(inForce);
  expect(covers(agreement, eventOf('crm.order.placed.v1'), moment)).toBe(inForce);
  expect(isInForce({ ...agreement, endedAt: now }, moment)).toBe(false);
});

describe('an agreement covers', () => {
  test('the events that it lists, and no others', () => {
    expect(covers(agreement, eventOf('crm.order.placed.v1'), now)).toBe(true);
    expect(covers(agreement, eventOf('crm.interaction.logged.v1'), now)).toBe(false);
    const odd = { ...agreement, events: ['crm.score.changed.v1', 'constructor'] as never };
    expect(covers(odd, eventOf('crm.score.changed.v1'), now)).toBe(false);
    expect(covers(odd, eventOf('constructor' as never), now)).toBe(false);
  });

  test.each([
    [['name'], true],
    [['ownerId', 'address'], true],
    [['ownerId', 'team', 'attributes'], false],
    [['identities'], false],
    [[], false],
  ])('an update of %j: %s', (changedFields, covered) => {
    const updates = { ...agreement, events: ['crm.customer.updated.v1' as const] };

    expect(covers(updates, eventOf('crm.customer.updated.v1', { changedFields }), now)).toBe(covered);
  });
});

test('of its fields an event has those of its own records', () => {
  const all = { ...agreement, fields: Object.keys(shareableFields) };
  const recordsOf = (type: EventType) => [
    ...new Set(fieldsFor(all, eventOf(type)).map((field) => field.split('.')[0])),
  ];

  expect(recordsOf('crm.order.placed.v1')).toEqual(['customer', 'order']);
  expect(recordsOf('crm.interaction.logged.v1')).toEqual(['customer', 'interaction']);
  expect(recordsOf('crm.customer.stage-changed.v1')).toEqual(['customer']);
  expect(recordsOf('crm.score.changed.v1')).toEqual([]);
});
