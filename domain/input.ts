import * as v from 'valibot';
import { Refusal } from './errors.ts';
import { vias } from './via.ts';

/**
 * Checks what a client sent against a schema and returns it in its canonical form.
 *
 * @throws Refusal `INPUT.INVALID` with the path of the first wrong field, its value and what is asked for.
 */
export function checkInput<S extends v.GenericSchema>(schema: S, input: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, input, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const field = v.getDotPath(issue) ?? '';
  throw new Refusal('INPUT.INVALID', `${field || 'input'}: ${bothEnds(issue.message)}`, {
    field,
    value: shorten(issue.path?.at(-1)?.value ?? issue.input),
  });
}

/** Text without surrounding blanks, from 1 to `max` characters. */
export const text = (max: number) =>
  v.pipe(
    v.string('a text is needed'),
    v.check(
      (value) => value.isWellFormed(),
      'has half a character (a lone surrogate): send whole characters',
    ),
    v.trim(),
    v.minLength(1, 'must not be empty'),
    v.maxLength(max, (issue) => `has ${issue.received} characters; at most ${max} are taken`),
  );

/** A field that may be left out or null; both are the same for a creation. */
export const optional = <S extends v.GenericSchema>(schema: S) => v.optional(v.nullable(schema));

const instantForm = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/** Whether it is an instant of the calendar; `Date` would make March of the 30th of February. */
function isInstant(time: string): boolean {
  const day = instantForm.exec(time)?.[1];
  if (!day || Number.isNaN(Date.parse(time))) return false;
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

const farthestAheadMs = 24 * 60 * 60 * 1000;

/**
 * An instant as ISO 8601 with an offset, canonical in UTC with milliseconds, from 1970 until a day after `now` (clocks
 * and time zones differ; what is farther ahead is a typing error).
 */
export const instant = (now: string) =>
  v.pipe(
    v.string('a time is needed'),
    v.check(
      isInstant,
      (issue) => `${JSON.stringify(issue.input)} is not a time: write it as 2026-01-31T09:30:00Z`,
    ),
    v.transform((time) => new Date(time).toISOString()),
    v.check(
      (time) => Date.parse(time) >= 0,
      (issue) => `${issue.input} is before 1970`,
    ),
    v.check(
      (time) => Date.parse(time) <= Date.parse(now) + farthestAheadMs,
      (issue) => `${issue.input} is more than a day ahead: what has not happened cannot be recorded`,
    ),
  );

/** How a fact comes in: API when left out. */
export const via = optional(v.picklist(vias));

/** The key with which a client makes a retry safe. */
export const clientRequestId = optional(text(128));

/** A message that repeats a long value, with its beginning and, at the end, the remedy. */
function bothEnds(message: string): string {
  return message.length > 500 ? `${message.slice(0, 300)}…${message.slice(-190)}` : message;
}

function shorten(value: unknown): unknown {
  if (typeof value === 'string') return value.length > 200 ? `${value.slice(0, 200)}…` : value;
  return typeof value === 'object' && value !== null ? undefined : value;
}
