import type { Store } from '../store.ts';
import type { Outcome } from './result.ts';
import { type Backoff, delayAfter } from './sources.ts';

/** Events of asynchronous invocations, kept until the function did them or failed three times. */
export interface AsyncEvents {
  /** Keeps an event; it is invoked after the commit. */
  add(functionArn: string, event: string): void;
  /** Invokes what the last process left of this function's events. */
  resume(functionArn: string): void;
  /** Invokes nothing any more; resolves when what runs has ended. What is left is invoked by the next process. */
  stop(): Promise<void>;
}

/** Lambda retries a function error twice, after one minute and after two more; here after `backoff`. */
const maxFailures = 3;

export interface AsyncEventsOptions {
  readonly store: Store;
  readonly invoke: (functionArn: string, event: string) => Promise<Outcome>;
  readonly backoff: Backoff;
}

interface EventRow {
  readonly seq: number;
  readonly function_arn: string;
  readonly event: string;
  readonly failures: number;
}

export function openAsyncEvents({ store, invoke, backoff }: AsyncEventsOptions): AsyncEvents {
  store.db.exec(`CREATE TABLE IF NOT EXISTS lambda_events (
    seq INTEGER PRIMARY KEY, function_arn TEXT NOT NULL, event TEXT NOT NULL, failures INTEGER NOT NULL)`);
  const insert = store.db.prepare(
    'INSERT INTO lambda_events (function_arn, event, failures) VALUES (?, ?, 0)',
  );
  const fail = store.db.prepare('UPDATE lambda_events SET failures = ? WHERE seq = ?');
  const remove = store.db.prepare('DELETE FROM lambda_events WHERE seq = ?');
  const left = store.db.prepare('SELECT * FROM lambda_events WHERE function_arn = ? ORDER BY seq');
  const running = new Set<Promise<void>>();
  const timers = new Set<NodeJS.Timeout>();
  let stopped = false;

  function later(row: EventRow, milliseconds: number): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      const run: Promise<void> = attempt(row).finally(() => running.delete(run));
      running.add(run);
    }, milliseconds);
    timers.add(timer);
  }

  async function attempt(row: EventRow): Promise<void> {
    await store.committed();
    const outcome = await invoke(row.function_arn, row.event);
    if (outcome.kind === 'success') {
      store.write(() => remove.run(row.seq));
      return;
    }
    if (stopped) return;
    const failures = row.failures + (outcome.kind === 'error' ? 1 : 0);
    if (failures === maxFailures) {
      store.write(() => remove.run(row.seq));
      return;
    }
    store.write(() => fail.run(failures, row.seq));
    later({ ...row, failures }, delayAfter(failures || 1, backoff));
  }

  return {
    add(functionArn, event) {
      const { lastInsertRowid } = store.write(() => insert.run(functionArn, event));
      later({ seq: Number(lastInsertRowid), function_arn: functionArn, event, failures: 0 }, 0);
    },
    resume(functionArn) {
      for (const row of left.all(functionArn)) later(row as unknown as EventRow, 0);
    },
    async stop() {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(running);
    },
  };
}
