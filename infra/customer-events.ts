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
