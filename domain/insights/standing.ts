import type { DomainEvent } from '../events.ts';
import type { EngagementPolicy } from './engagement.ts';
import type { Score } from './score.ts';
import { type LifecyclePolicy, type Stage, stageAt, stageEndsAt } from './stage.ts';
import { aboveAt, fallsAt, type Thresholds } from './threshold.ts';

/** How a tenant judges what customers do. */
export interface ScoringPolicy {
  readonly engagement: EngagementPolicy;
  readonly lifecycle: LifecyclePolicy;
  readonly thresholds: Thresholds;
  /** The currency, by its code of ISO 4217, in which sums over all currencies are kept. */
  readonly currency: { readonly reporting: string };
}

/** Where a customer stands at a moment. */
export interface Standing {
  readonly stage: Stage;
  /** Names of the thresholds above which engagement stands, sorted. */
  readonly above: readonly string[];
  /** The earliest moment at which time alone changes this; absent when it never does. Later than the moment itself. */
  readonly nextDueAt?: string;
}

/** Where a customer of this score stands at `now`, if nothing more happens. */
export function standingAt(score: Score, now: string, policy: ScoringPolicy): Standing {
  const { engagement } = score;
  const above = aboveAt(engagement, now, policy.thresholds, policy.engagement);
  const falls = above.flatMap((name) => {
    const threshold = policy.thresholds[name];
    return engagement && threshold ? [fallsAt(engagement, threshold, policy.engagement)] : [];
  });
  const stageEnd = stageEndsAt(score, now, policy.lifecycle);
  const [nextDueAt] = [...falls, ...(stageEnd ? [stageEnd] : [])].sort();
  return { stage: stageAt(score, now, policy.lifecycle), above, ...(nextDueAt ? { nextDueAt } : {}) };
}

/** The score with the standing at `clock` as what is told. */
export function told(score: Score, clock: string, policy: ScoringPolicy): Score {
  const { nextDueAt: _due, ...rest } = score;
  return { ...rest, ...standingAt(score, clock, policy), evaluatedAt: clock };
}

/**
 * What `next` has to tell that `before` did not: another stage, and each threshold that engagement crossed. A threshold
 * that the tenant gave up is not crossed.
 */
export function newsOf(before: Score, next: Score, thresholds: Thresholds): DomainEvent[] {
  const { customerId, version, stage, evaluatedAt: at = '' } = next;
  const about = { subject: customerId, sequence: version };
  const events: DomainEvent[] = [];
  if (stage && stage !== before.stage) {
    const previous = before.stage ? { previousStage: before.stage } : {};
    events.push({
      ...about,
      type: 'crm.customer.stage-changed.v1',
      data: { customerId, stage, ...previous, at },
    });
  }
  const was = new Set(before.above);
  const is = new Set(next.above);
  for (const threshold of Object.keys(thresholds).sort()) {
    if (was.has(threshold) === is.has(threshold)) continue;
    const to = is.has(threshold) ? 'ABOVE' : 'BELOW';
    events.push({
      ...about,
      type: 'crm.score.threshold-crossed.v1',
      data: { customerId, threshold, to, at },
    });
  }
  return events;
}
