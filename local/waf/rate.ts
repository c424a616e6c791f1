/** Counts requests by key over a window that slides with the time. */
export interface RateCounter {
  /** Counts one request and answers how many the window holds with it. */
  count(key: string): number;
}

/** Steps in which a window slides; AWS looks about every 10 seconds, too. */
const SLOTS = 30;
/** Keys that are followed at a time, as on AWS; beyond them, the one seen first is forgotten. */
const MOST_KEYS = 10_000;

interface Ring {
  readonly slots: Uint32Array;
  /** The number of the newest slot, counted from 1970. */
  newest: number;
  total: number;
}

function slide(ring: Ring, to: number): void {
  const steps = Math.min(to - ring.newest, SLOTS);
  for (let step = 1; step <= steps; step++) {
    const slot = (ring.newest + step) % SLOTS;
    ring.total -= ring.slots[slot] ?? 0;
    ring.slots[slot] = 0;
  }
  if (to > ring.newest) ring.newest = to;
}

/**
 * A ring of counters for each key: a request costs one look-up and one addition.
 *
 * @param windowSeconds how far back a count looks
 * @param now milliseconds since 1970
 */
export function createRateCounter(windowSeconds: number, now: () => number): RateCounter {
  const slotMilliseconds = (windowSeconds * 1000) / SLOTS;
  const rings = new Map<string, Ring>();

  function ringOf(key: string, at: number): Ring {
    const known = rings.get(key);
    if (known) return known;
    if (rings.size >= MOST_KEYS) rings.delete(rings.keys().next().value ?? '');
    const ring = { slots: new Uint32Array(SLOTS), newest: at, total: 0 };
    rings.set(key, ring);
    return ring;
  }

  return {
    count(key) {
      const at = Math.floor(now() / slotMilliseconds);
      const ring = ringOf(key, at);
      slide(ring, at);
      const slot = ring.newest % SLOTS;
      ring.slots[slot] = (ring.slots[slot] ?? 0) + 1;
      ring.total++;
      return ring.total;
    },
  };
}
