import {
  type AttributeValue,
  beginsWith,
  bytesOf,
  compareValues,
  containsValue,
  equalValues,
  type Item,
  typeOf,
} from '../values/attributes.ts';
import { valueAt } from '../values/paths.ts';
import { isCall, isPath, type ParsedCall, type ParsedOperand } from './parsed.ts';

/** The values of a request by their placeholders. */
export type Values = Readonly<Record<string, AttributeValue>>;
export type Condition = (item: Item, values: Values) => boolean;
export type Operand = (item: Item, values: Values) => AttributeValue | undefined;
/** Finds the placeholder that a parsed value came from. */
export type PlaceholderOf = (value: object) => string | undefined;

/** Compiles a parsed condition; a comparison with a missing operand is false, except `<>`, which is true. */
export function compileCondition(call: ParsedCall, placeholderOf: PlaceholderOf): Condition {
  if (call.type === 'and' || call.type === 'or' || call.type === 'not') {
    const [first, second] = call.args.map((arg) => compileCondition(arg as ParsedCall, placeholderOf)) as [
      Condition,
      Condition,
    ];
    if (call.type === 'and') return (item, values) => first(item, values) && second(item, values);
    if (call.type === 'or') return (item, values) => first(item, values) || second(item, values);
    return (item, values) => !first(item, values);
  }
  const test = testOf(call.type === 'function' ? (call.name as string) : call.type);
  const operands = call.args.map((arg) => compileOperand(arg, placeholderOf));
  return (item, values) => test(...operands.map((operand) => operand(item, values)));
}

type Test = (...operands: (AttributeValue | undefined)[]) => boolean;

const ordered =
  (holds: (order: number) => boolean): Test =>
  (a, b) => {
    const order = a && b && compareValues(a, b);
    return order !== undefined && holds(order);
  };
const atLeast = ordered((order) => order >= 0);
const atMost = ordered((order) => order <= 0);

const TESTS: Readonly<Record<string, Test>> = {
  '=': (a, b) => a !== undefined && b !== undefined && equalValues(a, b),
  '<>': (a, b) => a === undefined || b === undefined || !equalValues(a, b),
  '<': ordered((order) => order < 0),
  '<=': atMost,
  '>': ordered((order) => order > 0),
  '>=': atLeast,
  between: (value, low, high) => atLeast(value, low) && atMost(value, high),
  in: (value, ...candidates) =>
    value !== undefined &&
    candidates.some((candidate) => candidate !== undefined && equalValues(value, candidate)),
  attribute_exists: (value) => value !== undefined,
  attribute_not_exists: (value) => value === undefined,
  attribute_type: (value, type) => value !== undefined && typeOf(value) === type?.S,
  begins_with: (value, prefix) => value !== undefined && prefix !== undefined && beginsWith(value, prefix),
  contains: (value, operand) => value !== undefined && operand !== undefined && containsValue(value, operand),
  not_contains: (value, operand) =>
    value !== undefined && operand !== undefined && !containsValue(value, operand),
};

function testOf(name: string): Test {
  const test = TESTS[name];
  if (!test) throw new TypeError(`no condition ${name}`);
  return test;
}

export function compileOperand(operand: ParsedOperand, placeholderOf: PlaceholderOf): Operand {
  if (isPath(operand)) return (item) => valueAt(item, operand);
  if (isCall(operand)) {
    const sized = compileOperand(operand.args[0] as ParsedOperand, placeholderOf);
    return (item, values) => sizeOf(sized(item, values));
  }
  const placeholder = placeholderOf(operand);
  if (placeholder === undefined) return () => operand as AttributeValue;
  return (_item, values) => values[placeholder];
}

/** `size(operand)`: UTF-16 units of a string, bytes of a binary, members of a set, elements of a list or map. */
function sizeOf(value: AttributeValue | undefined): AttributeValue | undefined {
  const size = value && countOf(value);
  return size === undefined ? undefined : { N: String(size) };
}

function countOf(value: AttributeValue): number | undefined {
  if (value.S !== undefined) return value.S.length;
  if (value.B !== undefined) return bytesOf(value.B).length;
  return (value.SS ?? value.NS ?? value.BS ?? value.L ?? (value.M && Object.keys(value.M)))?.length;
}
