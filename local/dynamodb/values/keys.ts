import { crc32 } from 'node:zlib';
import { validationError } from '../errors.ts';
import { type AttributeValue, bytesOf, type Item, type KeyType, typeOf } from './attributes.ts';
import { numberBytes } from './numbers.ts';

/** One attribute of a key, with its type. */
export interface KeyAttribute {
  readonly name: string;
  readonly type: KeyType;
}

/**
 * The key of a table or an index. A global index may have up to four attributes for each part
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.DesignPattern.MultiAttributeKeys.html).
 */
export interface KeySchema {
  readonly hash: KeyAttribute;
  readonly moreHash?: readonly KeyAttribute[];
  readonly range?: KeyAttribute;
  readonly moreRange?: readonly KeyAttribute[];
}

/** A key as the storage holds it: bytes that sort as the attributes do. */
export interface StoredKey {
  readonly hash: Buffer;
  readonly range: Buffer;
}

/** Parts of the hash that precede a partition key: scans go in this order, and segments divide it. */
export const PARTITIONS = 2 ** 16;

/** A partition key: two bytes of its hash, then the key. Like DynamoDB's, scans come in no order of the keys. */
export function hashBytes(values: readonly AttributeValue[]): Buffer {
  const bytes = partBytes(values);
  const stored = Buffer.allocUnsafe(bytes.length + 2);
  stored.writeUInt16BE(crc32(bytes) >>> 16);
  bytes.copy(stored, 2);
  return stored;
}

function partBytes(values: readonly AttributeValue[]): Buffer {
  return values.length === 1 ? rangeBytes(values[0] as AttributeValue) : joinedBytes(values);
}

/** Several values one after the other, so that they sort as the values do: each is closed, and escaped before. */
export function joinedBytes(values: readonly AttributeValue[]): Buffer {
  return Buffer.concat(values.flatMap((value) => [escaped(rangeBytes(value)), CLOSED]));
}

const CLOSED = Buffer.from([0, 0]);

/** Bytes that hold no two zeros in a row. */
export function escaped(bytes: Buffer): Buffer {
  return bytes.includes(0)
    ? Buffer.from([...bytes].flatMap((byte) => (byte === 0 ? [0, 1] : [byte])))
    : bytes;
}

/** A sort key: strings by their UTF-8 bytes, numbers by value, binaries by their bytes. */
export function rangeBytes(value: AttributeValue): Buffer {
  if (value.S !== undefined) return Buffer.from(value.S);
  if (value.N !== undefined) return numberBytes(value.N);
  return bytesOf(value.B as string);
}

const NO_RANGE = Buffer.alloc(0);

/** The key of an item whose key attributes are known to be there. */
export function keyOf(schema: KeySchema, item: Item): StoredKey {
  const { hash, moreHash, range, moreRange } = schema;
  return {
    hash: hashBytes(moreHash ? valuesOf(hashesOf(schema), item) : [item[hash.name] as AttributeValue]),
    range: range ? partBytes(valuesOf(moreRange ? rangesOf(schema) : [range], item)) : NO_RANGE,
  };
}

const valuesOf = (attributes: readonly KeyAttribute[], item: Item): AttributeValue[] =>
  attributes.map(({ name }) => item[name] as AttributeValue);

/** The key of an item in an index, undefined when the item is not in it. */
export function indexKeyOf(schema: KeySchema, item: Item): StoredKey | undefined {
  return attributesOf(schema).every(({ name, type }) => item[name]?.[type] !== undefined)
    ? keyOf(schema, item)
    : undefined;
}

export function sameKey(a: StoredKey | undefined, b: StoredKey | undefined): boolean {
  return a && b ? a.hash.equals(b.hash) && a.range.equals(b.range) : a === b;
}

export function attributesOf(schema: KeySchema): readonly KeyAttribute[] {
  const { moreHash, moreRange } = schema;
  if (!moreHash && !moreRange) return schema.range ? [schema.hash, schema.range] : [schema.hash];
  return [...hashesOf(schema), ...rangesOf(schema)];
}

