/** How a fact came into the CRM: as it happened, or later from another system. */
export const vias = ['API', 'IMPORT'] as const;
export type Via = (typeof vias)[number];
