import { describe, expect, test } from 'vitest';
import type { CustomerEvent } from '../events.ts';
import type { NotificationRule } from './notification-rule.ts';
import { rulesSetOff } from './rule-matching.ts';

const order = (more: object = {}, data: object = {}) =>
  ({
    type: 'crm.order.placed.v1',
    actor: 'usr_ada',
    data: { customerId: 'cus_1', kind: 'SALE', currency: 'GBP', lineCount: 3, ...data },
    ...more,
  }) as unknown as CustomerEvent;

const rule = (more: Partial<NotificationRule> = {}): NotificationRule => ({
  name: 'order',
  on: 'crm.order.placed.v1',
  to: 'OWNER',
  by: ['IN_APP'],
  template: 'order',
  ...more,
});

const setOff = (one: NotificationRule, event: CustomerEvent) => rulesSetOff([one], event).length === 1;

describe('a rule', () => {
  test('is set off by its event, and by no other', () => {
    expect(setOff(rule(), order())).toBe(true);
    expect(setOff(rule({ on: 'crm.customer.created.v1' }), order())).toBe(false);
  });

  test.each<[string, NonNullable<NotificationRule['where']>, boolean]>([
    ['no field', {}, true],
    ['one of the values', { kind: ['RETURN', 'SALE'] }, true],
    ['another value', { kind: ['RETURN'] }, false],
    ['all fields', { kind: ['SALE'], currency: ['GBP'] }, true],
    ['only one of two fields', { kind: ['SALE'], currency: ['EUR'] }, false],
    ['a number, written as a text', { lineCount: ['3'] }, true],
    ['a field that the event does not have', { channel: ['undefined'] }, false],
    ['what every object has', { constructor: [String(Object)] }, false],
    ['no value at all', { kind: [] }, false],
  ])('asks in `where` for %s', (_, where, expected) => {
    expect(setOff(rule({ where }), order())).toBe(expected);
  });

  test.each(['OWNER', 'TEAM', 'CUSTOMER'] as const)(
    'towards %s minds imported facts only if it says so',
    (to) => {
      expect(setOff(rule({ to }), order({ via: 'IMPORT' }))).toBe(false);
      expect(setOff(rule({ to, imported: false }), order({ via: 'IMPORT' }))).toBe(false);
      expect(setOff(rule({ to, imported: true }), order({ via: 'IMPORT' }))).toBe(true);
      expect(setOff(rule({ to, imported: true }), order({ via: 'API' }))).toBe(true);
    },
  );

  test('is not set off by what notification itself caused', () => {
    expect(setOff(rule(), order({ actor: 'fn_notification' }))).toBe(false);
  });
});