export const hashesOf = ({ hash, moreHash = [] }: KeySchema): KeyAttribute[] => [hash, ...moreHash];
export const rangesOf = ({ range, moreRange = [] }: KeySchema): KeyAttribute[] =>
  range ? [range, ...moreRange] : [];

/** The first key after all keys that begin with `prefix`; undefined when there is none. */
export function afterPrefix(prefix: Buffer): Buffer | undefined {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 0xff) length--;
  if (length === 0) return undefined;
  const after = Buffer.from(prefix.subarray(0, length));
  after[length - 1] = (after[length - 1] as number) + 1;
  return after;
}

/** Checks a key of a request: its attributes are those of the schema, of its types, neither empty nor too long. */
export function checkKey(schema: KeySchema, key: Item): void {
  const attributes = attributesOf(schema);
  if (Object.keys(key).length !== attributes.length) throw keyMismatch();
  for (const attribute of attributes) {
    const value = key[attribute.name];
    if (value?.[attribute.type] === undefined) throw keyMismatch();
    checkKeyValue(schema, attribute, value);
  }
}

export function keyMismatch(): Error {
  return validationError('The provided key element does not match the schema');
}

/** Checks the key attributes of an item to be stored. */
export function checkItemKey(schema: KeySchema, item: Item): void {
  for (const attribute of attributesOf(schema)) {
    const value = item[attribute.name];
    if (!value) {
      throw validationError(
        `One or more parameter values were invalid: Missing the key ${attribute.name} in the item`,
      );
    }
    if (value[attribute.type] === undefined) {
      throw validationError(
        `One or more parameter values were invalid: Type mismatch for key ${attribute.name} expected: ${attribute.type} actual: ${typeOf(value)}`,
      );
    }
    checkKeyValue(schema, attribute, value);
  }
}

/** Checks the attributes of an item that are keys of an index; they may be missing. */
export function checkIndexKey(index: string, schema: KeySchema, item: Item): void {
  for (const attribute of attributesOf(schema)) {
    const value = item[attribute.name];
    if (!value) continue;
    if (value[attribute.type] === undefined) {
      throw validationError(
        `One or more parameter values were invalid: Type mismatch for Index Key ${attribute.name} Expected: ${attribute.type} Actual: ${typeOf(value)} IndexName: ${index}`,
      );
    }
    if (isEmpty(value)) {
      throw validationError(
        `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty ${kindOf(value)} value. IndexName: ${index}, IndexKey: ${attribute.name}`,
      );
    }
    checkSize(schema, attribute, value);
  }
}

/** Checks the keys of an index in an item that an update has made. */
export function checkUpdatedIndexKey(index: string, schema: KeySchema, item: Item): void {
  for (const { name } of attributesOf(schema)) {
    const value = item[name];
    if (value && isEmpty(value)) {
      throw validationError(
        `One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty ${kindOf(value)} value.`,
      );
    }
  }
  checkIndexKey(index, schema, item);
}

function checkKeyValue(schema: KeySchema, attribute: KeyAttribute, value: AttributeValue): void {
  if (isEmpty(value)) {
    throw validationError(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${kindOf(value)} value. Key: ${attribute.name}`,
    );
  }
  checkSize(schema, attribute, value);
}

const isEmpty = (value: AttributeValue): boolean => value.S === '' || value.B === '';
const kindOf = (value: AttributeValue): string => (value.S === undefined ? 'binary' : 'string');

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-partition-sort-keys */
const MAX_HASH_BYTES = 2048;
const MAX_RANGE_BYTES = 1024;

function checkSize(schema: KeySchema, attribute: KeyAttribute, value: AttributeValue): void {
  if (value.N !== undefined) return;
  const size =
    value.S === undefined ? Buffer.byteLength(value.B as string, 'base64') : Buffer.byteLength(value.S);
  const isHash = hashesOf(schema).includes(attribute);
  if (isHash && size > MAX_HASH_BYTES) {
    throw validationError(
      'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes',
    );
  }
  if (!isHash && size > MAX_RANGE_BYTES) {
    throw validationError(
      'One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes',
    );
  }
}
