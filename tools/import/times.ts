import { DateTime } from 'luxon';

/** A time as a file gives it: `2011-02-01T11:19:00`, and its offset (`Z`, `+01:00`) when it says one, else ''. */
export interface FileTime {
  readonly local: string;
  readonly offset: string;
}

const pattern = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;

/** Lines of an invoice mostly say the same time, one after the other. */
let last: { text: string; time: FileTime | undefined } = { text: '', time: undefined };

/** Reads `2011-02-01 11:19:00`, also with T, without seconds or time of day, or with an offset; to the second. */
export function readTime(text: string): FileTime | undefined {
  if (text !== last.text) last = { text, time: parse(text) };
  return last.time;
}

function parse(text: string): FileTime | undefined {
  const [, date, minutes = '00:00', seconds = '00', offset = ''] = pattern.exec(text) ?? [];
  if (date === undefined) return undefined;
  const local = `${date}T${minutes}:${seconds}`;
  const exists = new Date(`${local}Z`).toJSON()?.slice(0, 19) === local;
  return exists ? { local, offset } : undefined;
}

/** Whether `a` is before `b`. */
export function isBefore(a: FileTime, b: FileTime, timezone: string): boolean {
  return a.offset === b.offset ? a.local < b.local : toUtc(a, timezone) < toUtc(b, timezone);
}

/** By how many days to shift so that a time on the day of `latest` falls on `date`. */
export function daysToShift(latest: FileTime, date: string): number {
  const dayMs = 24 * 60 * 60 * 1000;
  return Math.round((Date.parse(date) - Date.parse(latest.local.slice(0, 10))) / dayMs);
}

/** The same time of day so many days later. */
export function shift(time: FileTime, days: number): FileTime {
  if (days === 0) return time;
  const date = new Date(`${time.local}Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return { local: date.toISOString().slice(0, 19), offset: time.offset };
}

/**
 * The instant in UTC. A local time that a change of clocks skips is taken as long after the change as it is after the
 * gap's beginning; of one that comes twice, the first is taken.
 */
export function toUtc(time: FileTime, timezone: string): string {
  if (time.offset !== '') return new Date(time.local + time.offset).toISOString();
  const candidates = DateTime.fromISO(time.local, { zone: timezone }).getPossibleOffsets();
  const first = Math.min(...candidates.map((candidate) => candidate.toMillis()));
  return new Date(first).toISOString();
}
