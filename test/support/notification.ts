import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { CustomerEvent } from '../../domain/events.ts';
import type { MessageTemplate, NotificationRule } from '../../domain/team/notification-rule.ts';
import { loadTenant } from '../../infra/tenant.ts';
import { configOf } from '../../infra/tenant-config.ts';
import { startEnvironment } from './api.ts';
import { startSenders } from './senders.ts';

/** Who works for the firm of the suite. */
const users = [
  {
    sub: 'nora',
    username: 'nora',
    name: 'Nora North',
    email: 'nora@demo.example',
    phone: '+441632960900',
    teams: ['north'],
  },
  { sub: 'ned', username: 'ned', email: 'ned@demo.example', teams: ['north'] },
  { sub: 'gone', username: 'gone', email: 'gone@demo.example', enabled: false, teams: ['north'] },
];

const rules: readonly NotificationRule[] = [
  {
    name: 'contact',
    on: 'crm.interaction.logged.v1',
    where: { direction: ['INBOUND'] },
    to: 'OWNER',
    by: ['IN_APP', 'EMAIL', 'SMS'],
    template: 'contact',
  },
  {
    name: 'team',
    on: 'crm.score.threshold-crossed.v1',
    to: 'TEAM',
    by: ['IN_APP', 'EMAIL'],
    template: 'contact',
  },
  {
    name: 'order',
    on: 'crm.order.placed.v1',
    to: 'CUSTOMER',
    by: ['EMAIL', 'SMS'],
    template: 'order',
    purpose: 'SERVICE',
  },
  {
    name: 'win-back',
    on: 'crm.customer.stage-changed.v1',
    to: 'CUSTOMER',
    by: ['EMAIL', 'SMS'],
    template: 'win-back',
    purpose: 'MARKETING',
  },
  { name: 'broken', on: 'crm.customer.updated.v1', to: 'OWNER', by: ['EMAIL'], template: 'broken' },
  { name: 'fine', on: 'crm.customer.updated.v1', to: 'OWNER', by: ['IN_APP'], template: 'contact' },
  { name: 'purposeless', on: 'crm.customer.created.v1', to: 'CUSTOMER', by: ['EMAIL'], template: 'order' },
];

const templates: Readonly<Record<string, Readonly<Record<string, MessageTemplate>>>> = {
  contact: {
    en: { title: '{{ customer.name }} got in touch', text: 'Hello {{ colleague.name }}' },
    it: { title: '{{ customer.name }} ci ha contattati', text: 'Buongiorno {{ colleague.name }}' },
  },
  order: {
    en: { title: 'Your order', text: 'Over {{ event.amount }}', html: '<p>{{ customer.name }}</p>' },
    it: { title: 'Il suo ordine', text: 'Di {{ event.amount }}' },
  },
  'win-back': { en: { title: 'Come back', text: 'We miss you', html: '<body><p>We miss you</p></body>' } },
  broken: { en: { title: 'x', text: '{{ customer.name | nofilter }}' } },
};

/** The notification function of a firm of its own, over tables, senders and a user pool of its own. */
export async function startNotification() {
  const aws = await startEnvironment();
  const senders = await startSenders(users);
  const file = join(mkdtempSync(join(tmpdir(), 'fidelia-config-')), 'tenant.json');
  const config = configOf(loadTenant('demo')) as { readonly notifications: object };
  writeFileSync(
    file,
    JSON.stringify({ ...config, notifications: { ...config.notifications, rules, templates } }),
  );
  Object.assign(process.env, senders.environment, { TENANT_CONFIG_FILE: file });
  const { handler } = await import('../../functions/notification/handler.ts');
  const { addCustomer } = await import('../../functions/table/customers.ts');
  const { addConsent } = await import('../../functions/table/consents.ts');
  const { consentIdFor } = await import('../../functions/table/ids.ts');
  const { createCustomer } = await import('../../domain/customers/customer.ts');
  const { recordConsent } = await import('../../domain/customers/consent.ts');
  let made = 0;

  const causeOf = (at = new Date().toISOString()) => ({
    id: `chg_${made++}`,
    at,
    actor: 'usr_nora',
    reason: 'test',
    correlationId: 'req_1',
  });

  return {
    aws,
    senders,
    /** Adds a customer of Nora and the north, with an address on both channels unless told otherwise. */
    customer: async (fields: object = {}) => {
      const id = `cus_${String(made++).padStart(26, '0')}`;
      const identities = [
        { kind: 'EMAIL', value: `ada${made}@example.com` },
        { kind: 'PHONE', value: `+4416329600${String(made).padStart(2, '0')}` },
      ];
      const command = { kind: 'PERSON', name: 'Ada Byron', identities, ...fields } as never;
      const owner = { ownerId: 'usr_nora', team: 'north' };
      const { customer, change } = createCustomer(id, command, owner, causeOf());
      return addCustomer(customer, change, id);
    },
    /** Records what a customer says about a purpose. */
    consent: async (customerId: string, purpose: string, state: 'GRANTED' | 'WITHDRAWN' = 'GRANTED') => {
      const statedAt = new Date(Date.UTC(2026, 0, 1) + 1000 * made++).toISOString();
      const id = consentIdFor(customerId, statedAt, { caller: 'usr_nora' });
      const command = { customerId, purpose, state, statedAt } as never;
      const { consent, change } = recordConsent(id, command, causeOf());
      await addConsent(consent, change, id);
    },
    /** An event about a customer; `more` is of its envelope. */
    event: (type: CustomerEvent['type'], customerId: string, data: object = {}, more: object = {}) =>
      ({
        specversion: '1.0',
        id: `evt_${made++}`,
        source: 'fidelia',
        type,
        time: '2026-11-22T12:00:00.000Z',
        subject: customerId,
        tenant: 'demo',
        sequence: 1,
        actor: 'usr_ned',
        correlationId: 'req_1',
        data: { customerId, ...data },
        ...more,
      }) as unknown as CustomerEvent,
    /** Delivers events in one batch, as the queue does; `more` is of the body beside the event. */
    deliver: (events: readonly CustomerEvent[], more: object = {}): Promise<SQSBatchResponse> => {
      const Records = events.map((detail, n) => ({
        messageId: `${n}`,
        body: JSON.stringify({ detail, ...more }),
      }));
      return handler({ Records } as unknown as SQSEvent);
    },
    /** All items whose sort key starts so, without keys and marks of the storage. */
    stored: (prefix: 'message#' | 'notification#') =>
      aws
        .items()
        .filter(({ sk }) => sk?.S?.startsWith(prefix))
        .map((item) => unmarshall(item) as Record<string, unknown>),
    close: async () => {
      senders.close();
      await aws.close();
    },
  };
}
