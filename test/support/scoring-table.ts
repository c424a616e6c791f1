import type { Change } from '../../domain/change.ts';
import type { CustomerEvent } from '../../domain/events.ts';
import {
  type Bucket,
  emptyBucket,
  type InteractionFact,
  type OrderFact,
  periodOf,
} from '../../domain/insights/bucket.ts';
import { emptyScore, type Score } from '../../domain/insights/score.ts';
import type { ScoringPolicy } from '../../domain/insights/standing.ts';
import type { DueTools } from '../../functions/lifecycle/take-due.ts';
import type { Period } from '../../functions/scoring/settle.ts';
import { now } from './domain.ts';
import type { Fact } from './facts.ts';

/** What scoring needs of a table, in memory: every read sees all writes before it, a write is all or nothing. */
export function scoringTable() {
  const facts = new Map<string, Fact[]>();
  const scores = new Map<string, Score>();
  const buckets = new Map<string, Bucket>();
  const changes: Change[] = [];
  let refused = 0;

  const keyOf = (customerId: string, { kind, period }: Period) => `${customerId} ${kind} ${period}`;
  const scoreOf = (customerId: string) => scores.get(customerId) ?? emptyScore(customerId);

  function overwrite(score: Score, changed: readonly Bucket[], change?: Change): boolean {
    if (change) changes.push(change);
    scores.set(score.customerId, score);
    for (const bucket of changed) buckets.set(keyOf(score.customerId, bucket), bucket);
    return true;
  }

  /** The interactions of a day, less the last `missing` facts of the customer. */
  const interactionsBut = (missing: number, customerId: string, day: string): InteractionFact[] =>
    known(missing, customerId).flatMap((one) =>
      one.kind === 'interaction' && periodOf('interactions', one.fact.occurredAt) === day ? [one.fact] : [],
    );
  /** The orders of a month, less the last `missing` facts of the customer. */
  const ordersBut = (missing: number, customerId: string, month: string): OrderFact[] =>
    known(missing, customerId).flatMap((one) =>
      one.kind === 'order' && periodOf('orders', one.fact.placedAt) === month ? [one.fact] : [],
    );
  const known = (missing: number, customerId: string) => {
    const all = facts.get(customerId) ?? [];
    return all.slice(0, all.length - missing);
  };

  const tools = (policy: ScoringPolicy, clock = now): DueTools => ({
    policy,
    score: async (customerId) => scoreOf(customerId),
    buckets: async (customerId, periods) =>
      periods.map(
        (period) =>
          buckets.get(keyOf(customerId, period)) ?? emptyBucket(customerId, period.kind, period.period),
      ),
    salesBuckets: async (customerId) =>
      [...buckets.values()].filter((bucket) => bucket.customerId === customerId && bucket.sales > 0),
    outdated: async (customerId, policy) =>
      [...buckets.values()].filter((bucket) => bucket.customerId === customerId && bucket.policy !== policy),
    interactionFacts: async (customerId, day) => interactionsBut(0, customerId, day),
    orderFacts: async (customerId, month) => ordersBut(0, customerId, month),
    write: async (score, changed, change) => {
      if (scoreOf(score.customerId).version === score.version - 1) return overwrite(score, changed, change);
      refused++;
      return false;
    },
    cause: () => ({ id: 'chg_1', at: clock }),
    shards: ['00', '01'],
    due: async (shard, until) => ({
      customerIds: [...scores.values()]
        .filter(({ customerId, nextDueAt = '~' }) => shardOf(customerId) === shard && nextDueAt <= until)
        .map(({ customerId }) => customerId),
    }),
  });

  return {
    tools,
    scoreOf,
    overwrite,
    interactionsBut,
    ordersBut,
    /** Adds a fact, before its event is delivered for the first time. */
    record: (customerId: string, fact: Fact) => {
      facts.set(customerId, [...(facts.get(customerId) ?? []), fact]);
    },
    /** Puts a fact in the place of another, before its event is delivered for the first time. */
    replace: (customerId: string, before: Fact, after: Fact) => {
      facts.set(
        customerId,
        (facts.get(customerId) ?? []).map((one) => (one === before ? after : one)),
      );
    },
    /** What was told of a customer, in the order of the writes. */
    toldOf: (customerId: string) =>
      changes.flatMap(({ events }) => events).filter(({ subject }) => subject === customerId),
    /** The stamps of all writes that were news. */
    changes: (): readonly Change[] => changes,
    /** How many writes came too late. */
    refusedWrites: () => refused,
  };
}

const shardOf = (customerId: string) => (customerId === 'cus_1' ? '00' : '01');

export type ScoringTable = ReturnType<typeof scoringTable>;

/** The event of a fact, as the bus carries it. */
export function eventOf(
  { customerId, fact: one }: { readonly customerId: string; readonly fact: Fact },
  index: number,
): CustomerEvent {
  const envelope = {
    specversion: '1.0',
    id: `evt_${index}`,
    source: 'fidelia',
    time: '2026-11-22T12:00:00.000Z',
    tenant: 'demo',
    sequence: 1,
    actor: 'usr_ada',
    correlationId: `req_${index}`,
  } as const;
  if (one.kind === 'interaction') {
    const data = { interactionId: `int_${index}`, customerId, ...one.fact };
    return { ...envelope, type: 'crm.interaction.logged.v1', subject: data.interactionId, data };
  }
  const data = orderDataOf(customerId, one.fact, index);
  return { ...envelope, type: 'crm.order.placed.v1', subject: data.orderId, data };
}

/** The event that tells that an order was cancelled; of a contact, that it was logged. */
export function cancellationOf(happened: Parameters<typeof eventOf>[0], index: number): CustomerEvent {
  const placed = eventOf(happened, index);
  if (happened.fact.kind === 'interaction') return placed;
  const data = orderDataOf(happened.customerId, happened.fact.fact, index);
  return {
    ...placed,
    id: `${placed.id}-cancelled`,
    sequence: 2,
    type: 'crm.order.changed.v1',
    data: { ...data, state: 'CANCELLED', previousState: 'OPEN' },
  };
}

const orderDataOf = (customerId: string, { kind, placedAt, total }: OrderFact, index: number) => ({
  orderId: `ord_${index}`,
  customerId,
  kind,
  placedAt,
  ...total,
  lineCount: 1,
});
