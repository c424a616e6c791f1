import { validationError } from '../errors.ts';
import { type AttributeValue, compareValues, typeOf } from '../values/attributes.ts';
import { problemOf } from '../values/problems.ts';

/** How many values an operator takes, at least and at most. */
const COUNTS: Readonly<Record<string, readonly [number, number]>> = {
  NULL: [0, 0],
  NOT_NULL: [0, 0],
  BETWEEN: [2, 2],
  IN: [1, Number.POSITIVE_INFINITY],
};
const ONE: readonly [number, number] = [1, 1];

const SCALARS = ['S', 'N', 'B'];
/** The types of values that an operator takes; one that is not here takes all. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  LE: SCALARS,
  LT: SCALARS,
  GE: SCALARS,
  GT: SCALARS,
  CONTAINS: SCALARS,
  NOT_CONTAINS: SCALARS,
  BEGINS_WITH: ['S', 'B'],
  IN: SCALARS,
  BETWEEN: SCALARS,
};

interface Comparison {
  readonly ComparisonOperator?: string;
  readonly AttributeValueList?: readonly AttributeValue[];
}

/** Checks `KeyConditions`, `QueryFilter` or `ScanFilter`: the values, and that the operators take them. */
export function checkComparisons(comparisons: Readonly<Record<string, Comparison>> | undefined): void {
  for (const { ComparisonOperator = '', AttributeValueList = [] } of Object.values(comparisons ?? {})) {
    for (const value of AttributeValueList) {
      const problem = problemOf(value);
      if (problem) throw validationError(problem);
    }
    checkComparison(ComparisonOperator, AttributeValueList);
  }
}

function checkComparison(operator: string, values: readonly AttributeValue[]): void {
  const [least, most] = COUNTS[operator] ?? ONE;
  if (values.length < least || values.length > most) {
    throw invalid(`Invalid number of argument(s) for the ${operator} ComparisonOperator`);
  }
  const types = values.map(typeOf);
  if (new Set(types).size > 1) {
    throw invalid('AttributeValues inside AttributeValueList must be of same type');
  }
  for (const type of types) {
    if (TYPES[operator]?.includes(type) === false) {
      throw invalid(`ComparisonOperator ${operator} is not valid for ${type} AttributeValue type`);
    }
  }
  const [low, high] = values;
  if (operator === 'BETWEEN' && low && high && (compareValues(low, high) ?? 0) > 0) {
    throw validationError(
      'The BETWEEN condition was provided a range where the lower bound is greater than the upper bound',
    );
  }
}

const invalid = (message: string): Error =>
  validationError(`One or more parameter values were invalid: ${message}`);

/** Refuses `ConditionalOperator` where it joins nothing. */
export function checkConditionalOperator(
  operator: string | undefined,
  conditions: Readonly<Record<string, unknown>> | undefined,
): void {
  if (operator === undefined) return;
  if (!conditions) throw validationError('ConditionalOperator cannot be used without Filter or Expected');
  if (Object.keys(conditions).length < 2) {
    throw validationError(
      'ConditionalOperator can only be used when Filter or Expected has two or more elements',
    );
  }
}
