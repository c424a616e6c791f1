import { type Backoff, delayAfter } from '../lambda/sources.ts';
import type { Store } from '../store.ts';
import type { Exhausted } from './dead-letter.ts';
import type { BusEvent } from './event.ts';
import type { Rule } from './rule.ts';
import type { Target } from './target.ts';

/** A delivery that failed for the moment. */
export interface Failed {
  readonly rule: Rule;
  readonly target: Target;
  /** The event, as JSON text. */
  readonly json: string;
  /** What the retry knows of the ones before it; undefined at the first delivery. */
  readonly tried: Tried | undefined;
}

/** How often a delivery was retried, and when it failed first, in milliseconds since 1970. */
export interface Tried {
  readonly attempts: number;
  readonly since: number;
}

/** Deliveries that are tried again, durable in the store. */
export interface Retries {
  /** Keeps a delivery for later, inside of the `store.write` in which it failed; or says why there is no later. */
  later(failed: Failed): Exhausted | undefined;
  /** Tries what the last process left, and everything from now on. */
  start(): void;
  close(): void;
}

export interface RetriesOptions {
  readonly store: Store;
  readonly backoff: Backoff;
  readonly ruleOf: (busName: string, name: string) => Rule | undefined;
  readonly deliver: (rule: Rule, target: Target, event: BusEvent, tried: Tried) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

interface Row {
  readonly seq: number;
  readonly bus: string;
  readonly rule: string;
  readonly target: string;
  readonly event: string;
  readonly attempts: number;
  readonly since: number;
}

export function createRetries({ store, backoff, ruleOf, deliver, now }: RetriesOptions): Retries {
  store.db.exec(`CREATE TABLE IF NOT EXISTS events_retries (
    seq INTEGER PRIMARY KEY, bus TEXT NOT NULL, rule TEXT NOT NULL, target TEXT NOT NULL, event TEXT NOT NULL,
    attempts INTEGER NOT NULL, since INTEGER NOT NULL)`);
  const insert = store.db.prepare(
    'INSERT INTO events_retries (bus, rule, target, event, attempts, since) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const find = store.db.prepare('SELECT * FROM events_retries WHERE seq = ?');
  const left = store.db.prepare('SELECT seq, attempts FROM events_retries ORDER BY seq');
  const remove = store.db.prepare('DELETE FROM events_retries WHERE seq = ?');
  const timers = new Set<NodeJS.Timeout>();
  let started = false;

  function wait(seq: number, milliseconds: number): void {
    if (!started) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      retry(seq);
    }, milliseconds).unref();
    timers.add(timer);
  }

  /** A rule or target that is not there any more takes what was meant for it along. */
  function retry(seq: number): void {
    const row = find.get(seq) as Row | undefined;
    if (!row) return;
    const rule = ruleOf(row.bus, row.rule);
    const target = rule?.targets.find(({ definition }) => definition.id === row.target);
    store.write(() => {
      remove.run(seq);
      if (!rule || !target) return;
      deliver(rule, target, JSON.parse(row.event), { attempts: row.attempts + 1, since: row.since });
    });
  }

  return {
    later({ rule, target, json, tried = { attempts: 0, since: now() } }) {
      const { attempts, since } = tried;
      const { maximumRetryAttempts, maximumEventAgeSeconds } = target.retryPolicy;
      if (attempts >= maximumRetryAttempts) return { condition: 'MaximumRetryAttempts', attempts };
      if (now() - since > maximumEventAgeSeconds * 1000) {
        return { condition: 'MaximumEventAgeInSeconds', attempts };
      }
      const { busName, name } = rule;
      const { lastInsertRowid } = insert.run(busName, name, target.definition.id, json, attempts, since);
      wait(Number(lastInsertRowid), delayAfter(attempts + 1, backoff));
      return undefined;
    },
    start() {
      started = true;
      for (const { seq, attempts } of left.all() as unknown as Row[]) {
        wait(seq, delayAfter(attempts + 1, backoff));
      }
    },
    close() {
      started = false;
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
