import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { convertToAttr, convertToNative } from '@aws-sdk/util-dynamodb';

/** An item as DynamoDB takes and answers it in JSON: each value with its type. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** An item, or some of its attributes, as the functions know it. */
export type Item = Record<string, unknown>;

/** As the document client of the SDK does it, in one pass and in less time; what is undefined is left out. */
export function toAttributes(item: Readonly<Item>): Attributes {
  const attributes: Record<string, AttributeValue> = {};
  for (const name of Object.keys(item)) {
    const value = item[name];
    if (value !== undefined) attributes[name] = toAttribute(value);
  }
  return attributes;
}

/** The opposite of `toAttributes`. */
export function fromAttributes(attributes: Attributes): Item {
  const item: Item = {};
  for (const name of Object.keys(attributes)) item[name] = fromAttribute(attributes[name] as AttributeValue);
  return item;
}

// The usual types here; the SDK knows the others, and what is no value at all. No attribute of ours is binary, which JSON is not.
function toAttribute(value: unknown): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (Number.isSafeInteger(value)) return { N: String(value) };
  if (Array.isArray(value)) return { L: value.filter((one) => one !== undefined).map(toAttribute) };
  if (isPlain(value)) return { M: toAttributes(value) };
  return convertToAttr(value as never, { removeUndefinedValues: true });
}

function fromAttribute(attribute: AttributeValue): unknown {
  if (attribute.S !== undefined) return attribute.S;
  if (attribute.M !== undefined) return fromAttributes(attribute.M);
  if (attribute.L !== undefined) return attribute.L.map(fromAttribute);
  const number = Number(attribute.N);
  if (Number.isSafeInteger(number)) return number;
  return convertToNative(attribute);
}

const isPlain = (value: unknown): value is Item =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
