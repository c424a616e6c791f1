/** Something that was used, by whom: the amount in units, or how often. */
export interface Entry {
  /** The function, by its name among the bundles; `bus` for what rules deliver. */
  readonly by: string;
  readonly what: 'read' | 'write' | 'delivery' | 'published' | 'shared' | 'message' | 'signal' | 'mail';
  readonly amount: number;
}

export interface Units {
  readonly read: number;
  readonly write: number;
}

/** What functions, and what calls them, used of each service. */
export interface Usage {
  /** Read units of DynamoDB: 4 KB each, half when eventually consistent. */
  readonly readUnits: number;
  /** Write units of DynamoDB: 1 KB each, double in a transaction, those of the indexes included. */
  readonly writeUnits: number;
  /** The same by the function that took them. */
  readonly units: Readonly<Record<string, Units>>;
  /**
   * Requests, stream records and messages that functions got, by function: as many invocations, or fewer when several
   * come in one batch.
   */
  readonly deliveries: Readonly<Record<string, number>>;
  /** Events put on the tenant's bus. */
  readonly published: number;
  /** Events put on the buses of partners. */
  readonly shared: number;
  /** Messages that rules sent to queues: one for each event and rule that matches it. */
  readonly messages: number;
  /** Mutations that tell subscribers of something, whether or not there is one. */
  readonly signals: number;
  readonly mails: number;
}

const sumOf = (entries: readonly Entry[], what: Entry['what']): number =>
  entries.filter((entry) => entry.what === what).reduce((sum, { amount }) => sum + amount, 0);

/** What belongs to each, by name. */
function byName<T>(entries: readonly Entry[], of: (own: readonly Entry[]) => T): Record<string, T> {
  const groups = Object.groupBy(entries, ({ by }) => by);
  const names = Object.keys(groups).sort();
  return Object.fromEntries(names.map((name) => [name, of(groups[name] ?? [])]));
}

/** Sums up what was used. */
export function usageOf(entries: readonly Entry[]): Usage {
  const deliveries = entries.filter(({ what }) => what === 'delivery');
  const units = entries.filter(({ what }) => what === 'read' || what === 'write');
  return {
    readUnits: sumOf(entries, 'read'),
    writeUnits: sumOf(entries, 'write'),
    units: byName(units, (own) => ({ read: sumOf(own, 'read'), write: sumOf(own, 'write') })),
    deliveries: byName(deliveries, (own) => sumOf(own, 'delivery')),
    published: sumOf(entries, 'published'),
    shared: sumOf(entries, 'shared'),
    messages: sumOf(entries, 'message'),
    signals: sumOf(entries, 'signal'),
    mails: sumOf(entries, 'mail'),
  };
}
