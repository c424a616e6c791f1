import { type Cause, type Change, stamp } from '../../domain/change.ts';
import type { DomainEvent } from '../../domain/events.ts';
import {
  type Bucket,
  type BucketKind,
  type InteractionFact,
  interactionsBucket,
  type OrderFact,
  ordersBucket,
} from '../../domain/insights/bucket.ts';
import {
  later,
  losesSale,
  replaceBucket,
  type Score,
  saysTheSame,
  withLatestSales,
} from '../../domain/insights/score.ts';
import { newsOf, type ScoringPolicy, told } from '../../domain/insights/standing.ts';

/** A part of a customer's history that is counted as one. */
export interface Period {
  readonly kind: BucketKind;
  readonly period: string;
}

/** What scoring reads and writes; all reads see every write answered before them. */
export interface Tools {
  readonly policy: ScoringPolicy;
  readonly score: (customerId: string) => Promise<Score>;
  readonly buckets: (customerId: string, periods: readonly Period[]) => Promise<Bucket[]>;
  /** The periods that were counted under another policy. */
  readonly outdated: (customerId: string, policy: string) => Promise<Period[]>;
  readonly interactionFacts: (customerId: string, day: string) => Promise<InteractionFact[]>;
  readonly orderFacts: (customerId: string, month: string) => Promise<OrderFact[]>;
  /** The buckets of all months in which there were sales. */
  readonly salesBuckets: (customerId: string) => Promise<Bucket[]>;
  /** Writes only if the score still has the version before; false when it has not. Without a change it is no news. */
  readonly write: (score: Score, changed: readonly Bucket[], change?: Change) => Promise<boolean>;
  readonly cause: () => Pick<Cause, 'id' | 'at'>;
}

/** Why a score is settled, and at which clock stage and thresholds are judged. */
export interface Occasion {
  readonly cause: Cause;
  readonly clock: string;
}

const mostAttempts = 20;

/** Of outdated periods in one write: a transaction has at most 100 items. */
const mostRecounted = 80;

/**
 * Brings the score of one customer up to date with the touched periods and the clock, and tells what became of it: what
 * counts is what the table holds, so that repeated, late and simultaneous calls end the same. The clock never goes
 * back: nothing is judged at an earlier one than was told last.
 *
 * When the tenant's policy has changed since, all periods are counted again under the new one, some in each write;
 * stage and thresholds are told when all are.
 *
 * @param occasionOf says why, of the score as it is; undefined when there is nothing to do
 * @returns the score as it is now; undefined when there was nothing to do.
 * @throws Error when others kept changing the score.
 */
export async function settle(
  tools: Tools,
  customerId: string,
  touched: readonly Period[],
  occasionOf: (score: Score) => Occasion | undefined,
): Promise<Score | undefined> {
  for (let attempt = 1; attempt <= mostAttempts; attempt++) {
    const score = await tools.score(customerId);
    const occasion = occasionOf(score);
    if (!occasion) return undefined;

    const outdated = await outdatedOf(score, tools);
    const periods = unique([...touched, ...outdated.slice(0, mostRecounted)]);
    const { wanted, buckets, isNewer } = await recount(tools, score, periods);
    const same = outdated.length === 0 && saysTheSame(score, wanted);
    // Of whom nothing is known, nothing is told: the facts may have been erased since.
    if (same && score.version === 0) return score;
    const isKept = same && !isNewer;
    const { recounting: _done, ...counted } = isKept ? score : wanted;
    const clock = later(occasion.clock, score.evaluatedAt);
    const version = score.version + 1;
    const next: Score =
      outdated.length > mostRecounted
        ? { ...counted, recounting: true, version }
        : told({ ...counted, version }, clock, tools.policy);

    const { cause } = occasion;
    const changed: DomainEvent = {
      type: 'crm.score.changed.v1',
      subject: customerId,
      sequence: version,
      data: { customerId, at: cause.at },
    };
    const events = [...(same ? [] : [changed]), ...newsOf(score, next, tools.policy.thresholds)];
    if (events.length === 0 && isKept && next.nextDueAt === score.nextDueAt) return score;
    const change = events.length > 0 ? stamp(cause, ...events) : undefined;
    if (await tools.write(next, isKept ? [] : buckets, change)) {
      return next.recounting ? settle(tools, customerId, touched, occasionOf) : next;
    }
  }
  throw new Error(`The score of ${customerId} changed ${mostAttempts} times while it was computed`);
}

/** Periods, each once. */
export function unique(periods: readonly Period[]): Period[] {
  return [...new Map(periods.map((period) => [`${period.kind} ${period.period}`, period])).values()];
}

async function outdatedOf(score: Score, { policy, outdated }: Tools): Promise<Period[]> {
  const { key } = policy.engagement;
  const upToDate = score.version === 0 || (score.policy === key && !score.recounting);
  return upToDate || key === undefined ? [] : outdated(score.customerId, key);
}

interface Recount {
  readonly wanted: Score;
  readonly buckets: Bucket[];
  /**
   * Whether a bucket is of newer facts than the one that is there. It is then written though it may say the same: who read
   * an order before it was cancelled, and would write later, is refused only by a write in between.
   */
  readonly isNewer: boolean;
}

/** The score and the buckets of these periods as the facts have them. */
async function recount(tools: Tools, score: Score, periods: readonly Period[]): Promise<Recount> {
  const [before, buckets] = await Promise.all([
    tools.buckets(score.customerId, periods),
    Promise.all(periods.map((period) => rebuild(tools, score.customerId, period))),
  ]);
  const { halfLifeDays } = tools.policy.engagement;
  let [wanted, isSaleLost] = [score, false];
  for (const [i, bucket] of buckets.entries()) {
    const next = replaceBucket(wanted, before[i] ?? bucket, bucket, halfLifeDays);
    isSaleLost ||= losesSale(wanted, next);
    wanted = next;
  }
  const isNewer = buckets.some(({ revision = 0 }, i) => revision !== (before[i]?.revision ?? 0));
  if (!isSaleLost) return { wanted, buckets, isNewer };
  const isRebuilt = ({ kind, period }: Period) =>
    buckets.some((bucket) => bucket.kind === kind && bucket.period === period);
  const others = (await tools.salesBuckets(score.customerId)).filter((bucket) => !isRebuilt(bucket));
  return { wanted: withLatestSales(wanted, [...others, ...buckets]), buckets, isNewer };
}

async function rebuild(tools: Tools, customerId: string, { kind, period }: Period): Promise<Bucket> {
  const { engagement, currency } = tools.policy;
  return kind === 'interactions'
    ? interactionsBucket(customerId, period, await tools.interactionFacts(customerId, period), engagement)
    : ordersBucket(
        customerId,
        period,
        await tools.orderFacts(customerId, period),
        engagement,
        currency.reporting,
      );
}
