import type { Store } from '../store.ts';

export type Reason = 'BOUNCE' | 'COMPLAINT';

export interface Suppressed {
  readonly address: string;
  readonly reason: Reason;
  /** Milliseconds since 1970. */
  readonly changedAt: number;
}

/** The account's suppression list, in the store; addresses in lower case. */
export interface SuppressionList {
  put(address: string, reason: Reason): void;
  get(address: string): Suppressed | undefined;
  /** Whether it was there. */
  remove(address: string): boolean;
  /** In the order of the addresses, beginning after the given one. */
  list(after: string, limit: number): Suppressed[];
}

interface Row {
  readonly address: string;
  readonly reason: Reason;
  readonly changed_at: number;
}

export function openSuppressionList(store: Store, now: () => number): SuppressionList {
  store.db.exec(`CREATE TABLE IF NOT EXISTS ses_suppressed (
    address TEXT PRIMARY KEY, reason TEXT NOT NULL, changed_at INTEGER NOT NULL) STRICT, WITHOUT ROWID`);
  const put = store.db.prepare('INSERT OR REPLACE INTO ses_suppressed VALUES (?, ?, ?)');
  const get = store.db.prepare('SELECT * FROM ses_suppressed WHERE address = ?');
  const remove = store.db.prepare('DELETE FROM ses_suppressed WHERE address = ?');
  const page = store.db.prepare('SELECT * FROM ses_suppressed WHERE address > ? ORDER BY address LIMIT ?');
  const suppressed = (row: unknown): Suppressed => {
    const { address, reason, changed_at } = row as Row;
    return { address, reason, changedAt: changed_at };
  };

  return {
    put(address, reason) {
      store.write(() => put.run(address.toLowerCase(), reason, now()));
    },
    get(address) {
      const row = get.get(address.toLowerCase());
      return row && suppressed(row);
    },
    remove: (address) => store.write(() => remove.run(address.toLowerCase())).changes > 0,
    list: (after, limit) => page.all(after, limit).map(suppressed),
  };
}
