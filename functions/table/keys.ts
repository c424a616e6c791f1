/** The partition of all that belongs to one customer: an index of electrodb puts its item there. */
export const customerPartition = {
  field: 'pk',
  composite: ['tenant', 'customerId'],
  template: '${tenant}#${customerId}',
  // electrodb lower-cases keys otherwise, and ids would no longer be theirs.
  casing: 'none',
} as const;
