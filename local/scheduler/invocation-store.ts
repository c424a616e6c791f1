import type { Store } from '../store.ts';
import type { Invocation } from './invocation.ts';

/** Runs of schedules whose targets have not taken them yet, durable in the store. */
export interface InvocationStore {
  add(invocation: Invocation, dueAt: number): void;
  /** Takes out those that are due at `now`, inside of a `store.write`. */
  take(now: number): Invocation[];
  /** When the next one is due. */
  nextAt(): number | undefined;
}

export function openInvocationStore({ db }: Store): InvocationStore {
  db.exec(`CREATE TABLE IF NOT EXISTS scheduler_invocations (
    seq INTEGER PRIMARY KEY, due_at INTEGER NOT NULL, invocation TEXT NOT NULL)`);
  const insert = db.prepare('INSERT INTO scheduler_invocations (due_at, invocation) VALUES (?, ?)');
  const due = db.prepare(
    'SELECT seq, invocation FROM scheduler_invocations WHERE due_at <= ? ORDER BY due_at, seq',
  );
  const remove = db.prepare('DELETE FROM scheduler_invocations WHERE seq = ?');
  const earliest = db.prepare('SELECT min(due_at) AS at FROM scheduler_invocations');
  return {
    add: (invocation, dueAt) => void insert.run(dueAt, JSON.stringify(invocation)),
    take(now) {
      const rows = due.all(now) as { seq: number; invocation: string }[];
      for (const { seq } of rows) remove.run(seq);
      return rows.map(({ invocation }) => JSON.parse(invocation) as Invocation);
    },
    nextAt: () => (earliest.get() as { at: number | null }).at ?? undefined,
  };
}
