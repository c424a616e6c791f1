import type { Condition, Filter } from '../filter.ts';

type Conditions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * `util.transform.toSubscriptionFilter`: `{a: {eq: 1}, or: [...], and: [...]}` as alternatives of conditions; each of the
 * alternatives also has one of the rules.
 */
export function toSubscriptionFilter(
  object: Readonly<Record<string, unknown>>,
  ignoredFields: readonly string[] = [],
  rules: Conditions = {},
): Filter {
  const alternatives = alternativesOf(object ?? {}, new Set(ignoredFields));
  const ruled = Object.entries(rules ?? {}).map(([name, operators]) => conditionsOf(name, operators));
  const groups =
    ruled.length === 0
      ? alternatives
      : alternatives.flatMap((conditions) => ruled.map((rule) => [...conditions, ...rule]));
  return { filterGroup: groups.filter((filters) => filters.length > 0).map((filters) => ({ filters })) };
}

/** The object as a disjunction of conjunctions. */
function alternativesOf(
  object: Readonly<Record<string, unknown>>,
  ignored: ReadonlySet<string>,
): Condition[][] {
  let all: Condition[][] = [[]];
  for (const [name, value] of Object.entries(object)) {
    if (ignored.has(name) || value === undefined || value === null) continue;
    if (name === 'or') {
      all = product(
        all,
        (value as Record<string, unknown>[]).flatMap((one) => alternativesOf(one, ignored)),
      );
    } else if (name === 'and') {
      for (const one of value as Record<string, unknown>[]) all = product(all, alternativesOf(one, ignored));
    } else {
      all = product(all, [conditionsOf(name, value as Record<string, unknown>)]);
    }
  }
  return all;
}

function product(left: readonly Condition[][], right: readonly Condition[][]): Condition[][] {
  return left.flatMap((one) => right.map((other) => [...one, ...other]));
}

function conditionsOf(fieldName: string, operators: Readonly<Record<string, unknown>>): Condition[] {
  return Object.entries(operators).map(([operator, value]) => ({ fieldName, operator, value }));
}
