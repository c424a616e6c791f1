import { type AttributeType, type AttributeValue, compareValues, typeOf } from '../values/attributes.ts';
import { isCall, isPath, type ParsedOperand, pathText } from './parsed.ts';
import { invalid } from './tokens.ts';

type Operands = readonly ParsedOperand[];

const ORDERED: readonly string[] = ['S', 'N', 'B'];
const SIZED: readonly string[] = ['S', 'B', 'SS', 'NS', 'BS', 'L', 'M'];
const SETS: readonly string[] = ['SS', 'NS', 'BS'];

/** The types that an operator or function takes, where the request shows the operand's type. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  '<': ORDERED,
  '<=': ORDERED,
  '>': ORDERED,
  '>=': ORDERED,
  between: ORDERED,
  begins_with: ['S', 'B'],
  size: SIZED,
  list_append: ['L'],
  add: ['N'],
  subtract: ['N'],
};

/** The names of operators in messages, where they are others. */
const LABELS: Readonly<Record<string, string>> = { between: 'BETWEEN', in: 'IN', add: '+', subtract: '-' };
const labelOf = (name: string): string => LABELS[name] ?? name;

const NEED_PATH = ['attribute_exists', 'attribute_not_exists', 'attribute_type', 'if_not_exists'];
const MAY_REPEAT = ['size', 'list_append', 'add', 'subtract', 'ADD', 'DELETE'];

/** Checks the operands of an operator or function as far as the request shows their types. */
export function checkOperands(member: string, name: string, operands: Operands): void {
  const complaint =
    complaintAboutPath(name, operands) ??
    (MAY_REPEAT.includes(name) ? undefined : complaintAboutRepetition(name, operands)) ??
    complaintAboutTypes(name, operands) ??
    complaintAboutValues(name, operands);
  if (complaint) throw invalid(member, complaint);
}

function complaintAboutPath(name: string, [first]: Operands): string | undefined {
  return NEED_PATH.includes(name) && first && !isPath(first)
    ? `Operator or function requires a document path; operator or function: ${name}`
    : undefined;
}

function complaintAboutRepetition(name: string, [first, ...others]: Operands): string | undefined {
  if (!first || !isPath(first)) return undefined;
  const repeated = others.some(
    (other) =>
      isPath(other) && other.length === first.length && other.every((step, index) => step === first[index]),
  );
  return repeated
    ? `The first operand must be distinct from the remaining operands for this operator or function; operator: ${labelOf(name)}, first operand: ${pathText(first)}`
    : undefined;
}

function complaintAboutTypes(name: string, operands: Operands): string | undefined {
  const types = TYPES[name];
  if (!types) return undefined;
  for (const operand of operands) {
    const type = shownType(operand);
    if (type && !types.includes(type)) {
      return `Incorrect operand type for operator or function; operator or function: ${labelOf(name)}, operand type: ${type}`;
    }
  }
  return undefined;
}

/** The type of a value, or of what `size` gives; a path has the type of what is stored. */
function shownType(operand: ParsedOperand): AttributeType | undefined {
  if (isPath(operand)) return undefined;
  if (isCall(operand)) return operand.name === 'size' ? 'N' : undefined;
  return typeOf(operand);
}

const constantOf = (operand: ParsedOperand | undefined): AttributeValue | undefined =>
  operand === undefined || isPath(operand) || isCall(operand) ? undefined : operand;

function complaintAboutValues(name: string, operands: Operands): string | undefined {
  switch (name) {
    case 'between':
      return complaintAboutBounds(constantOf(operands[1]), constantOf(operands[2]));
    case 'attribute_type':
      return complaintAboutTypeName(constantOf(operands[1]));
    case 'ADD':
    case 'DELETE':
      return complaintAboutAction(name, constantOf(operands[0]));
    default:
      return undefined;
  }
}

function complaintAboutBounds(
  low: AttributeValue | undefined,
  high: AttributeValue | undefined,
): string | undefined {
  if (!low || !high) return undefined;
  const demand =
    typeOf(low) !== typeOf(high)
      ? 'same data type for lower and upper bounds'
      : (compareValues(low, high) ?? 0) > 0
        ? 'upper bound to be greater than or equal to lower bound'
        : undefined;
  return (
    demand &&
    `The BETWEEN operator requires ${demand}; lower bound operand: ${textOf(low)}, upper bound operand: ${textOf(high)}`
  );
}

function textOf(value: AttributeValue): string {
  const type = typeOf(value);
  return `AttributeValue: {${type}:${value[type]}}`;
}

const TYPE_NAMES = ['S', 'N', 'B', 'NULL', 'SS', 'BOOL', 'L', 'BS', 'NS', 'M'];

function complaintAboutTypeName(value: AttributeValue | undefined): string | undefined {
  if (value?.S === undefined) {
    return `Incorrect operand type for operator or function; operator or function: attribute_type, operand type: ${value ? typeOf(value) : '{NS,SS,L,BS,N,M,B,BOOL,NULL,S}'}`;
  }
  return TYPE_NAMES.includes(value.S)
    ? undefined
    : `Invalid attribute type name found; type: ${value.S}, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}`;
}

const LONG_NAMES: Readonly<Record<string, string>> = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  BOOL: 'BOOLEAN',
  NULL: 'NULL',
  L: 'LIST',
  M: 'MAP',
};

function complaintAboutAction(
  keyword: 'ADD' | 'DELETE',
  value: AttributeValue | undefined,
): string | undefined {
  const type = value && typeOf(value);
  if (!type || SETS.includes(type) || (keyword === 'ADD' && type === 'N')) return undefined;
  return `Incorrect operand type for operator or function; operator: ${keyword}, operand type: ${LONG_NAMES[type]}, typeSet: ALLOWED_FOR_${keyword}_OPERAND`;
}
