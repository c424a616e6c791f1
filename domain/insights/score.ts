import { add, type Money, subtract } from '../money.ts';
import { type Bucket, latestTwo, periodOf, startOf } from './bucket.ts';
import { type Decaying, decay } from './engagement.ts';
import type { Stage } from './stage.ts';

/** What a customer's behaviour amounts to. */
export interface Score {
  readonly customerId: string;
  /** Decayed at read. Absent until there is a fact with points. */
  readonly engagement?: Decaying;
  /** When the last sale was placed (recency). */
  readonly lastOrderAt?: string;
  /** When the sale before the last was placed, perhaps at the same moment. */
  readonly previousOrderAt?: string;
  /** Number of sales (frequency). */
  readonly frequency: number;
  /** Sales less returns, by currency (monetary value). */
  readonly monetary: Readonly<Record<string, string>>;
  /** The same in the tenant's reporting currency. Absent until an order was counted in it. */
  readonly reporting?: Money;
  /** The policy under which the engagement was counted. */
  readonly policy?: string;
  /** True while there are periods that were counted under another policy only. */
  readonly recounting?: boolean;
  /** The stage that was told last. */
  readonly stage?: Stage;
  /** The thresholds above which engagement was told to stand, sorted. */
  readonly above?: readonly string[];
  /** When time alone changes stage or thresholds next; absent when it never does. */
  readonly nextDueAt?: string;
  /** The clock under which stage and thresholds were told last. It never goes back. */
  readonly evaluatedAt?: string;
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
  const { engagement: counted, policy, lastOrderAt: _last, previousOrderAt: _previous, ...rest } = score;
  const samePolicy = policy === after.policy;
  const engagement = replaceWeight(samePolicy ? counted : undefined, before, after, halfLifeDays);
  const reporting = replaceReporting(score.reporting, before.reporting, after.reporting);
  return {
    ...rest,
    ...(after.policy === undefined ? {} : { policy: after.policy }),
    ...(engagement ? { engagement } : {}),
    ...replaceSales(score, after),
    ...(reporting ? { reporting } : {}),
    frequency: score.frequency - before.sales + after.sales,
    monetary,
  };
}

/**
 * Whether one of the two latest sales of a score is none any more, since its order was cancelled: an earlier one, which
 * neither the score nor the rebuilt bucket need know, has then taken its place.
 */
export function losesSale(before: Score, after: Score): boolean {
  return (
    before.previousOrderAt !== undefined &&
    (after.previousOrderAt === undefined || after.previousOrderAt < before.previousOrderAt)
  );
}

/** The score with the two latest sales of all buckets of orders of the customer. */
export function withLatestSales(score: Score, buckets: readonly Bucket[]): Score {
  const { lastOrderAt: _last, previousOrderAt: _previous, ...rest } = score;
  return { ...rest, ...latestSales(buckets.flatMap(momentsOfSales)) };
}

/**
 * Whether two scores say the same of what happened; the version does not count, nor what was told of it, nor do
 * differences below a millionth of a point.
 */
export function saysTheSame(a: Score, b: Score): boolean {
  return (
    a.engagement?.at === b.engagement?.at &&
    Math.abs((a.engagement?.value ?? 0) - (b.engagement?.value ?? 0)) < 1e-6 &&
    a.lastOrderAt === b.lastOrderAt &&
    a.previousOrderAt === b.previousOrderAt &&
    a.reporting?.amount === b.reporting?.amount &&
    a.reporting?.currency === b.reporting?.currency &&
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
  // What is left of a sum when all its parts were taken out again is no debt.
  return { at, value: Math.max(0, value) };
}

/** The two latest sales of all periods: those that the score knows of other periods, and those of this one. */
function replaceSales({ lastOrderAt, previousOrderAt }: Score, after: Bucket): LatestSales {
  const known = [lastOrderAt, previousOrderAt].filter((at) => at !== undefined);
  const others = known.filter((at) => periodOf('orders', at) !== after.period);
  return latestSales([...others, ...momentsOfSales(after)]);
}

type LatestSales = Pick<Score, 'lastOrderAt' | 'previousOrderAt'>;

function latestSales(moments: readonly string[]): LatestSales {
  const [lastOrderAt, previousOrderAt] = latestTwo(moments);
  return { ...(lastOrderAt ? { lastOrderAt } : {}), ...(previousOrderAt ? { previousOrderAt } : {}) };
}

const momentsOfSales = ({ lastSaleAt, previousSaleAt }: Bucket): string[] =>
  [lastSaleAt, previousSaleAt].filter((at) => at !== undefined);

/** Only sums of the bucket's currency count: those of another were counted before the tenant changed to this one. */
function replaceReporting(
  sum: Money | undefined,
  before: Money | undefined,
  after: Money | undefined,
): Money | undefined {
  if (!after) return sum;
  const { currency } = after;
  const amountOf = (money: Money | undefined) => (money?.currency === currency ? money.amount : '0');
  return {
    amount: subtract(currency, add(currency, amountOf(sum), after.amount), amountOf(before)),
    currency,
  };
}

/** The later of two moments. */
export function later(a: string, b: string | undefined): string;
export function later(a: string | undefined, b: string | undefined): string | undefined;
export function later(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a > b ? a : b;
}
