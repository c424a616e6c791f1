import { resolve, type Scope } from './intrinsics.ts';

type Evaluate = (value: unknown) => boolean;

/**
 * Evaluates the `Conditions` of a template by name, each once.
 *
 * @throws when a condition does not exist, refers to itself or uses what is no condition function.
 */
export function conditionsOf(
  conditions: Readonly<Record<string, unknown>>,
  scope: Omit<Scope, 'condition'>,
): (name: string) => boolean {
  const known = new Map<string, boolean | 'open'>();

  function byName(name: string): boolean {
    const value = known.get(name);
    if (value === 'open') throw new Error(`the condition ${name} refers to itself`);
    if (value !== undefined) return value;
    if (!Object.hasOwn(conditions, name)) throw new Error(`the condition ${name} does not exist`);
    known.set(name, 'open');
    const result = evaluate(conditions[name]);
    known.set(name, result);
    return result;
  }

  function operands(value: unknown, name: string, least: number, most: number): unknown[] {
    if (Array.isArray(value) && value.length >= least && value.length <= most) return value;
    throw new Error(`${name} expects a list of ${least === most ? least : `${least} to ${most}`} values`);
  }

  // The numbers of operands are CloudFormation's: two to ten for Fn::And and Fn::Or.
  const functions: Readonly<Record<string, Evaluate>> = {
    Condition: (value) => byName(String(value)),
    'Fn::And': (value) => operands(value, 'Fn::And', 2, 10).every(evaluate),
    'Fn::Or': (value) => operands(value, 'Fn::Or', 2, 10).some(evaluate),
    'Fn::Not': (value) => !evaluate(operands(value, 'Fn::Not', 1, 1)[0]),
    'Fn::Equals': (value) => {
      const [left, right] = operands(value, 'Fn::Equals', 2, 2).map((side) =>
        JSON.stringify(resolve(side, { ...scope, condition: byName })),
      );
      return left === right;
    },
  };

  function evaluate(value: unknown): boolean {
    const [name, ...others] = value !== null && typeof value === 'object' ? Object.keys(value) : [];
    const evaluateFunction = name === undefined || others.length > 0 ? undefined : functions[name];
    if (!evaluateFunction || name === undefined) {
      throw new Error(`${JSON.stringify(value)} is not a condition function`);
    }
    return evaluateFunction((value as Record<string, unknown>)[name]);
  }

  return byName;
}
