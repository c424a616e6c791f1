import type { CustomerEvent, CustomerEventType } from '../../domain/events.ts';
import type { ActivityKind, CustomerActivityInput } from '../../graphql/generated/types.ts';

const kinds: Readonly<Record<CustomerEventType, ActivityKind>> = {
  'crm.customer.created.v1': 'CUSTOMER_CREATED',
  'crm.customer.updated.v1': 'CUSTOMER_UPDATED',
  'crm.consent.recorded.v1': 'CONSENT_RECORDED',
  'crm.interaction.logged.v1': 'INTERACTION_LOGGED',
  'crm.order.placed.v1': 'ORDER_PLACED',
  'crm.order.changed.v1': 'ORDER_CHANGED',
  'crm.score.changed.v1': 'SCORE_CHANGED',
  'crm.customer.stage-changed.v1': 'STAGE_CHANGED',
  'crm.score.threshold-crossed.v1': 'THRESHOLD_CROSSED',
};

/** The fields that decide who may read a customer. */
const readersDependOn: ReadonlySet<string> = new Set(['ownerId', 'team']);

/** What subscribers are told of an event: that it happened, and what to fetch; nothing personal. */
export function activityOf(event: CustomerEvent): CustomerActivityInput {
  const { data } = event;
  return {
    id: event.subject,
    customerId: data.customerId,
    kind: kinds[event.type],
    channel: 'channel' in data ? (data.channel ?? null) : null,
    direction: 'direction' in data ? data.direction : null,
    occurredAt: occurredAtOf(event),
    version: event.sequence,
    accessChanged: 'changedFields' in data && data.changedFields.some((field) => readersDependOn.has(field)),
  };
}

/** When a contact took place, when an order was placed, and else when it was recorded. */
function occurredAtOf({ type, data, time }: CustomerEvent): string {
  if ('occurredAt' in data) return data.occurredAt;
  return type === 'crm.order.placed.v1' && 'placedAt' in data ? data.placedAt : time;
}
