import { apiGrants } from './grants.ts';

/** The functions that a queue feeds, by the names of their folders. */
export const consumerNames = [
  'lifecycle',
  'live-updates',
  'mail-events',
  'notification',
  'partner-sharing',
  'scoring',
] as const;

export type ConsumerName = (typeof consumerNames)[number];

/** All functions of a tenant, by the names of their folders: those of the API, the consumers, and the other two. */
export const functionNames: readonly string[] = [
  ...Object.keys(apiGrants),
  ...consumerNames,
  'relay',
  'unsubscribe',
];
