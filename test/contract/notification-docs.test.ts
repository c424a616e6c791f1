import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { CustomerEvent } from '../../domain/events.ts';
import type { MessageTemplate, NotificationRule } from '../../domain/team/notification-rule.ts';
import { rulesSetOff } from '../../domain/team/rule-matching.ts';
import { templateWriter } from '../../functions/notification/templates.ts';
import { parseTenant } from '../../infra/tenant.ts';

const guide = readFileSync('docs/notifications.md', 'utf8');
const [, example = ''] = /```json\n(.*?)```/s.exec(guide) ?? [];
const [, letter = ''] = /```text\n(.*?)```/s.exec(guide) ?? [];

interface Notifications {
  readonly rules: readonly NotificationRule[];
  readonly templates: Readonly<Record<string, Readonly<Record<string, MessageTemplate>>>>;
}

test('the example of the guide is one that a tenant file may have', () => {
  const demo = JSON.parse(readFileSync('infra/tenants/demo.json', 'utf8'));
  const file = JSON.stringify({ ...demo, notifications: JSON.parse(example) });

  expect(() => parseTenant('infra/tenants/demo.json', file)).not.toThrow();
});

test('the example of the guide says what the guide shows', () => {
  const { rules, templates } = JSON.parse(example) as Notifications;
  const placedAt = '2026-06-30T23:30:00.000Z';
  const data = { customerId: 'cus_1', kind: 'SALE', placedAt, amount: '25.00', currency: 'GBP' };
  const event = { type: 'crm.order.placed.v1', actor: 'usr_ada', data } as unknown as CustomerEvent;

  const [rule] = rulesSetOff(rules, event);
  const write = templateWriter({ templates, language: 'en', timeZone: 'Europe/London' });
  const { title, text } = write(rule?.template ?? '', undefined, {
    event: data,
    customer: { kind: 'PERSON', name: 'Ada Byron', givenName: 'Ada' },
    firm: { title: 'Demo Gifts' },
  });

  expect(`${title}\n\n${text}\n`).toBe(letter);
});
