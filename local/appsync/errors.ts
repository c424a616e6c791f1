import {
  type GraphQLError,
  type GraphQLOutputType,
  type GraphQLSchema,
  isListType,
  isNonNullType,
  isObjectType,
  type SourceLocation,
} from 'graphql';

/** An error in an answer, as AppSync writes it. */
export interface ErrorEntry {
  readonly path: readonly (string | number)[] | null;
  readonly data?: unknown;
  readonly errorType?: string | null;
  readonly errorInfo?: unknown;
  readonly locations: readonly { line: number; column: number; sourceName: null }[] | null;
  readonly message: string;
}

/** What a resolver, the authorisation or a limit refuses a field with. */
export class FieldError extends Error {
  readonly errorType: string | null;
  readonly data: unknown;
  readonly errorInfo: unknown;

  constructor(message: string, errorType: string | null, data: unknown = null, errorInfo: unknown = null) {
    super(message);
    this.name = 'FieldError';
    this.errorType = errorType;
    this.data = data;
    this.errorInfo = errorInfo;
  }
}

/** A request that is answered as a whole with an HTTP status and one error. */
export class RequestError extends Error {
  readonly status: number;
  readonly errorType: string;

  constructor(status: number, errorType: string, message: string) {
    super(message);
    this.name = 'RequestError';
    this.status = status;
    this.errorType = errorType;
  }
}

export const malformed = (message: string) => new RequestError(400, 'MalformedHttpRequestException', message);

export const unauthenticated = (message: string) => new RequestError(401, 'UnauthorizedException', message);

export const unauthorized = (fieldName: string, typeName: string) =>
  new FieldError(`Not Authorized to access ${fieldName} on type ${typeName}`, 'Unauthorized');

/** Where something stands in a query, as AppSync writes it. */
export function locationsOf(locations: readonly SourceLocation[] | undefined): ErrorEntry['locations'] {
  return locations?.map(({ line, column }) => ({ line, column, sourceName: null })) ?? null;
}

/** An error of graphql-js in AppSync's words and shape. */
export function entryOf(schema: GraphQLSchema, error: GraphQLError): ErrorEntry {
  const path = error.path ?? null;
  const cause = error.originalError;
  if (cause instanceof FieldError) {
    return {
      path,
      data: cause.data,
      errorType: cause.errorType,
      errorInfo: cause.errorInfo,
      locations: locationsOf(error.locations),
      message: cause.message,
    };
  }
  return path
    ? { path, locations: null, message: completionMessage(schema, error, path) }
    : { path, locations: locationsOf(error.locations), message: variableMessage(error.message) };
}

/** A field as graphql-java writes paths: `/listPosts/items[0]/title`. */
function slashed(path: readonly (string | number)[]): string {
  return path.map((key) => (typeof key === 'number' ? `[${key}]` : `/${key}`)).join('');
}

/** What is wrong with the value that a field was resolved to. */
function completionMessage(
  schema: GraphQLSchema,
  error: GraphQLError,
  path: readonly (string | number)[],
): string {
  const { message } = error;
  const at = slashed(path);
  const missing = /^Cannot return null for non-nullable field (\w+)\.(\w+)\.$/.exec(message);
  if (missing) {
    const [, parent = '', field = ''] = missing;
    return `Cannot return null for non-nullable type: '${typeAt(schema, parent, field, path)}' within parent '${parent}' (${at})`;
  }
  if (message.startsWith('Expected Iterable')) {
    return `Can't resolve value (${at}) : type mismatch error, expected type LIST`;
  }
  if (message.startsWith('Expected value of type')) {
    return `Can't resolve value (${at}) : type mismatch error, expected type OBJECT`;
  }
  const unknown = /^Enum "(\w+)" cannot represent value: (.*)$/.exec(message);
  if (unknown) {
    return `Can't serialize value (${at}) : Invalid input for Enum '${unknown[1]}'. Unknown value '${unknown[2]?.replace(/^"|"$/g, '')}'`;
  }
  const abstract = /^Abstract type "(\w+)" (?:must|was) .* field "?(\w+\.\w+)"?/.exec(message);
  if (abstract) {
    return `Can't resolve '${at}'. Abstract type '${abstract[1]}' must resolve to an Object type at runtime for field '${abstract[2]}': return __typename.`;
  }
  return `Can't serialize value (${at}) : ${message}`;
}

/** The type of a field, or of the items of its list when the path ends there, without its exclamation mark. */
function typeAt(
  schema: GraphQLSchema,
  parent: string,
  field: string,
  path: readonly (string | number)[],
): string {
  const type = schema.getType(parent);
  let found: GraphQLOutputType | undefined = isObjectType(type) ? type.getFields()[field]?.type : undefined;
  for (let index = path.length - 1; typeof path[index] === 'number'; index--) {
    const list = isNonNullType(found) ? found.ofType : found;
    if (isListType(list)) found = list.ofType;
  }
  return String(found ?? field).replace(/!$/, '');
}

/** What is wrong with the variables of a request. */
function variableMessage(message: string): string {
  const absent = /^Variable "\$(\w+)" of (?:required|non-null) type "([^"]+)"/.exec(message);
  if (absent) return `Variable '${absent[1]}' has coerced Null value for NonNull type '${absent[2]}'`;
  const [, variable = '', path, reason = ''] =
    /^Variable "\$(\w+)" got invalid value [\s\S]*?(?: at "([^"]+)")?; ([\s\S]+)$/.exec(message) ?? [];
  const undefinedField = /^Field "\w+" is not defined by type "(\w+)"/.exec(reason);
  if (undefinedField) {
    return `The variables input contains a field that is not defined for input object type '${undefinedField[1]}' `;
  }
  const required =
    /of required type "([^"]+)" was not provided/.exec(reason) ??
    /^Expected non-nullable type "([^"]+)" not to be null/.exec(reason);
  if (required) return `Variable '${variable}' has coerced Null value for NonNull type '${required[1]}'`;
  const name = path?.split('.').findLast((part) => !/^\d+$/.test(part)) ?? variable;
  const enumeration = /^Value "(.*)" does not exist in "(\w+)" enum/.exec(reason);
  if (enumeration) {
    return `Variable '${name}' has an invalid value. Invalid input for Enum '${enumeration[2]}'. No value found for name '${enumeration[1]}'`;
  }
  if (reason === '') return message;
  return `Variable '${name.replace(/\[\d+\]$/, '')}' has an invalid value. ${reason.replace(/^Expected type "\w+"\. /, '')}`;
}
