import { type Decaying, dayMs, type EngagementPolicy, valueAt } from './engagement.ts';

/** Engagement at which somebody should look, by name; more than zero. */
export type Thresholds = Readonly<Record<string, number>>;

/**
 * By how much engagement has to exceed a threshold, as a share of it. Powers and logarithms of floating point are off by
 * less than 1e-11 of the value here, so that at the moment of falling nothing is above any more; it makes the fall
 * earlier by H · 1.5e-9, an eighth of a millisecond for a half-life of a day.
 */
const margin = 1e-9;

/** The names of the thresholds above which engagement stands at `now`, sorted. */
export function aboveAt(
  engagement: Decaying | undefined,
  now: string,
  thresholds: Thresholds,
  { halfLifeDays }: EngagementPolicy,
): string[] {
  const value = engagement ? valueAt(engagement, now, halfLifeDays) : 0;
  return Object.entries(thresholds)
    .filter(([, threshold]) => value > threshold * (1 + margin))
    .map(([name]) => name)
    .sort();
}

/**
 * The millisecond at which engagement that is above a threshold has fallen to it by time alone. From
 * S(t) = S · 2^(−(t − at)/H) = threshold follows t = at + H · log2(S/threshold), rounded up
 * (https://en.wikipedia.org/wiki/Half-life#Formulas_for_half-life_in_exponential_decay).
 */
export function fallsAt(
  { value, at }: Decaying,
  threshold: number,
  { halfLifeDays }: EngagementPolicy,
): string {
  const ms = Date.parse(at) + halfLifeDays * dayMs * Math.log2(value / threshold);
  return new Date(Math.ceil(ms)).toISOString();
}
