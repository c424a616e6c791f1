/** The ways a contact can take. */
export const channels = [
  'PHONE',
  'EMAIL',
  'LETTER',
  'SMS',
  'LIVE_CHAT',
  'FORUM',
  'SOCIAL',
  'WEB',
  'MAILING',
  'IN_STORE',
] as const;
export type Channel = (typeof channels)[number];

/** From the customer to the firm, or from the firm to the customer. */
export const directions = ['INBOUND', 'OUTBOUND'] as const;
export type Direction = (typeof directions)[number];
