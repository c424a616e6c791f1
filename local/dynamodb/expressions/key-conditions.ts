import { validationError } from '../errors.ts';
import type { Range } from '../storage/rows.ts';
import { type AttributeValue, type Item, typeOf } from '../values/attributes.ts';
import { afterPrefix, attributesOf, hashBytes, type KeySchema, rangeBytes } from '../values/keys.ts';
import type { Values } from './conditions.ts';
import type { KeyComparison } from './key-comparisons.ts';

/** The part of a table or an index that the key conditions of a query name. */
export type KeyRange = Pick<Range, 'from' | 'to'> & {
  readonly hash: Buffer;
  readonly hashValue: AttributeValue;
};

const NOT_INDEXABLE = ['NULL', 'NOT_NULL', 'NE', 'CONTAINS', 'NOT_CONTAINS', 'IN'];

/** Turns key conditions into a range of keys; undefined when no key can be in it. Throws a ValidationException. */
export function keyRangeOf(
  schema: KeySchema,
  conditions: ReadonlyMap<string, KeyComparison>,
  values: Values,
): KeyRange | undefined {
  checkConditions(schema, conditions, values);
  const hashValue = operandsOf(conditions.get(schema.hash.name), values)[0] as AttributeValue;
  const hash = hashBytes(hashValue);
  const range = schema.range && conditions.get(schema.range.name);
  if (!range) return { hash, hashValue };
  const [low, high] = operandsOf(range, values).map(rangeBytes) as [Buffer, Buffer | undefined];
  return { hash, hashValue, ...boundsOf(range.operator, low, high) };
}

function operandsOf(condition: KeyComparison | undefined, values: Values): readonly AttributeValue[] {
  return condition?.operands(values) ?? [];
}

function boundsOf(operator: string, low: Buffer, high: Buffer | undefined): Pick<Range, 'from' | 'to'> {
  const inclusive = (key: Buffer) => ({ key, inclusive: true });
  const exclusive = (key: Buffer) => ({ key, inclusive: false });
  switch (operator) {
    case 'LT':
      return { to: exclusive(low) };
    case 'LE':
      return { to: inclusive(low) };
    case 'GT':
      return { from: exclusive(low) };
    case 'GE':
      return { from: inclusive(low) };
    case 'BETWEEN':
      return { from: inclusive(low), to: inclusive(high as Buffer) };
    case 'BEGINS_WITH': {
      const after = afterPrefix(low);
      return { from: inclusive(low), to: after && exclusive(after) };
    }
    default:
      return { from: inclusive(low), to: inclusive(low) };
  }
}

function checkConditions(
  schema: KeySchema,
  conditions: ReadonlyMap<string, KeyComparison>,
  values: Values,
): void {
  const attributes = attributesOf(schema);
  if (conditions.size > attributes.length) {
    throw validationError(
      conditions.size > 2
        ? `The number of query conditions (${conditions.size}) exceeds the number of key attributes defined in the schema (${attributes.length})`
        : 'Query key condition not supported',
    );
  }
  for (const attribute of attributes) {
    const isHash = attribute === schema.hash;
    const condition = conditions.get(attribute.name);
    if (!condition) {
      if (isHash || conditions.size > 1) {
        throw validationError(`Query condition missed key schema element: ${attribute.name}`);
      }
      continue;
    }
    if (NOT_INDEXABLE.includes(condition.operator)) {
      throw validationError('Attempted conditional constraint is not an indexable operation');
    }
    const operands = condition.operands(values);
    if (operands.some((operand) => typeOf(operand) !== attribute.type)) {
      throw validationError(
        'One or more parameter values were invalid: Condition parameter type does not match schema type',
      );
    }
    if (isHash && condition.operator !== 'EQ') throw validationError('Query key condition not supported');
    checkOperands(attribute.name, operands, condition.operator);
  }
}

function checkOperands(name: string, operands: readonly AttributeValue[], operator: string): void {
  for (const operand of operands) {
    if ((operand.S === '' || operand.B === '') && operator === 'EQ') {
      throw validationError(
        `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${operand.S === '' ? 'string' : 'binary'} value. Key: ${name}`,
      );
    }
  }
}

/** Whether a key lies in a range of keys, so that a query may go on from it. */
export function isWithin(schema: KeySchema, range: KeyRange, key: Item): boolean {
  const sort = schema.range && key[schema.range.name];
  if (!sort) return true;
  const bytes = rangeBytes(sort);
  const { from, to } = range;
  const low = from ? Buffer.compare(bytes, from.key) : 1;
  const high = to ? Buffer.compare(bytes, to.key) : -1;
  return (
    (low > 0 || (low === 0 && from?.inclusive === true)) &&
    (high < 0 || (high === 0 && to?.inclusive === true))
  );
}
