import { AwsError, type Caller } from '../../aws.ts';
import type { Engine } from '../engine.ts';
import { validationError } from '../errors.ts';
import type { Request } from '../requests/requests.ts';
import type { Table } from '../storage/catalog.ts';

interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Tagging.html#TaggingRestrictions */
const MAX_TAGS = 50;
/** Tags of a page of ListTagsOfResource. */
const PAGE = 10;

/** The table that an ARN names. An ARN of another account or region is refused, as is one that names none. */
function taggedTable(engine: Engine, action: string, request: Request, caller: Caller): Table {
  const arn = request.ResourceArn as string | undefined;
  if (arn === undefined) throw validationError('Invalid TableArn');
  if (!/^.+:.+:.+:.+:.+:.+\/.+$/.test(arn)) throw invalidArn(arn);
  const [, region, account, name] =
    /^arn:aws:dynamodb:([^:]+):(\d+):table\/([^/]{3,})$/.exec(arn) ?? ([] as undefined[]);
  if (name === undefined) throw invalidArn(arn);
  const { place } = engine;
  if (region !== place.region || account !== place.accountId) {
    throw new AwsError(
      'AccessDeniedException',
      `User: ${caller.arn} is not authorized to perform: dynamodb:${action} on resource: ${arn}`,
    );
  }
  const table = engine.catalog.find(name);
  if (table) return table;
  throw new AwsError(
    'ResourceNotFoundException',
    `Requested resource not found: ResourcArn: ${arn} not found`,
  );
}

const invalidArn = (arn: string): Error =>
  validationError(`Invalid TableArn: Invalid ResourceArn provided as input ${arn}`);

function retag(engine: Engine, { rows: _rows, ...description }: Table, tags: Record<string, string>): object {
  if (Object.keys(tags).length > MAX_TAGS) {
    throw validationError(`One or more parameter values were invalid: Too many tags: at most ${MAX_TAGS}`);
  }
  engine.catalog.replace({ ...description, tags });
  return {};
}

const missing = (member: string): Error =>
  validationError(
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );

export function tagResource(engine: Engine, request: Request, caller: Caller): object {
  const table = taggedTable(engine, 'TagResource', request, caller);
  const tags = request.Tags as readonly Tag[] | undefined;
  if (!tags) throw missing('tags');
  if (tags.length === 0) throw validationError('Atleast one Tag needs to be provided as Input.');
  return retag(engine, table, { ...table.tags, ...tagsOf(tags) });
}

export const tagsOf = (tags: readonly Tag[]): Record<string, string> =>
  Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));

export function untagResource(engine: Engine, request: Request, caller: Caller): object {
  const table = taggedTable(engine, 'UntagResource', request, caller);
  const keys = request.TagKeys as readonly string[] | undefined;
  if (!keys) throw missing('tagKeys');
  if (keys.length === 0) throw validationError('Atleast one Tag Key needs to be provided as Input.');
  const left = Object.entries(table.tags).filter(([key]) => !keys.includes(key));
  return retag(engine, table, Object.fromEntries(left));
}

export function listTagsOfResource(engine: Engine, request: Request, caller: Caller): object {
  const table = taggedTable(engine, 'ListTagsOfResource', request, caller);
  const tags = Object.entries(table.tags).map(([Key, Value]) => ({ Key, Value }));
  const start = startOf(request.NextToken, tags);
  const end = start + PAGE;
  const last = tags[end - 1];
  return {
    Tags: tags.slice(start, end),
    ...(last && end < tags.length && { NextToken: Buffer.from(last.Key).toString('base64url') }),
  };
}

/** Where a page begins: a token holds the last key of the page before. */
function startOf(token: unknown, tags: readonly Tag[]): number {
  if (token === undefined) return 0;
  const key = Buffer.from(String(token), 'base64url').toString();
  const index = tags.findIndex(({ Key }) => Key === key);
  if (index < 0) throw validationError(`Invalid NextToken: ${token}`);
  return index + 1;
}
