/** A value that a pattern compares: what an event has where its objects and arrays end. */
export type Leaf = string | number | boolean | null;

export type Matcher = (leaf: Leaf) => boolean;

/** What is wrong with a pattern, as the service says it behind "Event pattern is not valid. Reason:". */
export class PatternError extends Error {}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
