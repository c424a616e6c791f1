import { fieldsOf } from '../events/dotted.ts';
import { isObject } from '../events/leaf.ts';
import { compilePattern, type EventMatcher } from '../events/pattern.ts';

/** Whether a record passes the filters of an event source mapping: one of its patterns, or all when there are none. */
export type Filter = (record: object) => boolean;

/** Compiles patterns, which are JSON texts. Throws `PatternError` or `SyntaxError`. */
export function compileFilter(patterns: readonly string[] = []): Filter {
  const matchers = patterns.map((pattern) => compilePattern(JSON.parse(pattern)));
  return (record) => matchers.length === 0 || matchers.some((matches) => matches(fieldsOf(record)));
}

/**
 * Compiles patterns for messages. A pattern that looks into `body` sees it parsed, and matches no body that is not JSON;
 * one that lists values of `body` sees its text.
 */
export function compileMessageFilter(patterns: readonly string[] = []): (body: string) => boolean {
  const matchers = patterns.map((pattern): EventMatcher => {
    const parsed: unknown = JSON.parse(pattern);
    const matches = compilePattern(parsed);
    const looksInside = isObject(parsed) && isObject(parsed.body);
    const read = (body: string) => matches(fieldsOf({ body: parse(body) }));
    return looksInside ? (record) => read((record as { body: string }).body) : matches;
  });
  return (body) => matchers.length === 0 || matchers.some((matches) => matches({ body }));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
