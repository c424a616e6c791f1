import { FieldError } from './errors.ts';

/** An enhanced subscription filter: groups are alternatives, the filters of a group hold together. */
export interface Filter {
  readonly filterGroup: readonly { readonly filters: readonly Condition[] }[];
}

export interface Condition {
  readonly fieldName: string;
  readonly operator: string;
  readonly value: unknown;
}

type Test = (actual: unknown, value: unknown) => boolean;

/** How many values `in`, `notIn` and `containsAny` take, and how deep a path goes: AppSync's limits. */
const mostValues: Readonly<Record<string, number>> = { in: 5, notIn: 5, containsAny: 20, between: 2 };
const deepestPath = 5;
const longestPath = 256;

/** https://docs.aws.amazon.com/appsync/latest/devguide/extensions-js.html */
const tests: Readonly<Record<string, Test>> = {
  eq: (actual, value) => actual === value,
  ne: (actual, value) => actual !== value,
  le: (actual, value) => order(actual, value) <= 0,
  lt: (actual, value) => order(actual, value) < 0,
  ge: (actual, value) => order(actual, value) >= 0,
  gt: (actual, value) => order(actual, value) > 0,
  contains,
  notContains: (actual, value) => !contains(actual, value),
  beginsWith: (actual, value) =>
    typeof actual === 'string' && typeof value === 'string' && actual.startsWith(value),
  in: (actual, value) => Array.isArray(value) && value.includes(actual),
  notIn: (actual, value) => Array.isArray(value) && !value.includes(actual),
  between: (actual, value) => {
    const [from, to] = Array.isArray(value) ? (value as unknown[]) : [];
    return order(actual, from) >= 0 && order(actual, to) <= 0;
  },
  containsAny: (actual, value) => Array.isArray(value) && value.some((one) => contains(actual, one)),
};

/** Whether what was published passes the filter. */
export function passes(filter: Filter, data: unknown): boolean {
  return filter.filterGroup.some(({ filters }) =>
    filters.every(
      ({ fieldName, operator, value }) => tests[operator]?.(valueAt(data, fieldName), value) ?? false,
    ),
  );
}

/** What a path of field names leads to: `address.city`. */
export function valueAt(data: unknown, path: string): unknown {
  let value = data;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

/** A filter that resolver code gave, checked. @throws {FieldError} that says what is wrong with it */
export function filterOf(given: unknown): Filter {
  const filter = structuredClone(given) as { filterGroup?: unknown } | null;
  if (!Array.isArray(filter?.filterGroup)) throw invalid('it has no list filterGroup');
  for (const group of filter.filterGroup as { filters?: unknown }[]) {
    if (!Array.isArray(group.filters)) throw invalid('a group has no list filters');
    for (const condition of group.filters as Condition[]) checkCondition(condition);
  }
  return filter as Filter;
}

function checkCondition({ fieldName, operator, value }: Condition): void {
  if (typeof fieldName !== 'string' || fieldName === '') throw invalid('a filter has no fieldName');
  if (!(operator in tests)) throw invalid(`there is no operator ${operator}`);
  if (fieldName.length > longestPath) {
    throw invalid(`a path has ${fieldName.length} characters, but ${longestPath} are allowed`);
  }
  if (fieldName.split('.').length > deepestPath) {
    throw invalid(`the path ${fieldName} is deeper than ${deepestPath} levels`);
  }
  const most = mostValues[operator];
  if (most === undefined) return;
  if (!Array.isArray(value)) throw invalid(`${operator} takes a list`);
  if (value.length > most) throw invalid(`${operator} takes at most ${most} values, not ${value.length}`);
}

function invalid(what: string): FieldError {
  return new FieldError(`The subscription filter is invalid: ${what}.`, 'InvalidSubscriptionFilter');
}

function contains(actual: unknown, value: unknown): boolean {
  if (Array.isArray(actual)) return actual.includes(value);
  return typeof actual === 'string' && typeof value === 'string' && actual.includes(value);
}

/** Below, at or above zero as two numbers or two texts are in order; not a number when they cannot be compared. */
function order(left: unknown, right: unknown): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left !== 'string' || typeof right !== 'string') return Number.NaN;
  return left < right ? -1 : Number(left > right);
}
