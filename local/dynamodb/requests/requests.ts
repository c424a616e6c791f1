import { AwsError } from '../../aws.ts';
import { tooDeep, validationError } from '../errors.ts';
import {
  isDynaliteError,
  type MemberType,
  type MemberTypes,
  validationOf,
  validationStore,
  validations,
} from '../expressions/dynalite.ts';
import type { AttributeValue, Item } from '../values/attributes.ts';
import { areNormal, isObject, isTooDeep } from '../values/normal.ts';
import { MAX_ITEM_SIZE } from '../values/sizes.ts';
import { REQUEST_TYPES } from './request-types.ts';

/** A request whose members have their types and keep the limits of single members. */
export type Request = Readonly<Record<string, unknown>>;

/**
 * Reads the input of an action: checks members and values, drops members that DynamoDB does not know, normalizes
 * numbers. Input that is certainly in order is returned as it is; the thorough way copies. Throws what DynamoDB
 * throws: SerializationException for a wrong type, ValidationException for a wrong value.
 */
export function readRequest(action: string, input: Readonly<Record<string, unknown>>): Request {
  const types = REQUEST_TYPES[action] as MemberTypes;
  return isCertainlyValid(types, input) ? input : readThoroughly(types, input);
}

function readThoroughly(types: MemberTypes, input: Readonly<Record<string, unknown>>): Request {
  return explain(() => {
    const request = validations.checkTypes(withTableName(structuredClone(input)), types);
    validations.checkValidations(request, types);
    return request;
  });
}

/** A table may be named by its ARN. */
function withTableName(input: Record<string, unknown>): Record<string, unknown> {
  const name = input.TableName;
  if (typeof name !== 'string' || !name.startsWith('arn:')) return input;
  return { ...input, TableName: /:table\/([^/]+)$/.exec(name)?.[1] ?? name };
}

/** Runs the checks of dynalite for a request about tables. `accountId` appears in its messages. */
export function checkTableRequest(file: string, request: Request, accountId: string): void {
  const custom = validationOf(file).custom;
  explain(() => {
    const message = custom?.({ ...request }, validationStore(accountId, MAX_ITEM_SIZE));
    if (message) throw validationError(message);
  });
}

/** Turns what dynalite throws into an error of the service. */
function explain<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!isDynaliteError(error)) throw error;
    const { __type, message, Message } = error.body;
    throw new AwsError(
      __type.slice(__type.indexOf('#') + 1),
      message ?? Message ?? error.message,
      error.statusCode,
    );
  }
}

/** Fails with the first message there is. */
export function refuse(message: string | null | undefined): void {
  if (message) throw validationError(message);
}

/** Checks and normalizes the values of an item or a key, unless they are in their normal form. */
export function checkValues(values: Item | undefined): void {
  if (!values || areNormal(values)) return;
  for (const value of Object.values(values)) {
    dropPlusSigns(value);
    refuse(validations.validateAttributeValue(value));
    if (isTooDeep(value)) throw tooDeep();
  }
}

/** `+1` is a number to DynamoDB, not to dynalite. */
export function dropPlusSigns(value: AttributeValue): void {
  if (value.N) value.N = withoutPlus(value.N);
  if (value.NS) value.NS = value.NS.map(withoutPlus);
  for (const child of value.L ?? Object.values(value.M ?? {})) dropPlusSigns(child);
}

const withoutPlus = (number: string): string => number.replace(/^\+(?=[\d.])/, '');

function isCertainlyValid(types: MemberTypes, input: Readonly<Record<string, unknown>>): boolean {
  for (const name in input) {
    const type = types[name];
    if (type === undefined || !isCertainlyOf(type, input[name])) return false;
  }
  for (const name of requiredMembers(types)) {
    if (input[name] === undefined) return false;
  }
  return true;
}

const required = new WeakMap<MemberTypes, readonly string[]>();

function requiredMembers(types: MemberTypes): readonly string[] {
  let names = required.get(types);
  if (!names) {
    names = Object.entries(types)
      .filter(([, type]) => typeof type !== 'string' && (type.notNull || type.required))
      .map(([name]) => name);
    required.set(types, names);
  }
  return names;
}

interface Constraints {
  readonly type: string;
  readonly enum?: readonly string[];
  readonly regex?: string;
  readonly lengthGreaterThanOrEqual?: number;
  readonly lengthLessThanOrEqual?: number;
  readonly greaterThanOrEqual?: number;
  readonly lessThanOrEqual?: number;
  readonly children?: unknown;
}

function isCertainlyOf(memberType: MemberType, value: unknown): boolean {
  const type = typeof memberType === 'string' ? { type: memberType } : (memberType as Constraints);
  switch (type.type) {
    case 'Boolean':
      return typeof value === 'boolean';
    case 'String':
      return typeof value === 'string' && isWithin(type, value.length) && isAllowed(type, value);
    case 'Integer':
      return (
        Number.isInteger(value) &&
        (value as number) >= (type.greaterThanOrEqual ?? 0) &&
        (value as number) <= (type.lessThanOrEqual ?? 2 ** 31)
      );
    case 'Map<AttributeValue>':
      return type.children === 'AttrStruct<ValueStruct>' && areNormal(value);
    case 'Map<java.lang.String>':
      return isObject(value) && Object.values(value).every((text) => typeof text === 'string');
    default:
      return false;
  }
}

function isWithin(type: Constraints, length: number): boolean {
  return length >= (type.lengthGreaterThanOrEqual ?? 0) && length <= (type.lengthLessThanOrEqual ?? Infinity);
}

const NAME = '[a-zA-Z0-9_.-]+';
const isName = /^[a-zA-Z0-9_.-]{3,255}$/;

function isAllowed(type: Constraints, value: string): boolean {
  if (type.enum) return type.enum.includes(value);
  return type.regex === undefined || (type.regex === NAME && isName.test(value));
}
