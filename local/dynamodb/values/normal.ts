import type { AttributeValue } from './attributes.ts';

/** Lists and maps may be nested this deep (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html). */
const MAX_DEPTH = 32;

/** The longest name of an attribute, in characters; longer ones are refused by the thorough checks, which count bytes. */
const MAX_NAME = 65535 / 4;

/** Numbers that need no normalizing: integers and decimals of at most 38 characters, no superfluous zeros. */
const NORMAL_NUMBER = /^(?:0|-?[1-9]\d{0,36}|-?(?:0|[1-9]\d{0,17})\.\d{0,17}[1-9])$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/;

/**
 * Whether every value in `values` is well formed and already in its normal form: then it needs neither a copy nor the
 * thorough checks, which say what is wrong.
 */
export function areNormal(values: unknown): boolean {
  return isObject(values) && allNormal(values, 0);
}

function allNormal(values: Record<string, unknown>, depth: number): boolean {
  for (const name in values) {
    if (name.length > MAX_NAME || !isNormal(values[name], depth)) return false;
  }
  return true;
}

function isNormal(value: unknown, depth: number): boolean {
  if (!isObject(value)) return false;
  let type: string | undefined;
  for (const name in value) {
    if (type !== undefined) return false;
    type = name;
  }
  if (type === undefined) return false;
  const content = value[type];
  switch (type) {
    case 'S':
      return typeof content === 'string';
    case 'N':
      return isNormalNumber(content);
    case 'B':
      return isBase64(content);
    case 'BOOL':
      return typeof content === 'boolean';
    case 'NULL':
      return content === true;
    case 'M':
      return depth < MAX_DEPTH - 1 && isObject(content) && allNormal(content, depth + 1);
    case 'L':
      return (
        depth < MAX_DEPTH - 1 &&
        Array.isArray(content) &&
        content.every((element) => isNormal(element, depth + 1))
      );
    case 'SS':
      return isSet(content, (member) => typeof member === 'string');
    case 'NS':
      return isSet(content, isNormalNumber);
    case 'BS':
      return isSet(content, isBase64);
    default:
      return false;
  }
}

const isNormalNumber = (content: unknown): boolean =>
  typeof content === 'string' && NORMAL_NUMBER.test(content);
const isBase64 = (content: unknown): boolean => typeof content === 'string' && BASE64.test(content);

function isSet(content: unknown, isMember: (member: unknown) => boolean): boolean {
  return (
    Array.isArray(content) &&
    content.length > 0 &&
    content.every(isMember) &&
    new Set(content).size === content.length
  );
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is nested deeper than DynamoDB stores. */
export function isTooDeep(value: AttributeValue, depth = 0): boolean {
  const children = value.L ?? (value.M && Object.values(value.M));
  if (!children) return false;
  return depth >= MAX_DEPTH - 1 || children.some((child) => isTooDeep(child, depth + 1));
}
