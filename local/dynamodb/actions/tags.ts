import { AwsError } from '../../aws.ts';
import type { Engine } from '../engine.ts';
import { checkTableRequest, type Request } from '../requests/requests.ts';
import type { Table } from '../storage/catalog.ts';

function taggedTable(engine: Engine, file: string, request: Request): Table {
  checkTableRequest(file, request, engine.place.accountId);
  const arn = request.ResourceArn as string;
  const table = engine.catalog.find(arn.slice(arn.lastIndexOf('/') + 1));
  if (!table) {
    throw new AwsError(
      'ResourceNotFoundException',
      `Requested resource not found: ResourcArn: ${arn} not found`,
    );
  }
  return table;
}

function retag(engine: Engine, { rows: _rows, ...description }: Table, tags: Record<string, string>): object {
  engine.catalog.replace({ ...description, tags });
  return {};
}

export function tagResource(engine: Engine, request: Request): object {
  const table = taggedTable(engine, 'tagResource', request);
  const tags = request.Tags as readonly { readonly Key: string; readonly Value: string }[];
  return retag(engine, table, {
    ...table.tags,
    ...Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])),
  });
}

export function untagResource(engine: Engine, request: Request): object {
  const table = taggedTable(engine, 'untagResource', request);
  const gone = new Set(request.TagKeys as readonly string[]);
  return retag(
    engine,
    table,
    Object.fromEntries(Object.entries(table.tags).filter(([key]) => !gone.has(key))),
  );
}

export function listTagsOfResource(engine: Engine, request: Request): object {
  const table = taggedTable(engine, 'listTagsOfResource', request);
  return { Tags: Object.entries(table.tags).map(([Key, Value]) => ({ Key, Value })) };
}
