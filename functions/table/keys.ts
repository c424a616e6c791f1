/** The partition of all that belongs to one customer: an index of electrodb puts its item there. */
export const customerPartition = {
  field: 'pk',
  composite: ['tenant', 'customerId'],
  template: '${tenant}#${customerId}',
  // electrodb lower-cases keys otherwise, and ids would no longer be theirs.
  casing: 'none',
} as const;

/** The partition of a thing by itself, under its id. */
export const ownPartition = {
  field: 'pk',
  composite: ['tenant', 'id'],
  template: '${tenant}#${id}',
  casing: 'none',
} as const;

/** The partition of who was told something: a customer's own, or a user's. */
export const recipientPartition = {
  field: 'pk',
  composite: ['tenant', 'recipientId'],
  template: '${tenant}#${recipientId}',
  casing: 'none',
} as const;
