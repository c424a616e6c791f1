import { add, subtract } from '../money.ts';
import { type Bucket, startOf } from './bucket.ts';
import { type Decaying, decay } from './engagement.ts';

/** What a customer's behaviour amounts to. */
export interface Score {
  readonly customerId: string;
  /** Decayed at read. Absent until there is a fact with points. */
  readonly engagement?: Decaying;
  /** When the last sale was placed (recency). */
  readonly lastOrderAt?: string;
  /** Number of sales (frequency). */
  readonly frequency: number;
  /** Sales less returns, by currency (monetary value). */
  readonly monetary: Readonly<Record<string, string>>;
  /** The policy under which the engagement was counted. */
  readonly policy?: string;
  /** True while there are periods that were counted under another policy only. */
  readonly recounting?: boolean;
  readonly version: number;
}

/** The score of a customer of whom nothing is known. */
export function emptyScore(customerId: string): Score {
  return { customerId, frequency: 0, monetary: {}, version: 0 };
}

/**
 * The score after a bucket was rebuilt: what the bucket said before goes out, what it says now comes in. Each bucket
 * is counted as it was last written together with the score, so nothing is counted twice and nothing is left out.
 *
 * Points that were counted under another policy than the bucket's are dropped: those of the score as a whole, those of
 * the bucket's past since they are in no score of this policy.
 */
export function replaceBucket(score: Score, before: Bucket, after: Bucket, halfLifeDays: number): Score {
  const monetary = { ...score.monetary };
  for (const [currency, amount] of Object.entries(before.monetary)) {
    monetary[currency] = subtract(currency, monetary[currency] ?? '0', amount);
  }
  for (const [currency, amount] of Object.entries(after.monetary)) {
    monetary[currency] = add(currency, monetary[currency] ?? '0', amount);
  }
  const { engagement: counted, policy, ...rest } = score;
  const samePolicy = policy === after.policy;
  const engagement = replaceWeight(samePolicy ? counted : undefined, before, after, halfLifeDays);
  const lastOrderAt = later(score.lastOrderAt, after.lastSaleAt);
  return {
    ...rest,
    ...(after.policy === undefined ? {} : { policy: after.policy }),
    ...(engagement ? { engagement } : {}),
    ...(lastOrderAt ? { lastOrderAt } : {}),
    frequency: score.frequency - before.sales + after.sales,
    monetary,
  };
}

/** Whether two scores say the same; the version does not count, nor do differences below a millionth of a point. */
export function saysTheSame(a: Score, b: Score): boolean {
  return (
    a.engagement?.at === b.engagement?.at &&
    Math.abs((a.engagement?.value ?? 0) - (b.engagement?.value ?? 0)) < 1e-6 &&
    a.lastOrderAt === b.lastOrderAt &&
    a.frequency === b.frequency &&
    JSON.stringify(Object.entries(a.monetary).sort()) === JSON.stringify(Object.entries(b.monetary).sort())
  );
}

function replaceWeight(
  engagement: Decaying | undefined,
  before: Bucket,
  after: Bucket,
  halfLifeDays: number,
): Decaying | undefined {
  const at = later(engagement?.at, after.lastAt);
  if (!at) return undefined;
  const carried = engagement ? decay(engagement.value, engagement.at, at, halfLifeDays) : 0;
  const countedBefore = before.policy === after.policy ? before.weight : 0;
  const value = carried + decay(after.weight - countedBefore, startOf(after.period), at, halfLifeDays);
  return { at, value };
}

function later(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a > b ? a : b;
}
