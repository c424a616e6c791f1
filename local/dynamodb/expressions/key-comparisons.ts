import { validationError } from '../errors.ts';
import type { AttributeValue } from '../values/attributes.ts';
import type { PlaceholderOf, Values } from './conditions.ts';
import { isCall, isPath, type ParsedCall, type ParsedOperand } from './parsed.ts';

/** One condition on a key attribute; its values are read by their placeholders. */
export interface KeyComparison {
  readonly operator: string;
  readonly operands: (values: Values) => readonly AttributeValue[];
}

const OPERATORS: Readonly<Record<string, string>> = {
  '=': 'EQ',
  '<': 'LT',
  '<=': 'LE',
  '>': 'GT',
  '>=': 'GE',
  between: 'BETWEEN',
  function: 'BEGINS_WITH',
};
/** Operators with their sides changed: `:v < a` is `a > :v`. */
const MIRRORED: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/** The conditions on keys that a key condition holds, by attribute. Throws a ValidationException for any other. */
export function keyComparisonsOf(
  condition: ParsedCall,
  placeholderOf: PlaceholderOf,
): Map<string, KeyComparison> {
  const comparisons = new Map<string, KeyComparison>();
  for (const part of partsOf(condition)) {
    const { attribute, operator, operands } = comparisonOf(part);
    if (comparisons.has(attribute)) {
      throw validationError(
        'Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key',
      );
    }
    const placeholders = operands.map((operand) => placeholderOf(operand) as string);
    comparisons.set(attribute, {
      operator,
      operands: (values) => placeholders.map((placeholder) => values[placeholder] as AttributeValue),
    });
  }
  return comparisons;
}

function partsOf(condition: ParsedCall): ParsedCall[] {
  const { type, name, args } = condition;
  if (type === 'and') return args.flatMap((part) => partsOf(part as ParsedCall));
  const operator = type === 'function' ? (name as string) : type.toUpperCase();
  if (['OR', 'NOT', 'IN', '<>'].includes(operator) || (type === 'function' && operator !== 'begins_with')) {
    throw validationError(`Invalid operator used in KeyConditionExpression: ${operator}`);
  }
  return [condition];
}

interface Part {
  readonly attribute: string;
  readonly operator: string;
  readonly operands: readonly ParsedOperand[];
}

function comparisonOf({ type, name, args }: ParsedCall): Part {
  const paths = args.filter(isPath);
  const [path] = paths;
  if (args.some((operand) => !isPath(operand) && isCall(operand))) {
    throw validationError('KeyConditionExpressions cannot contain nested operations');
  }
  const first = args[0] as ParsedOperand;
  const label = name ?? (type === 'between' ? 'BETWEEN' : undefined);
  if (label && !isPath(first)) {
    throw invalidCondition(`${label} operator must have the key attribute as its first operand`);
  }
  if (paths.length > 1) throw invalidCondition('Multiple attribute names used in one condition');
  if (!path) throw invalidCondition('No key attribute specified');
  if (path.length > 1) {
    throw validationError('KeyConditionExpressions cannot have conditions on nested attributes');
  }
  const operator = path === first ? type : (MIRRORED[type] ?? type);
  return {
    attribute: path[0] as string,
    operator: OPERATORS[operator] as string,
    operands: args.filter((operand) => operand !== path),
  };
}

const invalidCondition = (message: string): Error =>
  validationError(`Invalid condition in KeyConditionExpression: ${message}`);
