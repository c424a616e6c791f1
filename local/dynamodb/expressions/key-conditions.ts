import { validationError } from '../errors.ts';
import type { Range } from '../storage/rows.ts';
import { type AttributeValue, type Item, typeOf } from '../values/attributes.ts';
import {
  afterPrefix,
  attributesOf,
  escaped,
  hashBytes,
  hashesOf,
  joinedBytes,
  type KeyAttribute,
  type KeySchema,
  keyOf,
  rangeBytes,
  rangesOf,
} from '../values/keys.ts';
import type { Values } from './conditions.ts';
import type { KeyComparison } from './key-comparisons.ts';

/** The part of a table or an index that the key conditions of a query name. */
export type KeyRange = Pick<Range, 'from' | 'to'> & { readonly hash: Buffer };

const NOT_INDEXABLE = ['NULL', 'NOT_NULL', 'NE', 'CONTAINS', 'NOT_CONTAINS', 'IN'];

/** Turns key conditions into a range of keys; undefined when no key can be in it. Throws a ValidationException. */
export function keyRangeOf(
  schema: KeySchema,
  conditions: ReadonlyMap<string, KeyComparison>,
  values: Values,
): KeyRange | undefined {
  checkConditions(schema, conditions, values);
  const equal = (attributes: readonly KeyAttribute[]): AttributeValue[] =>
    attributes.map(({ name }) => operandsOf(conditions.get(name), values)[0] as AttributeValue);
  const hash = hashBytes(equal(hashesOf(schema)));
  const ranges = rangesOf(schema).filter(({ name }) => conditions.has(name));
  const last = ranges.at(-1);
  const condition = last && conditions.get(last.name);
  if (!condition) return { hash };
  const operands = operandsOf(condition, values);
  if (schema.moreRange) {
    return { hash, ...joinedBounds(condition.operator, joinedBytes(equal(ranges.slice(0, -1))), operands) };
  }
  const [low, high] = operands.map(rangeBytes) as [Buffer, Buffer | undefined];
  return { hash, ...boundsOf(condition.operator, low, high) };
}

/** The bounds of a sort key of several attributes: the first are equal to those before, the next is compared. */
function joinedBounds(
  operator: string,
  before: Buffer,
  operands: readonly AttributeValue[],
): Pick<Range, 'from' | 'to'> {
  const [low, high = low] = operands.map((operand) => Buffer.concat([before, joinedBytes([operand])])) as [
    Buffer,
    Buffer | undefined,
  ];
  const open = Buffer.concat([before, escaped(rangeBytes(operands[0] as AttributeValue))]);
  const from = (key: Buffer | undefined) => key && { from: { key, inclusive: true } };
  const to = (key: Buffer | undefined) => key && { to: { key, inclusive: false } };
  switch (operator) {
    case 'LT':
      return { ...from(before), ...to(low) };
    case 'LE':
      return { ...from(before), ...to(afterPrefix(low)) };
    case 'GT':
      return { ...from(afterPrefix(low)), ...to(afterPrefix(before)) };
    case 'GE':
      return { ...from(low), ...to(afterPrefix(before)) };
    case 'BEGINS_WITH':
      return { ...from(open), ...to(afterPrefix(open)) };
    default:
      return { ...from(low), ...to(afterPrefix(high)) };
  }
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
  checkGaps(schema, conditions);
  for (const attribute of attributes) {
    const isHash = hashesOf(schema).includes(attribute);
    const condition = conditions.get(attribute.name);
    if (!condition) {
      if (isHash || (conditions.size > 1 && !schema.moreRange)) {
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

/** Of several attributes of a sort key, those before the last one that is compared must be equal to something. */
function checkGaps(schema: KeySchema, conditions: ReadonlyMap<string, KeyComparison>): void {
  const ranges = rangesOf(schema);
  if (ranges.length < 2) return;
  const names = attributesOf(schema).map(({ name }) => name);
  if ([...conditions.keys()].some((name) => !names.includes(name))) {
    throw validationError(
      `Query condition missed key schema element: ${names.find((name) => !conditions.has(name))}`,
    );
  }
  const last = ranges.findLastIndex(({ name }) => conditions.has(name));
  const open = ranges
    .slice(0, Math.max(last, 0))
    .filter(({ name }) => conditions.get(name)?.operator !== 'EQ');
  if (open.length === 0) return;
  throw validationError(
    `RANGE key attributes ${open.map(({ name }) => name).join(', ')} must have equality conditions specified in the query because a condition is present on key attribute ${ranges[last]?.name}`,
  );
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
  if (!schema.range) return true;
  const bytes = keyOf(schema, key).range;
  const { from, to } = range;
  const low = from ? Buffer.compare(bytes, from.key) : 1;
  const high = to ? Buffer.compare(bytes, to.key) : -1;
  return (
    (low > 0 || (low === 0 && from?.inclusive === true)) &&
    (high < 0 || (high === 0 && to?.inclusive === true))
  );
}
