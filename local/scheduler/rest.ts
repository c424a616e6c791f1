import { AwsError } from '../aws.ts';

/** A request as the routes of the API get it. */
export interface Call {
  /** What stands in the path behind the kind, decoded. */
  readonly name: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What answers a method and a path: `GET schedules` for all, `GET schedules/` for one. */
export type Routes = Readonly<Record<string, (call: Call) => object>>;

const MAX_PAGE = 100;

export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

export function notFound(kind: string, name: string): AwsError {
  return new AwsError('ResourceNotFoundException', `${kind} ${name} does not exist.`, 404);
}

export function conflict(kind: string, name: string): AwsError {
  return new AwsError('ConflictException', `${kind} ${name} already exists.`, 409);
}

/** The wire has seconds. */
export const seconds = (milliseconds: number) => milliseconds / 1000;

/** One page of what comes after the token, which is the key of the last one before it. @throws AwsError `ValidationException` */
export function page<T>(all: readonly T[], keyOf: (one: T) => string, query: URLSearchParams) {
  const given = query.get('MaxResults');
  const size = given === null ? MAX_PAGE : Number(given);
  if (!Number.isInteger(size) || size < 1 || size > MAX_PAGE) {
    throw invalid(`MaxResults is ${given}: give a whole number from 1 to ${MAX_PAGE}.`);
  }
  const after = Buffer.from(query.get('NextToken') ?? '', 'base64url').toString();
  const rest = all.filter((one) => after === '' || keyOf(one) > after);
  const items = rest.slice(0, size);
  const last = items.at(-1);
  const NextToken =
    last !== undefined && rest.length > size ? Buffer.from(keyOf(last)).toString('base64url') : undefined;
  return { items, ...(NextToken !== undefined && { NextToken }) };
}
