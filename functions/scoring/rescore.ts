import { type Cause, type Change, stamp } from '../../domain/change.ts';
import type { CustomerEvent } from '../../domain/events.ts';
import {
  type Bucket,
  type BucketKind,
  type InteractionFact,
  interactionsBucket,
  type OrderFact,
  ordersBucket,
  periodOf,
} from '../../domain/insights/bucket.ts';
import type { EngagementPolicy } from '../../domain/insights/engagement.ts';
import { replaceBucket, type Score, saysTheSame } from '../../domain/insights/score.ts';

/** A part of a customer's history that is counted as one. */
export interface Period {
  readonly kind: BucketKind;
  readonly period: string;
}

/** What rescoring reads and writes; all reads see every write answered before them. */
export interface Tools {
  readonly policy: EngagementPolicy;
  readonly score: (customerId: string) => Promise<Score>;
  readonly buckets: (customerId: string, periods: readonly Period[]) => Promise<Bucket[]>;
  /** The periods that were counted under another policy. */
  readonly outdated: (customerId: string, policy: string) => Promise<Period[]>;
  readonly interactionFacts: (customerId: string, day: string) => Promise<InteractionFact[]>;
  readonly orderFacts: (customerId: string, month: string) => Promise<OrderFact[]>;
  /** Writes only if the score still has the version before; false when it has not. */
  readonly write: (score: Score, changed: readonly Bucket[], change: Change) => Promise<boolean>;
  readonly cause: () => Pick<Cause, 'id' | 'at'>;
}

const mostAttempts = 20;

/** Of outdated periods in one write: a transaction has at most 100 items. */
const mostRecounted = 80;

/**
 * Brings the score of one customer up to date with the periods that the events fall in. The events only say where to
 * look: what counts is what the table holds, so that repeated, reordered and simultaneous deliveries end the same.
 *
 * When the tenant's policy has changed since, all periods are counted again under the new one, some in each write.
 *
 * @throws Error when other deliveries kept changing the score; the events are then delivered again.
 */
export async function rescore(tools: Tools, events: readonly CustomerEvent[]): Promise<void> {
  const [first] = events;
  if (!first) return;
  const { customerId } = first.data;
  const touched = periodsOf(events);
  if (touched.length === 0) return;

  for (let attempt = 1; attempt <= mostAttempts; attempt++) {
    const score = await tools.score(customerId);
    const outdated = await outdatedOf(score, tools);
    const periods = unique([...touched, ...outdated.slice(0, mostRecounted)]);
    const recounting = outdated.length > mostRecounted;
    const [before, after] = await Promise.all([
      tools.buckets(customerId, periods),
      Promise.all(periods.map((period) => rebuild(tools, customerId, period))),
    ]);
    const halfLife = tools.policy.halfLifeDays;
    const wanted = after.reduce(
      (sum, bucket, i) => replaceBucket(sum, before[i] ?? bucket, bucket, halfLife),
      score,
    );
    if (outdated.length === 0 && saysTheSame(score, wanted)) return;

    const { recounting: _done, ...counted } = wanted;
    const next = { ...counted, ...(recounting ? { recounting } : {}), version: score.version + 1 };
    const cause = { ...tools.cause(), actor: 'fn_scoring', reason: 'scoring', causationId: first.id };
    const change = stamp(
      { ...cause, correlationId: first.correlationId },
      {
        type: 'crm.score.changed.v1',
        subject: customerId,
        sequence: next.version,
        data: { customerId, at: cause.at },
      },
    );
    if (await tools.write(next, after, change)) return recounting ? rescore(tools, events) : undefined;
  }
  throw new Error(`The score of ${customerId} changed ${mostAttempts} times while it was computed`);
}

/** The periods that the events fall in, each once. */
export function periodsOf(events: readonly CustomerEvent[]): Period[] {
  const periods = events.flatMap((event): Period[] => {
    if (event.type === 'crm.interaction.logged.v1' && 'occurredAt' in event.data) {
      return [{ kind: 'interactions', period: periodOf('interactions', event.data.occurredAt) }];
    }
    if (event.type === 'crm.order.placed.v1' && 'placedAt' in event.data) {
      return [{ kind: 'orders', period: periodOf('orders', event.data.placedAt) }];
    }
    return [];
  });
  return unique(periods);
}

async function outdatedOf(score: Score, { policy, outdated }: Tools): Promise<Period[]> {
  const upToDate = score.version === 0 || (score.policy === policy.key && !score.recounting);
  return upToDate || policy.key === undefined ? [] : outdated(score.customerId, policy.key);
}

function unique(periods: readonly Period[]): Period[] {
  return [...new Map(periods.map((period) => [`${period.kind} ${period.period}`, period])).values()];
}

async function rebuild(tools: Tools, customerId: string, { kind, period }: Period): Promise<Bucket> {
  return kind === 'interactions'
    ? interactionsBucket(customerId, period, await tools.interactionFacts(customerId, period), tools.policy)
    : ordersBucket(customerId, period, await tools.orderFacts(customerId, period), tools.policy);
}
