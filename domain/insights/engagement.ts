import type { Channel, Direction } from '../interactions/channel.ts';

/** What contacts are worth to a tenant, and how fast that fades. */
export interface EngagementPolicy {
  /** Tells policies apart: weights that were counted under different ones cannot be added. */
  readonly key?: string;
  /** Days after which a contact counts half; at least 1. */
  readonly halfLifeDays: number;
  /** Points of an interaction by channel and direction, and of a sale; a return has none. */
  readonly points: Readonly<Record<Channel, Readonly<Record<Lowercase<Direction>, number>>>> & {
    readonly sale: number;
  };
}

/** A value that halves with every half-life after `at`. */
export interface Decaying {
  readonly value: number;
  readonly at: string;
}

/** A day of 24 hours, in milliseconds. */
export const dayMs = 86_400_000;

/**
 * What is left of `points` from `from` at `at`: p · 2^(−age/H), the law of exponential decay with half-life H.
 * Backward in time it grows, so that sums can be kept at any moment.
 */
export function decay(points: number, from: string, at: string, halfLifeDays: number): number {
  // Far back in time the factor is infinite, and nothing stays nothing.
  if (points === 0) return 0;
  const age = (Date.parse(at) - Date.parse(from)) / dayMs;
  return points * 2 ** (-age / halfLifeDays);
}

/** The value now; what is ahead of `now` (at most a day) counts in full. */
export function valueAt(engagement: Decaying, now: string, halfLifeDays: number): number {
  return now <= engagement.at ? engagement.value : decay(engagement.value, engagement.at, now, halfLifeDays);
}

/** The points of an interaction under a policy. */
export function pointsOf(
  policy: EngagementPolicy,
  interaction: { readonly channel: Channel; readonly direction: Direction },
): number {
  return policy.points[interaction.channel][interaction.direction === 'INBOUND' ? 'inbound' : 'outbound'];
}
