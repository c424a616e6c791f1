/** What a table is doing while it is not `ACTIVE`. */
export type Activity = 'CREATING' | 'UPDATING' | 'DELETING';

/** What happens to an index meanwhile. */
export interface IndexActivity {
  readonly name: string;
  readonly status: Activity;
}

interface Transition {
  readonly activity: Activity;
  readonly indexes: readonly IndexActivity[];
  /** Milliseconds since 1970. */
  readonly until: number;
  /** The last description of a table that is being deleted. */
  readonly last?: Record<string, unknown>;
}

/**
 * What tables are in between: a change takes effect at once, but its table shows for a while that it is going on, as
 * the service's does. With no time for it only the answer to the change shows it. A restart ends all transitions.
 */
export interface Transitions {
  begin(
    table: string,
    activity: Activity,
    indexes?: readonly IndexActivity[],
    last?: Record<string, unknown>,
  ): void;
  find(table: string): Transition | undefined;
  /** Names of tables that are being deleted. */
  deleting(): string[];
}

export function openTransitions(now: () => number, time: number): Transitions {
  const transitions = new Map<string, Transition>();

  function find(table: string): Transition | undefined {
    const transition = transitions.get(table);
    if (transition && now() >= transition.until) transitions.delete(table);
    return transitions.get(table);
  }

  return {
    begin(table, activity, indexes = [], last) {
      if (time > 0) {
        transitions.set(table, { activity, indexes, until: now() + time, ...(last && { last }) });
      }
    },
    find,
    deleting: () => [...transitions.keys()].filter((table) => find(table)?.activity === 'DELETING'),
  };
}
