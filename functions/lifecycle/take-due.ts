import type { Score } from '../../domain/insights/score.ts';
import { logger } from '../runtime/logger.ts';
import { type Occasion, settle, type Tools } from '../scoring/settle.ts';

/** A beat of the schedule. Its time is the clock, however late it is handled. */
export interface Tick {
  readonly id: string;
  /** In UTC, with milliseconds. */
  readonly time: string;
}

/** Customers of a shard to whom something falls due, earliest first; `next` where there are more. */
export interface DuePage {
  readonly customerIds: readonly string[];
  readonly next?: string;
}

/** What the due run reads and writes. */
export interface DueTools extends Tools {
  readonly shards: readonly string[];
  /** Whom something falls due to until the moment, that included. Perhaps a moment old: the score decides. */
  readonly due: (shard: string, until: string, after?: string) => Promise<DuePage>;
}

/**
 * Tells of every customer what has become of stage and thresholds until the time of the tick. What there is no time
 * left for is found by the next tick, and so is a customer on whom it failed; the others do not wait for that one.
 *
 * @throws Error when it failed on a customer.
 */
export async function takeDue(tools: DueTools, tick: Tick, hasTime: () => boolean): Promise<void> {
  const failed = await Promise.all(tools.shards.map((shard) => takeShard(tools, shard, tick, hasTime)));
  const count = failed.reduce((sum, one) => sum + one, 0);
  if (count > 0) throw new Error(`What was due of ${count} customers could not be told: see the log`);
}

/** @returns on how many customers it failed. */
async function takeShard(
  tools: DueTools,
  shard: string,
  tick: Tick,
  hasTime: () => boolean,
): Promise<number> {
  let failed = 0;
  let after: string | undefined;
  do {
    const { customerIds, next } = await tools.due(shard, tick.time, after);
    for (const customerId of customerIds) {
      if (!hasTime()) return failed;
      try {
        await takeCustomer(tools, customerId, tick);
      } catch (error) {
        logger.error('What was due of a customer could not be told', { customerId, error: error as Error });
        failed++;
      }
    }
    after = next;
  } while (after);
  return failed;
}

/** Tells what fell due to one customer, each at the moment it did, so that it does not depend on how ticks fall. */
export async function takeCustomer(tools: Tools, customerId: string, tick: Tick): Promise<void> {
  const occasionOf = ({ nextDueAt }: Score): Occasion | undefined => {
    if (nextDueAt === undefined || nextDueAt > tick.time) return undefined;
    const { id } = tools.cause();
    const about = {
      actor: 'fn_lifecycle',
      reason: 'lifecycle',
      correlationId: tick.id,
      causationId: tick.id,
    };
    return { clock: nextDueAt, cause: { id, at: tick.time, ...about } };
  };
  let score: Score | undefined;
  do score = await settle(tools, customerId, [], occasionOf);
  while (score && occasionOf(score));
}
