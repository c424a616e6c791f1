import { AwsError } from '../../aws.ts';
import { tooDeep, validationError } from '../errors.ts';
import { isDynaliteError, type MemberTypes, validations } from '../expressions/dynalite.ts';
import type { Item } from '../values/attributes.ts';
import { areNormal, isTooDeep } from '../values/normal.ts';
import { problemOf, problemOfNames } from '../values/problems.ts';
import { isCertainlyValid } from './acceptance.ts';
import { checkConstraints } from './constraints.ts';
import { checkFirst } from './first-checks.ts';
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
  return isCertainlyValid(types, input) ? input : readThoroughly(action, types, input);
}

function readThoroughly(
  action: string,
  types: MemberTypes,
  input: Readonly<Record<string, unknown>>,
): Request {
  const request = explain(() => validations.checkTypes(withTableName(structuredClone(input)), types));
  checkFirst(action, request);
  checkConstraints(request, types);
  return request;
}

/** A table may be named by its ARN. */
function withTableName(input: Record<string, unknown>): Record<string, unknown> {
  const name = input.TableName;
  if (typeof name !== 'string' || !name.startsWith('arn:')) return input;
  return { ...input, TableName: /:table\/([^/]+)$/.exec(name)?.[1] ?? name };
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

/**
 * Checks and normalizes the values of an item or a key, unless they are in their normal form. `quote` tells how strings
 * are shown in lists.
 */
export function checkValues(values: Item | undefined, quote?: (text: string) => string): void {
  if (!values || areNormal(values)) return;
  refuse(problemOfNames(values));
  for (const value of Object.values(values)) {
    refuse(problemOf(value, quote));
    if (isTooDeep(value)) throw tooDeep();
  }
}

/** Refuses values that are nested deeper than an item may be. */
export function checkDepth(values: Item | undefined): void {
  if (values && !areNormal(values) && Object.values(values).some((value) => isTooDeep(value)))
    throw tooDeep();
}

/**
 * Runs the checks of an action that counts what is wrong with its input even where it can name one problem only. What
 * a request needs no table for is its input.
 */
export function asInputErrors<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'ValidationException') throw error;
    const message = error.message.replace(/^(\w+ can only be specified when using expressions):.*$/, '$1');
    throw validationError(`1 validation error detected: ${message}`);
  }
}
