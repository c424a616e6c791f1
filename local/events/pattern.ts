import { nested } from './dotted.ts';
import { isObject, type Leaf, type Matcher, PatternError } from './leaf.ts';
import { comparison, single, wildcardsIn } from './matchers.ts';
import { MAX_COMPLEXITY, wildcardComplexity } from './wildcard-complexity.ts';

/** Whether an event matches, which is given as `fieldsOf` gives it. */
export type EventMatcher = (event: object) => boolean;

/** `value` is an object of the event, or undefined where there is none; `event` is the whole. */
type Test = (value: Record<string, unknown> | undefined, event: object) => boolean;

/**
 * Compiles an event pattern of the content filter language. Throws `PatternError`.
 *
 * All fields of a pattern must match, and of a field one of its values. An array in the event stands for each of its
 * elements, and fields inside one array must match in the same element of it. `exists: false` speaks of the whole
 * event: no element may have the field.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 *
 * Numbers compare by value, so `300` also matches `3.0e2`.
 */
export function compilePattern(pattern: unknown): EventMatcher {
  if (!isObject(pattern)) throw new PatternError('Filter is not an object');
  const combinations = combinationsOf(pattern);
  if (combinations > MAX_COMBINATIONS) {
    throw new PatternError(
      `Event pattern has ${combinations} rule combinations of $or, more than ${MAX_COMBINATIONS}`,
    );
  }
  const test = objectTest(pattern, []);
  return (event) => test(event as Record<string, unknown>, event);
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-complex-example-or */
const MAX_COMBINATIONS = 1000;

/** How many patterns without `$or` one with it stands for. */
function combinationsOf(pattern: Record<string, unknown>): number {
  return Object.entries(pattern).reduce((product, [name, part]) => {
    if (name === '$or' && Array.isArray(part)) {
      const alternatives = part.filter(isObject).map(combinationsOf);
      return (
        product *
        Math.max(
          alternatives.reduce((sum, count) => sum + count, 0),
          1,
        )
      );
    }
    return isObject(part) ? product * combinationsOf(part) : product;
  }, 1);
}

function objectTest(pattern: Record<string, unknown>, path: readonly string[]): Test {
  const tests = Object.entries(nested(pattern, latest)).map(([name, part]) => memberTest(name, part, path));
  if (tests.length === 0) throw new PatternError('Empty objects are not allowed');
  const [only] = tests;
  if (only && tests.length === 1) return only;
  return (value, event) => tests.every((test) => test(value, event));
}

/** Of several patterns for one field, EventBridge looks at the last one. */
function latest(former: unknown, latter: unknown): unknown {
  if (isObject(former) === isObject(latter)) return latter;
  throw new PatternError('A field is given values and fields of its own, under a name with a dot');
}

function memberTest(name: string, part: unknown, path: readonly string[]): Test {
  if (name === '$or' && Array.isArray(part) && part.some(isObject)) return orTest(part, path);
  const below = [...path, name];
  if (Array.isArray(part)) return valuesTest(name, part, below);
  if (!isObject(part)) throw new PatternError(`"${name}" must be an object or an array`);
  const test = objectTest(part, below);
  return (value, event) => {
    const objects = objectsIn(member(value, name));
    return objects.length === 0 ? test(undefined, event) : objects.some((each) => test(each, event));
  };
}

function orTest(alternatives: unknown[], path: readonly string[]): Test {
  if (alternatives.length < 2)
    throw new PatternError('There must have at least 2 Objects in $or relationship.');
  const tests = alternatives.map((alternative) => {
    if (!isObject(alternative))
      throw new PatternError('Only JSON object is allowed in array of $or relationship.');
    return objectTest(alternative, path);
  });
  return (value, event) => tests.some((test) => test(value, event));
}

function valuesTest(name: string, values: unknown[], path: readonly string[]): Test {
  if (values.length === 0) throw new PatternError('Empty arrays are not allowed');
  const exact = new Set<unknown>();
  const matchers: Matcher[] = [];
  const wildcards: string[][] = [];
  let absent = false;
  for (const value of values) {
    if (Array.isArray(value))
      throw new PatternError('Match value must be String, number, true, false, or null');
    if (!isObject(value)) {
      exact.add(value);
      continue;
    }
    const [operator, operand] = single(value);
    wildcards.push(wildcardsIn(operator, operand));
    if (operator !== 'exists') matchers.push(comparison(operator, operand));
    else if (operand === true) matchers.push(() => true);
    else if (operand === false) absent = true;
    else throw new PatternError('exists match pattern must be either true or false.');
  }
  if (wildcardComplexity(wildcards.filter((group) => group.length > 0)) > MAX_COMPLEXITY) {
    throw new PatternError(
      'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character',
    );
  }
  const matches = (leaf: Leaf) => exact.has(leaf) || matchers.some((matcher) => matcher(leaf));
  return (value, event) => someLeaf(member(value, name), matches) || (absent && !reachesLeaf(event, path, 0));
}

function member(value: Record<string, unknown> | undefined, name: string): unknown {
  return value !== undefined && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** The objects that a value stands for: itself, or those inside an array. */
function objectsIn(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  return isObject(value) ? [value] : [];
}

function someLeaf(value: unknown, matches: Matcher): boolean {
  if (Array.isArray(value)) return value.some((each) => someLeaf(each, matches));
  if (value === undefined || isObject(value)) return false;
  return matches(value as Leaf);
}

function reachesLeaf(value: unknown, path: readonly string[], depth: number): boolean {
  if (Array.isArray(value)) return value.some((each) => reachesLeaf(each, path, depth));
  const name = path[depth];
  if (name === undefined) return value !== undefined && !isObject(value);
  return isObject(value) && reachesLeaf(member(value, name), path, depth + 1);
}
