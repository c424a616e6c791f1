import { AwsError, type Caller } from '../aws.ts';
import type { MessageAttribute, MessageAttributes } from './message.ts';

/** Readers of the members of a request; each throws the error that SQS answers. */
export type Input = Readonly<Record<string, unknown>>;

export type Action = (input: Input, caller: Caller) => unknown;

export function invalidParameter(name: string, value: unknown, reason: string): AwsError {
  const shown = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return new AwsError(
    'InvalidParameterValue',
    `Value ${shown} for parameter ${name} is invalid. Reason: ${reason}.`,
  );
}

export function requiredString(input: Input, name: string): string {
  const value = input[name];
  if (typeof value !== 'string') {
    throw new AwsError('MissingParameter', `The request must contain the parameter ${name}.`);
  }
  return value;
}

export function optionalInteger(input: Input, name: string, min: number, max: number): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    throw invalidParameter(name, value, `Must be an integer between ${min} and ${max}`);
  }
  return value;
}

export function requiredInteger(input: Input, name: string, min: number, max: number): number {
  const value = optionalInteger(input, name, min, max);
  if (value === undefined) {
    throw new AwsError('MissingParameter', `The request must contain the parameter ${name}.`);
  }
  return value;
}

export function strings(input: Input, name: string): string[] {
  const value = input[name] ?? [];
  if (!Array.isArray(value) || value.some((each) => typeof each !== 'string')) {
    throw invalidParameter(name, JSON.stringify(value), 'Must be a list of strings');
  }
  return value;
}

export function stringMap(input: Input, name: string): Record<string, string> {
  const value = input[name] ?? {};
  if (!isObject(value) || Object.values(value).some((each) => typeof each !== 'string')) {
    throw invalidParameter(name, JSON.stringify(value), 'Must be a map of strings');
  }
  return value as Record<string, string>;
}

/** The entries of a batch request: 1 to 10, with distinct ids. */
export function batchEntries(input: Input): (Input & { readonly Id: string })[] {
  const entries = input.Entries;
  if (!Array.isArray(entries) || entries.length === 0) {
    throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  }
  if (entries.length > 10) {
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
    );
  }
  const ids = new Set<unknown>();
  for (const entry of entries) {
    if (!isObject(entry) || typeof entry.Id !== 'string' || !/^[\w-]{1,80}$/.test(entry.Id)) {
      throw new AwsError(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
      );
    }
    if (ids.has(entry.Id)) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${entry.Id} repeated.`);
    ids.add(entry.Id);
  }
  return entries;
}

/** The message attributes of a send request: at most 10, each with a type and a value that fits it. */
export function messageAttributes(input: Input, name: string): MessageAttributes {
  const attributes = input[name] ?? {};
  if (!isObject(attributes)) throw invalidParameter(name, JSON.stringify(attributes), 'Must be a map');
  if (Object.keys(attributes).length > 10) {
    throw invalidParameter(name, Object.keys(attributes).length, 'At most 10 attributes are allowed');
  }
  for (const [key, attribute] of Object.entries(attributes)) checkAttribute(key, attribute);
  return attributes as MessageAttributes;
}

function checkAttribute(name: string, attribute: unknown): void {
  const { DataType, StringValue, BinaryValue } = (
    isObject(attribute) ? attribute : {}
  ) as Partial<MessageAttribute>;
  const kind = typeof DataType === 'string' ? DataType.split('.', 1)[0] : undefined;
  const value = kind === 'Binary' ? BinaryValue : StringValue;
  const fits =
    kind === 'String' || kind === 'Binary' || (kind === 'Number' && Number.isFinite(Number(StringValue)));
  if (!/^[\w.-]{1,256}$/.test(name) || !fits || typeof value !== 'string' || value === '') {
    throw new AwsError(
      'InvalidParameterValue',
      `The message attribute '${name}' must have a DataType of String, Number or Binary and a non-empty value of it.`,
    );
  }
}

/** Bytes that attributes count for in a message's size: names, types and values. */
export function attributesSize(attributes: MessageAttributes): number {
  let size = 0;
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes)) {
    size += Buffer.byteLength(name) + Buffer.byteLength(DataType);
    size +=
      BinaryValue === undefined
        ? Buffer.byteLength(StringValue ?? '')
        : Buffer.byteLength(BinaryValue, 'base64');
  }
  return size;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
