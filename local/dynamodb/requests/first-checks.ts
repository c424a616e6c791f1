import { validationError } from '../errors.ts';
import { problemsText } from './constraints.ts';
import { RETURN_VALUES, RETURN_VALUES_PROBLEM } from './request-types.ts';
import type { Request } from './requests.ts';

/**
 * What an action refuses before it looks at the rest of its request. These checks are of the service's newer kind: they
 * name members as the API does, show no value, and stop at the first problem.
 */
export function checkFirst(action: string, request: Request): void {
  const problem = PROBLEMS[action]?.(request);
  if (problem) throw validationError(problem);
}

const LEAST_LENGTH = 'Member must have length greater than or equal to 1';

function problemOfWrite({ TableName }: Request): string | undefined {
  return TableName === '' ? broken('TableName', LEAST_LENGTH) : undefined;
}

function problemOfUpdate(request: Request): string | undefined {
  const { ReturnValues } = request;
  const isKnown = ReturnValues === undefined || RETURN_VALUES.includes(ReturnValues as string);
  return problemOfWrite(request) ?? (isKnown ? undefined : problemsText([RETURN_VALUES_PROBLEM]));
}

function problemOfQuery({ Limit }: Request): string | undefined {
  return typeof Limit === 'number' && Limit < 1
    ? broken('Limit', 'Member must have value greater than or equal to 1')
    : undefined;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const MAX_KEYS = 100;

function problemOfBatchGet({ RequestItems = {} }: Request): string | undefined {
  const tables = Object.entries(RequestItems as Record<string, { readonly Keys?: readonly unknown[] }>);
  if (tables.length === 0) return broken('RequestItems', LEAST_LENGTH);
  const large = tables.find(([, keys]) => (keys?.Keys?.length ?? 0) > MAX_KEYS);
  return (
    large &&
    broken(
      `RequestItems.${large[0]}.member.Keys`,
      `Member must have length less than or equal to ${MAX_KEYS}`,
    )
  );
}

function problemOfBatchWrite({ RequestItems = {} }: Request): string | undefined {
  return Object.keys(RequestItems as object).length === 0
    ? 'The requestItems parameter is required for BatchWriteItem'
    : undefined;
}

const PROBLEMS: Readonly<Record<string, (request: Request) => string | undefined>> = {
  PutItem: problemOfWrite,
  UpdateItem: problemOfUpdate,
  DeleteItem: problemOfWrite,
  Query: problemOfQuery,
  BatchGetItem: problemOfBatchGet,
  BatchWriteItem: problemOfBatchWrite,
};

const broken = (member: string, constraint: string): string =>
  problemsText([`Value at '${member}' failed to satisfy constraint: ${constraint}`]);
