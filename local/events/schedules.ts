import type { Store } from '../store.ts';
import type { Rule } from './rule.ts';

/** Runs rules when they are due, from `start` to `close`. */
export interface Schedules {
  /** Takes a rule in, in place of the one with its ARN; one without a schedule, or disabled, never runs. */
  put(rule: Rule): void;
  start(): void;
  /** Runs all rules that are put as if each were due `at`, in milliseconds since 1970; when they are due stays. */
  runAll(at: number): void;
  close(): void;
}

export interface SchedulesOptions {
  readonly store: Store;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Runs a rule that was due `at`, in milliseconds since 1970. */
  readonly run: (rule: Rule, at: number) => void;
}

/** Timers are no longer than this, so that a clock that was set or a machine that slept is noticed. */
const LONGEST_WAIT = 60_000;

/**
 * Keeps the time. A rate counts from when its rule was made, which the store remembers, so that restarts do not put it
 * off. What was due while nobody ran is not made up for, and what was missed while the machine slept runs once.
 */
export function createSchedules({ store, now, run }: SchedulesOptions): Schedules {
  store.db.exec(`CREATE TABLE IF NOT EXISTS events_schedules (
    rule TEXT PRIMARY KEY, expression TEXT NOT NULL, since INTEGER NOT NULL)`);
  const find = store.db.prepare('SELECT since FROM events_schedules WHERE rule = ? AND expression = ?');
  const replace = store.db.prepare('INSERT OR REPLACE INTO events_schedules VALUES (?, ?, ?)');
  const due = new Map<string, { rule: Rule; since: number; next: number | undefined }>();
  let started = false;
  let timer: NodeJS.Timeout | undefined;

  function sinceOf(rule: Rule, expression: string): number {
    const kept = find.get(rule.arn, expression) as { since: number } | undefined;
    if (kept) return kept.since;
    const since = now();
    store.write(() => replace.run(rule.arn, expression, since));
    return since;
  }

  function wait(): void {
    clearTimeout(timer);
    if (!started) return;
    const times = [...due.values()].flatMap(({ next }) => next ?? []);
    if (times.length === 0) return;
    const delay = Math.min(Math.max(Math.min(...times) - now(), 1), LONGEST_WAIT);
    timer = setTimeout(runDue, delay).unref();
  }

  function runDue(): void {
    const time = now();
    for (const one of due.values()) {
      if (one.next === undefined || one.next > time) continue;
      const at = one.next;
      one.next = one.rule.schedule?.next(time, one.since);
      run(one.rule, at);
    }
    wait();
  }

  return {
    put(rule) {
      due.delete(rule.arn);
      if (rule.schedule && rule.enabled) {
        const since = sinceOf(rule, rule.schedule.expression);
        due.set(rule.arn, { rule, since, next: rule.schedule.next(now(), since) });
      }
      wait();
    },
    start() {
      started = true;
      for (const one of due.values()) one.next = one.rule.schedule?.next(now(), one.since);
      wait();
    },
    runAll(at) {
      for (const { rule } of due.values()) run(rule, at);
    },
    close() {
      started = false;
      clearTimeout(timer);
    },
  };
}
