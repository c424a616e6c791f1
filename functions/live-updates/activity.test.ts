import { expect, test } from 'vitest';
import type { CustomerEvent } from '../../domain/events.ts';
import { activityOf } from './activity.ts';

const envelope = {
  specversion: '1.0',
  id: 'chg_1-0',
  source: 'fidelia',
  time: '2026-11-22T12:00:00.000Z',
  tenant: 'demo',
  sequence: 3,
  actor: 'usr_ada',
  correlationId: 'req_1',
} as const;
const customerId = 'cus_1';

const events: readonly CustomerEvent[] = [
  {
    ...envelope,
    type: 'crm.customer.created.v1',
    subject: customerId,
    data: { customerId, kind: 'PERSON' },
  },
  {
    ...envelope,
    type: 'crm.customer.updated.v1',
    subject: customerId,
    data: { customerId, changedFields: ['name'] },
  },
  {
    ...envelope,
    type: 'crm.consent.recorded.v1',
    subject: 'con_1',
    data: {
      consentId: 'con_1',
      customerId,
      purpose: 'SERVICE',
      state: 'GRANTED',
      statedAt: '2026-11-20T09:00:00.000Z',
    },
  },
  {
    ...envelope,
    type: 'crm.interaction.logged.v1',
    subject: 'int_1',
    data: {
      interactionId: 'int_1',
      customerId,
      channel: 'PHONE',
      direction: 'INBOUND',
      occurredAt: '2026-11-20T09:00:00.000Z',
    },
  },
  {
    ...envelope,
    type: 'crm.order.placed.v1',
    subject: 'ord_1',
    data: {
      orderId: 'ord_1',
      customerId,
      kind: 'SALE',
      placedAt: '2026-11-19T09:00:00.000Z',
      amount: '10.00',
      currency: 'GBP',
      lineCount: 1,
    },
  },
  {
    ...envelope,
    type: 'crm.order.changed.v1',
    subject: 'ord_1',
    data: {
      orderId: 'ord_1',
      customerId,
      kind: 'SALE',
      placedAt: '2026-11-19T09:00:00.000Z',
      amount: '10.00',
      currency: 'GBP',
      lineCount: 1,
      state: 'FULFILLED',
      previousState: 'OPEN',
    },
  },
  {
    ...envelope,
    type: 'crm.score.changed.v1',
    subject: customerId,
    data: { customerId, at: '2026-11-22T11:00:00.000Z' },
  },
];

const untouched = { channel: null, direction: null, occurredAt: envelope.time };
const told = [
  { id: 'cus_1', kind: 'CUSTOMER_CREATED', ...untouched },
  { id: 'cus_1', kind: 'CUSTOMER_UPDATED', ...untouched },
  { id: 'con_1', kind: 'CONSENT_RECORDED', ...untouched },
  {
    id: 'int_1',
    kind: 'INTERACTION_LOGGED',
    channel: 'PHONE',
    direction: 'INBOUND',
    occurredAt: '2026-11-20T09:00:00.000Z',
  },
  { id: 'ord_1', kind: 'ORDER_PLACED', ...untouched, occurredAt: '2026-11-19T09:00:00.000Z' },
  { id: 'ord_1', kind: 'ORDER_CHANGED', ...untouched },
  { id: 'cus_1', kind: 'SCORE_CHANGED', ...untouched },
];

test.each(events.map((event, index) => ({ event, expected: told[index] })))(
  'of $event.type tells that it happened and what to fetch, and nothing else',
  ({ event, expected }) => {
    expect(activityOf(event)).toEqual({ ...expected, customerId, version: 3, accessChanged: false });
  },
);

test.each(['ownerId', 'team'])('a change of %s may change who reads the customer', (field) => {
  const event: CustomerEvent = {
    ...envelope,
    type: 'crm.customer.updated.v1',
    subject: customerId,
    data: { customerId, changedFields: ['name', field] },
  };

  expect(activityOf(event)).toMatchObject({ kind: 'CUSTOMER_UPDATED', accessChanged: true });
});
