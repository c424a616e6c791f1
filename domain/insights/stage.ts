/** Where a customer stands in the life cycle. */
export const stages = ['PROSPECT', 'FIRST_TIME', 'ACTIVE', 'LAPSING', 'LAPSED', 'WON_BACK'] as const;
export type Stage = (typeof stages)[number];
