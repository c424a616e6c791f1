import { dayMs } from './engagement.ts';

/** Where a customer stands in the life cycle. */
export const stages = ['PROSPECT', 'FIRST_TIME', 'ACTIVE', 'LAPSING', 'LAPSED', 'WON_BACK'] as const;
export type Stage = (typeof stages)[number];

/** How long a tenant waits for the next sale. */
export interface LifecyclePolicy {
  /** Days without a sale after which a customer is lapsing. */
  readonly lapsingAfterDays: number;
  /** Days without a sale after which a customer has lapsed; more than the other. */
  readonly lapsedAfterDays: number;
}

/** What of a customer's sales the stage depends on; returns are none. */
export interface Sales {
  readonly frequency: number;
  readonly lastOrderAt?: string;
  /** The sale before the last, perhaps at the same moment. */
  readonly previousOrderAt?: string;
}

/**
 * The stage at a moment: it follows from the two latest sales and the clock alone, so that the order in which sales
 * become known does not count. A sale ahead of `now` (at most a day) is not long ago.
 */
export function stageAt(sales: Sales, now: string, policy: LifecyclePolicy): Stage {
  const { frequency, lastOrderAt, previousOrderAt } = sales;
  if (lastOrderAt === undefined) return 'PROSPECT';
  const { lapsing, lapsed } = endsOf(lastOrderAt, policy);
  if (now >= lapsed) return 'LAPSED';
  if (now >= lapsing) return 'LAPSING';
  if (previousOrderAt === undefined) return frequency > 1 ? 'ACTIVE' : 'FIRST_TIME';
  const gapMs = Date.parse(lastOrderAt) - Date.parse(previousOrderAt);
  return gapMs >= policy.lapsedAfterDays * dayMs ? 'WON_BACK' : 'ACTIVE';
}

/** The moment at which the stage of `now` ends by time alone; undefined when it does not. */
export function stageEndsAt(
  { lastOrderAt }: Sales,
  now: string,
  policy: LifecyclePolicy,
): string | undefined {
  if (lastOrderAt === undefined) return undefined;
  const { lapsing, lapsed } = endsOf(lastOrderAt, policy);
  return [lapsing, lapsed].find((end) => now < end);
}

/** The first milliseconds at which more than the days of the policy have passed since the last sale. */
function endsOf(lastOrderAt: string, { lapsingAfterDays, lapsedAfterDays }: LifecyclePolicy) {
  const after = (days: number) =>
    new Date(Math.floor(Date.parse(lastOrderAt) + days * dayMs) + 1).toISOString();
  return { lapsing: after(lapsingAfterDays), lapsed: after(lapsedAfterDays) };
}
