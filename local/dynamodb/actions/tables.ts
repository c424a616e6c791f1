import { randomUUID } from 'node:crypto';
import { AwsError } from '../../aws.ts';
import { changeableTableOf, type Engine, namedTableOf } from '../engine.ts';
import { tableInUse, validationError } from '../errors.ts';
import type { Request } from '../requests/requests.ts';
import type { IndexDescription } from '../storage/catalog.ts';
import { describe, describeAs, describeDeleted } from './descriptions.ts';
import { checkNewTable, type NewTable } from './table-checks.ts';
import {
  checkNewStream,
  type IndexRequest,
  indexOf,
  NO_THROUGHPUT,
  newStream,
  schemaReader,
  streamMember,
} from './table-definitions.ts';
import { tagsOf } from './tags.ts';

interface CreateTableRequest extends NewTable {
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
}

export function createTable(engine: Engine, input: Request): object {
  const request = input as unknown as CreateTableRequest;
  checkNewTable(request);
  checkNewStream(request.StreamSpecification);
  const name = request.TableName;
  const transition = engine.transitions.find(name);
  if (transition?.activity === 'DELETING') throw tableInUse(name, transition.activity);
  if (engine.catalog.find(name)) throw inUse(`Table already exists: ${name}`);
  const schema = schemaReader(request.AttributeDefinitions);
  const index = (kind: IndexDescription['kind'], first: number) => (one: IndexRequest, position: number) =>
    indexOf(one, kind, first + position, schema);
  const locals = request.LocalSecondaryIndexes ?? [];
  const description = {
    name: request.TableName,
    id: randomUUID(),
    created: Math.round(engine.now()) / 1000,
    attributes: request.AttributeDefinitions,
    keys: schema(request.KeySchema),
    indexes: [
      ...locals.map(index('local', 1)),
      ...(request.GlobalSecondaryIndexes ?? []).map(index('global', 1 + locals.length)),
    ],
    onDemand: request.BillingMode === 'PAY_PER_REQUEST',
    throughput: request.ProvisionedThroughput ?? NO_THROUGHPUT,
    tags: tagsOf(request.Tags ?? []),
    deletionProtected: request.DeletionProtectionEnabled ?? false,
    ...streamMember(newStream(engine, request.StreamSpecification)),
    ...(request.TableClass && { tableClass: request.TableClass }),
    ...(request.SSESpecification && { encryption: request.SSESpecification }),
    ...(request.OnDemandThroughput && { onDemandThroughput: request.OnDemandThroughput }),
  };
  const table = engine.store.write(() => {
    const added = engine.catalog.add(description);
    if (added.stream) engine.streams.create(added);
    return added;
  });
  engine.transitions.begin(name, 'CREATING');
  return { TableDescription: describeAs(engine, table, 'CREATING') };
}

const inUse = (message: string): AwsError => new AwsError('ResourceInUseException', message);

export function deleteTable(engine: Engine, { TableName }: Request): object {
  const table = changeableTableOf(engine, TableName as string);
  if (table.deletionProtected) {
    throw validationError(
      'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    );
  }
  const description = describeDeleted(engine, table);
  engine.store.write(() => {
    engine.catalog.remove(table);
    engine.streams.drop(table);
  });
  engine.transitions.begin(table.name, 'DELETING', [], description);
  return { TableDescription: description };
}

export function describeTable(engine: Engine, { TableName }: Request): object {
  const last = engine.transitions.find(TableName as string)?.last;
  return { Table: last ?? describe(engine, namedTableOf(engine, TableName as string)) };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html */
const MAX_NAMES = 100;

export function listTables(
  engine: Engine,
  { ExclusiveStartTableName: start, Limit = MAX_NAMES }: Request,
): object {
  const names = [...engine.catalog.names(), ...engine.transitions.deleting()]
    .filter((name) => start === undefined || name > (start as string))
    .sort((a, b) => (a < b ? -1 : 1));
  const page = names.slice(0, Limit as number);
  return { TableNames: page, ...(page.length < names.length && { LastEvaluatedTableName: page.at(-1) }) };
}
