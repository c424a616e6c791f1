import { randomUUID } from 'node:crypto';
import { AwsError } from '../../aws.ts';
import { type Engine, namedTableOf } from '../engine.ts';
import { validationError } from '../errors.ts';
import { checkTableRequest, type Request } from '../requests/requests.ts';
import type { IndexDescription } from '../storage/catalog.ts';
import { describe } from './descriptions.ts';
import {
  type AttributeDefinition,
  checkStream,
  type IndexRequest,
  indexOf,
  NO_THROUGHPUT,
  newStream,
  schemaReader,
  streamMember,
  type TableRequest,
} from './table-definitions.ts';

interface CreateTableRequest extends TableRequest {
  readonly AttributeDefinitions: readonly AttributeDefinition[];
  readonly KeySchema: readonly { readonly AttributeName: string }[];
  readonly GlobalSecondaryIndexes?: readonly IndexRequest[];
  readonly LocalSecondaryIndexes?: readonly IndexRequest[];
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
}

export function createTable(engine: Engine, input: Request): object {
  checkTableRequest('createTable', input, engine.place.accountId);
  const request = input as unknown as CreateTableRequest;
  checkUsed(request);
  checkStream(request.StreamSpecification);
  if (engine.catalog.find(request.TableName)) throw inUse(`Table already exists: ${request.TableName}`);
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
    tags: Object.fromEntries((request.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
    deletionProtected: request.DeletionProtectionEnabled ?? false,
    ...streamMember(newStream(engine, request.StreamSpecification)),
    ...(request.TableClass && { tableClass: request.TableClass }),
    ...(request.SSESpecification && { encryption: request.SSESpecification }),
  };
  const table = engine.store.write(() => {
    const added = engine.catalog.add(description);
    if (added.stream) engine.streams.create(added);
    return added;
  });
  return { TableDescription: describe(engine, table) };
}

function checkUsed(request: CreateTableRequest): void {
  const indexes = [...(request.GlobalSecondaryIndexes ?? []), ...(request.LocalSecondaryIndexes ?? [])];
  const used = new Set(
    [request, ...indexes].flatMap(({ KeySchema }) => KeySchema.map((key) => key.AttributeName)),
  );
  const defined = request.AttributeDefinitions.map(({ AttributeName }) => AttributeName);
  if (defined.some((name) => !used.has(name))) {
    throw validationError(
      `One or more parameter values were invalid: Some AttributeDefinitions are not used. AttributeDefinitions: [${defined.join(', ')}], keys used: [${[...used].join(', ')}]`,
    );
  }
}

const inUse = (message: string): AwsError => new AwsError('ResourceInUseException', message);
export function deleteTable(engine: Engine, { TableName }: Request): object {
  const table = namedTableOf(engine, TableName as string);
  if (table.deletionProtected) {
    throw validationError(
      'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    );
  }
  const description = { ...describe(engine, table), TableStatus: 'DELETING' };
  engine.store.write(() => {
    engine.catalog.remove(table);
    engine.streams.drop(table);
  });
  return { TableDescription: description };
}

export function describeTable(engine: Engine, { TableName }: Request): object {
  return { Table: describe(engine, namedTableOf(engine, TableName as string)) };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html */
const MAX_NAMES = 100;

export function listTables(
  engine: Engine,
  { ExclusiveStartTableName: start, Limit = MAX_NAMES }: Request,
): object {
  const names = engine.catalog.names().filter((name) => start === undefined || name > (start as string));
  const page = names.slice(0, Limit as number);
  return { TableNames: page, ...(page.length < names.length && { LastEvaluatedTableName: page.at(-1) }) };
}
