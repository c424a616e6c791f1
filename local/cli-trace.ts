import { styleText } from 'node:util';
import type { Invocation } from './lambda/pool.ts';

/** What a function was invoked for. */
interface Cause {
  readonly correlationIds: readonly string[];
  /** Types of events, or the field of the API. */
  readonly subjects: readonly string[];
}

/** Deeper than any event of the stack goes. */
const MAX_DEPTH = 12;
const MAX_SHOWN = 3;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object';

function parsed(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The text of a value, which may stand as DynamoDB has it: `{"S": "…"}`. */
function textOf(value: unknown): string | undefined {
  const plain = isObject(value) && 'S' in value ? value.S : value;
  return typeof plain === 'string' && plain !== '' ? plain : undefined;
}

/** Every member of this name below a value, also inside of texts that are JSON; what a stream had before is left out. */
function membersNamed(names: ReadonlySet<string>, value: unknown, depth = 0): string[] {
  if (depth > MAX_DEPTH) return [];
  if (typeof value === 'string') {
    const inner = parsed(value);
    return inner === undefined ? [] : membersNamed(names, inner, depth + 1);
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    if (name === 'OldImage') return [];
    const text = names.has(name) ? textOf(member) : undefined;
    return text === undefined ? membersNamed(names, member, depth + 1) : [text];
  });
}

function causeOf({ event, requestId }: Invocation): Cause {
  const content = parsed(event);
  const correlationIds = new Set(membersNamed(new Set(['correlationId']), content));
  const { info } = (isObject(content) ? content : {}) as {
    info?: { parentTypeName?: string; fieldName?: string };
  };
  const field = info?.fieldName === undefined ? [] : [`${info.parentTypeName}.${info.fieldName}`];
  const types = new Set(membersNamed(new Set(['detail-type']), content));
  return {
    // What begins with a request is correlated by the request's own id.
    correlationIds: correlationIds.size > 0 ? [...correlationIds] : [requestId],
    subjects: [...field, ...types],
  };
}

function some(values: readonly string[]): string {
  const more = values.length - MAX_SHOWN;
  return [...values.slice(0, MAX_SHOWN), ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}

/**
 * One line about an invocation: when, which function, how long, for what, and the correlation ids that lead from function
 * to function; errors in red. `at` is in milliseconds since 1970.
 */
export function traceLine(functionName: string, invocation: Invocation, at: number): string {
  const { outcome, milliseconds, initMilliseconds } = invocation;
  const { correlationIds, subjects } = causeOf(invocation);
  const parts = [
    new Date(at).toISOString().slice(11, 23),
    functionName,
    `${milliseconds.toFixed(0)} ms`,
    ...(initMilliseconds === undefined ? [] : [`(after a start of ${initMilliseconds.toFixed(0)} ms)`]),
    ...(subjects.length > 0 ? [some(subjects)] : []),
    `[${some(correlationIds)}]`,
  ];
  if (outcome.kind !== 'error') return parts.join('  ');
  const { errorType, errorMessage } = outcome.error;
  return styleText('red', [...parts, `${errorType}: ${errorMessage}`].join('  '), { validateStream: false });
}
