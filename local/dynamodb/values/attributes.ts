import { compareNumbers } from './numbers.ts';

/** A DynamoDB value in the form of the wire: one member, named by its type. Numbers and binaries are strings. */
export interface AttributeValue {
  S?: string;
  N?: string;
  B?: string;
  BOOL?: boolean;
  NULL?: boolean;
  SS?: string[];
  NS?: string[];
  BS?: string[];
  L?: AttributeValue[];
  M?: Item;
}

export type Item = Record<string, AttributeValue>;
export type AttributeType = keyof AttributeValue;
export type KeyType = 'S' | 'N' | 'B';

export function typeOf(value: AttributeValue): AttributeType {
  for (const type in value) return type as AttributeType;
  throw new TypeError('an attribute value without a type: validate values before comparing them');
}

/** Equality as `=` sees it: sets without order, lists with it, numbers by value (stored numbers are normalized). */
export function equalValues(a: AttributeValue, b: AttributeValue): boolean {
  const type = typeOf(a);
  if (type !== typeOf(b)) return false;
  switch (type) {
    case 'SS':
    case 'NS':
    case 'BS':
      return sameMembers(a[type] ?? [], b[type] ?? []);
    case 'L':
      return sameList(a.L ?? [], b.L ?? []);
    case 'M':
      return equalItems(a.M ?? {}, b.M ?? {});
    default:
      return a[type] === b[type];
  }
}

export function equalItems(a: Item, b: Item): boolean {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => {
    const [x, y] = [a[name], b[name]];
    return x !== undefined && y !== undefined && equalValues(x, y);
  });
}

function sameMembers(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  const members = new Set(a);
  return b.every((member) => members.has(member));
}

function sameList(a: readonly AttributeValue[], b: readonly AttributeValue[]): boolean {
  return a.length === b.length && a.every((value, index) => equalValues(value, b[index] as AttributeValue));
}

/** The order of two scalars of one type: negative, zero or positive; undefined where there is no order. */
export function compareValues(a: AttributeValue, b: AttributeValue): number | undefined {
  if (a.S !== undefined && b.S !== undefined) return compareUtf8(a.S, b.S);
  if (a.N !== undefined && b.N !== undefined) return compareNumbers(a.N, b.N);
  if (a.B !== undefined && b.B !== undefined) return Buffer.compare(bytesOf(a.B), bytesOf(b.B));
  return undefined;
}

/** Orders strings by their UTF-8 bytes, which is by code point: a surrogate stands for one above
 * U+FFFF, though JavaScript orders it below U+E000. */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const x = a.charCodeAt(index);
    const y = b.charCodeAt(index);
    if (x !== y) return isSurrogate(x) === isSurrogate(y) ? x - y : isSurrogate(x) ? 1 : -1;
  }
  return a.length - b.length;
}

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff;

export function bytesOf(base64: string): Buffer {
  return Buffer.from(base64, 'base64');
}

/** `contains(container, operand)`: a part of a string or binary, a member of a set, an element of a list. */
export function containsValue(container: AttributeValue, operand: AttributeValue): boolean {
  if (container.L) return container.L.some((element) => equalValues(element, operand));
  if (operand.S !== undefined) {
    return container.S !== undefined
      ? container.S.includes(operand.S)
      : (container.SS?.includes(operand.S) ?? false);
  }
  if (operand.N !== undefined) return container.NS?.includes(operand.N) ?? false;
  if (operand.B !== undefined) {
    return container.B !== undefined
      ? bytesOf(container.B).includes(bytesOf(operand.B))
      : (container.BS?.includes(operand.B) ?? false);
  }
  return false;
}

/** Whether `value` begins with `prefix`; both are strings or both binaries. */
export function beginsWith(value: AttributeValue, prefix: AttributeValue): boolean {
  if (value.S !== undefined && prefix.S !== undefined) return value.S.startsWith(prefix.S);
  if (value.B === undefined || prefix.B === undefined) return false;
  const start = bytesOf(prefix.B);
  return bytesOf(value.B).subarray(0, start.length).equals(start);
}

export function cloneValue(value: AttributeValue): AttributeValue {
  if (value.M) return { M: cloneItem(value.M) };
  if (value.L) return { L: value.L.map(cloneValue) };
  for (const type of ['SS', 'NS', 'BS'] as const) {
    const members = value[type];
    if (members) return { [type]: [...members] };
  }
  return { ...value };
}

function cloneItem(item: Item): Item {
  const copy: Item = {};
  for (const name in item) copy[name] = cloneValue(item[name] as AttributeValue);
  return copy;
}
