import type { AttributeValue } from '../values/attributes.ts';
import { type Condition, compileCondition } from './conditions.ts';
import type { KeyComparison } from './key-comparisons.ts';
import type { ParsedCall } from './parsed.ts';
import { type Action, type Update, updateOf } from './updates.ts';

/** The parameters that expressions have replaced (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html). */

/** One entry of `Expected`, `QueryFilter` or `ScanFilter`. */
export interface LegacyCondition {
  readonly ComparisonOperator?: string;
  readonly AttributeValueList?: readonly AttributeValue[];
  readonly Value?: AttributeValue;
  readonly Exists?: boolean;
}

/** One entry of `KeyConditions`. */
export interface LegacyKeyCondition {
  readonly ComparisonOperator: string;
  readonly AttributeValueList?: readonly AttributeValue[];
}

export interface LegacyUpdate {
  readonly Action?: string;
  readonly Value?: AttributeValue;
}

const OPERATORS: Readonly<Record<string, { readonly type: string; readonly name?: string }>> = {
  EQ: { type: '=' },
  NE: { type: '<>' },
  LT: { type: '<' },
  LE: { type: '<=' },
  GT: { type: '>' },
  GE: { type: '>=' },
  BETWEEN: { type: 'between' },
  IN: { type: 'in' },
  NULL: { type: 'function', name: 'attribute_not_exists' },
  NOT_NULL: { type: 'function', name: 'attribute_exists' },
  CONTAINS: { type: 'function', name: 'contains' },
  NOT_CONTAINS: { type: 'function', name: 'not_contains' },
  BEGINS_WITH: { type: 'function', name: 'begins_with' },
};

export function conditionOf(
  conditions: Readonly<Record<string, LegacyCondition>>,
  combination: string | undefined,
): Condition {
  const tests = Object.entries(conditions).map(([attribute, condition]) =>
    compileCondition(callOf(attribute, condition), () => undefined),
  );
  return combination === 'OR'
    ? (item, values) => tests.some((test) => test(item, values))
    : (item, values) => tests.every((test) => test(item, values));
}

function callOf(attribute: string, condition: LegacyCondition): ParsedCall {
  const operator = condition.Exists === false ? 'NULL' : (condition.ComparisonOperator ?? 'EQ');
  const operands = condition.AttributeValueList ?? (condition.Value ? [condition.Value] : []);
  return {
    ...(OPERATORS[operator] as { type: string }),
    args: [[attribute], ...operands.map((value) => ({ ...value }))],
  };
}

export function updateFrom(updates: Readonly<Record<string, LegacyUpdate>>): Update {
  const actions = Object.entries(updates).map(([attribute, { Action, Value }]): Action => {
    const path = [attribute];
    if (!Value) return { kind: 'remove', path };
    const kind = Action === 'ADD' ? 'add' : Action === 'DELETE' ? 'delete' : 'set';
    return { kind, path, value: () => Value };
  });
  return updateOf(actions, 'Type mismatch for attribute to update');
}

export function legacyTypesOf(updates: Readonly<Record<string, LegacyUpdate>>): Map<string, string> {
  return new Map(
    Object.entries(updates).flatMap(([name, { Value }]) =>
      Value ? [[name, Object.keys(Value)[0] as string]] : [],
    ),
  );
}

export function keyConditionsFrom(
  conditions: Readonly<Record<string, LegacyKeyCondition>>,
): Map<string, KeyComparison> {
  return new Map(
    Object.entries(conditions).map(([attribute, { ComparisonOperator, AttributeValueList = [] }]) => [
      attribute,
      { operator: ComparisonOperator, operands: () => AttributeValueList },
    ]),
  );
}

export type LegacyFilter = Readonly<Record<string, LegacyCondition>>;
export type LegacyUpdates = Readonly<Record<string, LegacyUpdate>>;
