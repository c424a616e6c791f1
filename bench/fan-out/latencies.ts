/** The way of one interaction to one place; moments are milliseconds of one clock. */
export interface Passage {
  /** When the client had the answer of the mutation. */
  readonly committedAt: number;
  /** Undefined when it never came. */
  readonly arrivedAt: number | undefined;
}

/** How long interactions took to one place. */
export interface WayFigures {
  readonly interactions: number;
  /** Milliseconds within which half, and 99 of 100, were there; infinite when that many never came. */
  readonly p50: number;
  readonly p99: number;
  /** How many were still on the way when the last one was committed. */
  readonly onTheWay: number;
  readonly neverCame: number;
  /** Whether more came in than went through: the figures are then those of a growing queue. */
  readonly grows: boolean;
}

/** @param arrivals when each was there first, by its key */
export function passagesOf<Commit extends { readonly committedAt: number }>(
  commits: readonly Commit[],
  arrivals: ReadonlyMap<string, number>,
  keyOf: (commit: Commit) => string,
): Passage[] {
  return commits.map((commit) => ({
    committedAt: commit.committedAt,
    arrivedAt: arrivals.get(keyOf(commit)),
  }));
}

/** @throws Error when there are no passages: nothing was measured */
export function wayFigures(passages: readonly Passage[]): WayFigures {
  if (passages.length === 0) throw new Error('no interaction was committed, so nothing can be told of it');
  const inOrder = passages.toSorted((a, b) => a.committedAt - b.committedAt);
  const latencies = inOrder.map(latencyOf);
  const last = inOrder.at(-1)?.committedAt ?? 0;
  return {
    interactions: passages.length,
    p50: percentile(latencies, 50),
    p99: percentile(latencies, 99),
    onTheWay: passages.filter(({ arrivedAt = Number.POSITIVE_INFINITY }) => arrivedAt > last).length,
    neverCame: passages.filter(({ arrivedAt }) => arrivedAt === undefined).length,
    grows: grow(latencies),
  };
}

/** What was there before the answer of the mutation took no time; what never came takes for ever. */
export const latencyOf = ({ committedAt, arrivedAt = Number.POSITIVE_INFINITY }: Passage): number =>
  Math.max(0, arrivedAt - committedAt);

/** The least of the values that so many of 100 do not exceed (nearest rank); NaN of none. */
export function percentile(values: readonly number[], of100: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((sorted.length * of100) / 100) - 1)] ?? Number.NaN;
}

/** Below this a difference is noise, in milliseconds. */
const noise = 500;

/**
 * Whether latencies, in the order of their commits, grow as those of a queue do that is fed faster than it is emptied:
 * the middle one of the last quarter is then 7/3 of the middle one of the second, and what falls behind by 3 of 100 for
 * 20 seconds is at half a second.
 */
export function grow(latencies: readonly number[]): boolean {
  const quarter = latencies.length / 4;
  const early = percentile(latencies.slice(quarter, 2 * quarter), 50);
  const late = percentile(latencies.slice(3 * quarter), 50);
  return late > noise && late > 1.5 * early;
}
