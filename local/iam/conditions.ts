import { type Comparison, operators } from './operators.ts';
import type { Context } from './pattern.ts';

/** The `Condition` of a statement. */
export interface Condition {
  /** The keys that it looks at, in lower case. */
  readonly keys: readonly string[];
  holds(context: Context): boolean;
}

type Test = Condition;

interface Parsed {
  readonly quantifier: 'ForAllValues' | 'ForAnyValue' | undefined;
  readonly name: string;
  readonly ifExists: boolean;
}

function parseOperator(text: string): Parsed {
  const [, quantifier, name = '', ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(text) ?? [];
  return { quantifier: quantifier as Parsed['quantifier'], name, ifExists: ifExists !== undefined };
}

/** A condition's value as text: policies may also hold numbers and booleans. */
function valuesOf(value: unknown, where: string): string[] {
  const values = [value].flat();
  const wrong = values.find((one) => !['string', 'number', 'boolean'].includes(typeof one));
  if (values.length === 0 || wrong !== undefined) {
    throw new Error(`${where} is ${JSON.stringify(value)}: give one value or a list of values`);
  }
  return values.map(String);
}

/** `Null: true` asks for a key that the request does not have. */
function nullTest(key: string, values: readonly string[], where: string): Test {
  const wanted = values.map((value) => {
    const absent = value.toLowerCase();
    if (absent !== 'true' && absent !== 'false') throw new Error(`${where} is ${value}: give true or false`);
    return absent === 'true';
  });
  return { keys: [key], holds: (context) => wanted.includes(context(key) === undefined) };
}

/**
 * How the values of a request and of a policy come together
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html):
 * one of the policy's is enough, of a negated operator none may match. A key that is not there fails, but not a negated
 * operator, `ForAllValues` or `IfExists`.
 */
function test(
  key: string,
  { quantifier, ifExists }: Parsed,
  negated: boolean,
  compared: readonly Comparison[],
): Test {
  const fits = (value: string, context: Context) =>
    compared.some((one) => one.matches(value, context)) !== negated;
  return {
    keys: [key, ...compared.flatMap(({ keys }) => keys)],
    holds(context) {
      const values = context(key);
      if (values === undefined) {
        return ifExists || quantifier === 'ForAllValues' || (quantifier === undefined && negated);
      }
      if (quantifier === 'ForAllValues') return values.every((value) => fits(value, context));
      if (quantifier === 'ForAnyValue') return values.some((value) => fits(value, context));
      return negated
        ? values.every((value) => fits(value, context))
        : values.some((value) => fits(value, context));
    },
  };
}

function operatorTests(operator: string, block: unknown, variables: boolean): Test[] {
  const parsed = parseOperator(operator);
  const found = operators.get(parsed.name);
  const isNull = operator === 'Null';
  if (!found && !isNull) {
    throw new Error(
      `the condition operator ${operator} is unknown: use one of ${[...operators.keys()].join(', ')}, Null`,
    );
  }
  if (block === null || typeof block !== 'object' || Array.isArray(block)) {
    throw new Error(`Condition.${operator} is ${JSON.stringify(block)}: give values by condition key`);
  }
  return Object.entries(block).map(([name, value]) => {
    const where = `Condition.${operator}.${name}`;
    const key = name.toLowerCase();
    const values = valuesOf(value, where);
    if (!found) return nullTest(key, values, where);
    const compared = values.map((one) => {
      try {
        return found.compile(one, { variables });
      } catch (error) {
        throw new Error(`${where}: ${(error as Error).message}`, { cause: error });
      }
    });
    return test(key, parsed, found.negated, compared);
  });
}

/**
 * Compiles a `Condition`: every key of every operator must hold. @throws Error that names what is wrong
 */
export function compileCondition(condition: unknown, variables: boolean): Condition {
  if (condition === undefined) return { keys: [], holds: () => true };
  if (condition === null || typeof condition !== 'object' || Array.isArray(condition)) {
    throw new Error(`Condition is ${JSON.stringify(condition)}: give operators with their keys`);
  }
  const tests = Object.entries(condition).flatMap(([operator, block]) =>
    operatorTests(operator, block, variables),
  );
  return {
    keys: [...new Set(tests.flatMap(({ keys }) => keys))],
    holds: (context) => tests.every((one) => one.holds(context)),
  };
}
