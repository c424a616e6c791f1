/** How long notifications and messages to colleagues are kept, in seconds: 180 days. */
const keptSeconds = 180 * 24 * 60 * 60;

/** When what came about at a moment is no longer kept, in seconds since 1970, as TTL reads it. */
export const expiresAtOf = (instant: string): number => Math.floor(Date.parse(instant) / 1000) + keptSeconds;

/**
 * Whether an item's time is over. TTL deletes late
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html): until then it is there and does not count.
 */
export const isExpired = ({ expiresAt }: Readonly<Record<string, unknown>>): boolean =>
  expiresAt !== undefined && Number(expiresAt) * 1000 < Date.now();
