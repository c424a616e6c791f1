import { randomUUID } from 'node:crypto';
import type { Store } from '../store.ts';
import type { Settled } from './async-record.ts';
import type { AsyncSettings } from './async-settings.ts';
import type { Outcome } from './result.ts';
import { type Backoff, delayAfter } from './sources.ts';

/** Events of asynchronous invocations, kept until the function did them or they are given up. */
export interface AsyncEvents {
  /** Keeps an event, JSON text, inside of the `store.write` that surrounds the call; it is invoked after the commit. */
  add(functionArn: string, event: string): void;
  /** Invokes what the last process left of this function's events. */
  resume(functionArn: string): void;
  /** Invokes nothing any more; resolves when what runs has ended. What is left is invoked by the next process. */
  stop(): Promise<void>;
}

export interface AsyncEventsOptions {
  readonly store: Store;
  readonly invoke: (functionArn: string, event: string, requestId: string) => Promise<Outcome>;
  readonly settingsOf: (functionArn: string) => AsyncSettings;
  /** Hears, inside of a `store.write`, what became of an event. */
  readonly settled: (event: Settled) => void;
  /** Lambda waits one minute before the first retry and two before the second; here it is this. */
  readonly backoff: Backoff;
  /** Hears of what kept an event from being tried; it is tried again. */
  readonly log: (message: string) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

interface EventRow {
  readonly seq: number;
  readonly function_arn: string;
  readonly event: string;
  readonly failures: number;
  readonly request_id: string;
  readonly accepted_at: number;
}

/** Columns that tables of older data folders lack. */
const ADDED = { request_id: "TEXT NOT NULL DEFAULT ''", accepted_at: 'INTEGER NOT NULL DEFAULT 0' };

function openTable({ db }: Store, now: number): void {
  db.exec(`CREATE TABLE IF NOT EXISTS lambda_events (
    seq INTEGER PRIMARY KEY, function_arn TEXT NOT NULL, event TEXT NOT NULL, failures INTEGER NOT NULL)`);
  const found = db.prepare("SELECT name FROM pragma_table_info('lambda_events')").all();
  const columns = new Set(found.map(({ name }) => name));
  for (const [name, type] of Object.entries(ADDED)) {
    if (!columns.has(name)) db.exec(`ALTER TABLE lambda_events ADD COLUMN ${name} ${type}`);
  }
  db.prepare('UPDATE lambda_events SET accepted_at = ? WHERE accepted_at = 0').run(now);
}

/**
 * Tries each event until the function did it, as often and as long as its settings say. A function error counts as a
 * try; a throttled one does not (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html).
 */
export function openAsyncEvents(options: AsyncEventsOptions): AsyncEvents {
  const { store, invoke, settingsOf, settled, backoff, now } = options;
  openTable(store, now());
  const insert = store.db.prepare(
    'INSERT INTO lambda_events (function_arn, event, failures, request_id, accepted_at) VALUES (?, ?, 0, ?, ?)',
  );
  const find = store.db.prepare('SELECT 1 FROM lambda_events WHERE seq = ? AND request_id = ?');
  const fail = store.db.prepare('UPDATE lambda_events SET failures = ? WHERE seq = ?');
  const remove = store.db.prepare('DELETE FROM lambda_events WHERE seq = ?');
  const left = store.db.prepare('SELECT * FROM lambda_events WHERE function_arn = ? ORDER BY seq');
  const running = new Set<Promise<void>>();
  const timers = new Set<NodeJS.Timeout>();
  let stopped = false;

  function later(row: EventRow, milliseconds: number, throttles = 0): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      const run: Promise<void> = attempt(row, throttles)
        .catch((error) => {
          options.log(`An event of ${row.function_arn} was not tried: ${error}`);
          if (!stopped) later(row, backoff.maxMilliseconds, throttles);
        })
        .finally(() => running.delete(run));
      running.add(run);
    }, milliseconds);
    timers.add(timer);
  }

  function end(row: EventRow, condition: Settled['condition'], tries: number, outcome?: Outcome): void {
    const { function_arn: functionArn, event, request_id: requestId } = row;
    store.write(() => {
      remove.run(row.seq);
      settled({ functionArn, event, requestId, condition, tries, outcome, at: now() });
    });
  }

  async function attempt(row: EventRow, throttles: number): Promise<void> {
    await store.committed();
    if (!find.get(row.seq, row.request_id)) return;
    const settings = settingsOf(row.function_arn);
    if (settings.isOff) return end(row, 'ZeroReservedConcurrency', row.failures);
    if (now() - row.accepted_at > settings.maximumEventAgeSeconds * 1000) {
      return end(row, 'EventAgeExceeded', row.failures);
    }
    const outcome = await invoke(row.function_arn, row.event, row.request_id || randomUUID());
    if (outcome.kind === 'success') return end(row, 'Success', row.failures + 1, outcome);
    if (stopped) return;
    if (outcome.kind === 'throttled') return later(row, delayAfter(throttles + 1, backoff), throttles + 1);
    const failures = row.failures + 1;
    if (failures > settings.maximumRetryAttempts) return end(row, 'RetriesExhausted', failures, outcome);
    store.write(() => fail.run(failures, row.seq));
    later({ ...row, failures }, delayAfter(failures, backoff));
  }

  return {
    add(functionArn, event) {
      const row = { function_arn: functionArn, event, failures: 0 };
      const added = { ...row, request_id: randomUUID(), accepted_at: now() };
      const { lastInsertRowid } = store.write(() =>
        insert.run(functionArn, event, added.request_id, added.accepted_at),
      );
      later({ ...added, seq: Number(lastInsertRowid) }, 0);
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
