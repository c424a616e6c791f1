import type { MemberType, MemberTypes } from '../expressions/dynalite.ts';
import { areNormal, isObject } from '../values/normal.ts';

/** The constraints of a member that are understood here; a member with any other is not certain. */
interface Constraints {
  readonly type: string;
  readonly notNull?: boolean;
  readonly required?: boolean;
  readonly enum?: readonly string[];
  readonly regex?: string;
  readonly lengthGreaterThanOrEqual?: number;
  readonly lengthLessThanOrEqual?: number;
  readonly greaterThanOrEqual?: number;
  readonly lessThanOrEqual?: number;
  readonly children?: MemberType | MemberTypes;
  /** Of a map: the constraints of its names, and the lengths of its values. */
  readonly keys?: object;
  readonly values?: { readonly lengthGreaterThanOrEqual: number; readonly lengthLessThanOrEqual: number };
}

/**
 * Whether an input certainly is what the thorough checks accept and leave as it is. Most requests are, and need no
 * copy; of the others the thorough checks say what is wrong.
 */
export function isCertainlyValid(types: MemberTypes, input: unknown): boolean {
  if (!isObject(input)) return false;
  for (const name in input) {
    const type = Object.hasOwn(types, name) ? types[name] : undefined;
    if (type === undefined || !isCertainlyOf(type, input[name])) return false;
  }
  return requiredOf(types).every((name) => input[name] !== undefined);
}

const required = new WeakMap<MemberTypes, readonly string[]>();

function requiredOf(types: MemberTypes): readonly string[] {
  let names = required.get(types);
  if (!names) {
    names = Object.keys(types).filter((name) => {
      const type = constraintsOf(types[name] as MemberType);
      return type.notNull || type.required;
    });
    required.set(types, names);
  }
  return names;
}

const constraintsOf = (type: MemberType): Constraints =>
  typeof type === 'string' ? { type } : (type as unknown as Constraints);

function isCertainlyOf(memberType: MemberType, value: unknown): boolean {
  const type = constraintsOf(memberType);
  switch (type.type.replace(/<.*/, '')) {
    case 'Boolean':
      return typeof value === 'boolean';
    case 'String':
      return typeof value === 'string' && isWithin(type, value.length) && isAllowed(type, value);
    case 'Integer':
      return Number.isInteger(value) && isWithinBounds(type, value as number);
    case 'List':
    case 'ParameterizedList':
      return (
        Array.isArray(value) &&
        isWithin(type, value.length) &&
        value.every((element) => isCertainlyOf(type.children as MemberType, element))
      );
    case 'Map':
    case 'ParameterizedMap':
      return type.children === 'AttrStruct<ValueStruct>' ? areNormal(value) : isCertainMap(type, value);
    case 'FieldStruct':
    case 'ValueStruct':
      return isCertainlyValid(type.children as MemberTypes, value);
    default:
      return false;
  }
}

function isCertainMap(type: Constraints, value: unknown): boolean {
  if (!isObject(value)) return false;
  const names = Object.keys(value);
  if (!isWithin(type, names.length) || (type.keys && !names.every((name) => isName.test(name)))) return false;
  return names.every((name) => {
    const one = value[name];
    return isCertainlyOf(type.children as MemberType, one) && (!type.values || hasLength(type.values, one));
  });
}

const hasLength = (limits: NonNullable<Constraints['values']>, value: unknown): boolean =>
  Array.isArray(value) && isWithin(limits, value.length);

function isWithin(
  type: Pick<Constraints, 'lengthGreaterThanOrEqual' | 'lengthLessThanOrEqual'>,
  length: number,
): boolean {
  return length >= (type.lengthGreaterThanOrEqual ?? 0) && length <= (type.lengthLessThanOrEqual ?? Infinity);
}

function isWithinBounds(type: Constraints, value: number): boolean {
  return value >= (type.greaterThanOrEqual ?? 0) && value <= (type.lessThanOrEqual ?? 2 ** 31);
}

/** The names of tables and indexes, the only pattern there is. */
const NAME = '[a-zA-Z0-9_.-]+';
const isName = /^[a-zA-Z0-9_.-]{3,255}$/;

function isAllowed(type: Constraints, value: string): boolean {
  if (type.enum) return type.enum.includes(value);
  return type.regex === undefined || (type.regex === NAME && isName.test(value));
}
