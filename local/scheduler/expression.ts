import { Cron } from 'croner';
import { compileCron } from '../events/cron.ts';

/** The first time after `after` at which a schedule that counts from `since` is due; in milliseconds since 1970. */
export type NextDue = (after: number, since: number) => number | undefined;

export interface Expression {
  readonly next: NextDue;
  /** Whether it is due only once. */
  readonly once: boolean;
}

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Compiles `rate(…)`, `cron(…)` or `at(…)`; the last two are read in `timezone`, a name of the IANA database. Of an hour
 * that a zone skips, the time after it counts; of one that comes twice, the first
 * (https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html).
 *
 * @throws Error with what is wrong about the expression
 */
export function compileExpression(expression: string, timezone = 'UTC'): Expression {
  checkZone(timezone);
  const [, kind, argument = ''] = /^(rate|cron|at)\(([^()]*)\)$/.exec(expression) ?? [];
  if (kind === 'rate') return { next: compileRate(argument), once: false };
  if (kind === 'cron') return { next: compileCron(argument, timezone), once: false };
  if (kind === 'at') return { next: compileAt(argument, timezone), once: true };
  throw new Error('write rate(5 minutes), cron(0 2 * * ? *) or at(2026-01-31T12:00:00)');
}

function checkZone(timezone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
  } catch {
    throw new Error(`${timezone} is no time zone: give a name such as Europe/London`);
  }
}

function compileRate(argument: string): NextDue {
  const [, count = '', unit = ''] = /^([1-9]\d*) (minute|hour|day)s?$/.exec(argument) ?? [];
  if (count === '') throw new Error('a rate is a positive number with minutes, hours or days');
  const interval = Number(count) * (UNITS[unit] ?? 0);
  return (after, since) => since + (Math.floor(Math.max(after - since, -1) / interval) + 1) * interval;
}

function compileAt(argument: string, timezone: string): NextDue {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(argument) || Number.isNaN(Date.parse(`${argument}Z`))) {
    throw new Error('a time is written as 2026-01-31T12:00:00, without a zone');
  }
  const at = new Cron(argument, { paused: true, timezone }).nextRun(new Date(0))?.getTime();
  return (after) => (at !== undefined && at > after ? at : undefined);
}
