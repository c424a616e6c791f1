import type { Wanted } from './event-pattern.ts';

/** The events that concern one customer: rules of a tenant can be on them, and subscribers of the customer hear of them. */
export const customerEvents = [
  'crm.customer.created.v1',
  'crm.customer.updated.v1',
  'crm.consent.recorded.v1',
  'crm.interaction.logged.v1',
  'crm.order.placed.v1',
  'crm.order.changed.v1',
  'crm.score.changed.v1',
  'crm.customer.stage-changed.v1',
  'crm.score.threshold-crossed.v1',
] as const;

/** Those of them that may be shared with partners. */
export const shareableEvents = [
  'crm.customer.created.v1',
  'crm.customer.updated.v1',
  'crm.interaction.logged.v1',
  'crm.order.placed.v1',
  'crm.order.changed.v1',
  'crm.customer.stage-changed.v1',
] as const satisfies (typeof customerEvents)[number][];

/** Those after which a score may be another: of an order that changed, only that it counts no more, or again. */
export const scoredEvents: readonly Wanted[] = [
  { on: 'crm.interaction.logged.v1' },
  { on: 'crm.order.placed.v1' },
  { on: 'crm.order.changed.v1', where: { state: ['CANCELLED'] } },
  { on: 'crm.order.changed.v1', where: { previousState: ['CANCELLED'] } },
];
