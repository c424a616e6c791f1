import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws.ts';
import type { Item, KeyType } from './attributes.ts';
import type {
  IndexDescription,
  StreamDescription,
  Table,
  TableDescription,
  Throughput,
  ViewType,
} from './catalog.ts';
import { describe } from './descriptions.ts';
import { type Engine, namedTableOf } from './engine.ts';
import { validationError } from './errors.ts';
import { indexKeyOf, type KeySchema, keyOf } from './keys.ts';
import { checkTableRequest, type Request } from './requests.ts';

interface AttributeDefinition {
  readonly AttributeName: string;
  readonly AttributeType: string;
}

interface IndexRequest {
  readonly IndexName: string;
  readonly KeySchema: readonly { readonly AttributeName: string }[];
  readonly Projection: IndexDescription['projection'];
  readonly ProvisionedThroughput?: Throughput;
}

interface StreamSpecification {
  readonly StreamEnabled: boolean;
  readonly StreamViewType?: ViewType;
}

interface TableRequest {
  readonly TableName: string;
  readonly AttributeDefinitions?: readonly AttributeDefinition[];
  readonly BillingMode?: 'PROVISIONED' | 'PAY_PER_REQUEST';
  readonly ProvisionedThroughput?: Throughput;
  readonly StreamSpecification?: StreamSpecification;
  readonly SSESpecification?: Readonly<Record<string, unknown>>;
  readonly DeletionProtectionEnabled?: boolean;
  readonly TableClass?: string;
}

interface CreateTableRequest extends TableRequest {
  readonly AttributeDefinitions: readonly AttributeDefinition[];
  readonly KeySchema: readonly { readonly AttributeName: string }[];
  readonly GlobalSecondaryIndexes?: readonly IndexRequest[];
  readonly LocalSecondaryIndexes?: readonly IndexRequest[];
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
}

interface UpdateTableRequest extends TableRequest {
  readonly GlobalSecondaryIndexUpdates?: readonly {
    readonly Create?: IndexRequest;
    readonly Update?: { readonly IndexName: string; readonly ProvisionedThroughput: Throughput };
    readonly Delete?: { readonly IndexName: string };
  }[];
}

const NO_THROUGHPUT: Throughput = { ReadCapacityUnits: 0, WriteCapacityUnits: 0 };

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

const inUse = (message: string): AwsError => new AwsError('ResourceInUseException', message);
const streamMember = (stream: StreamDescription | undefined): { stream?: StreamDescription } =>
  stream ? { stream } : {};

function schemaReader(definitions: readonly AttributeDefinition[]) {
  const attribute = ({ AttributeName }: { AttributeName: string }) => ({
    name: AttributeName,
    type: definitions.find((one) => one.AttributeName === AttributeName)?.AttributeType as KeyType,
  });
  return ([hash, range]: readonly { readonly AttributeName: string }[]): KeySchema => ({
    hash: attribute(hash as { AttributeName: string }),
    ...(range && { range: attribute(range) }),
  });
}

function indexOf(
  request: IndexRequest,
  kind: IndexDescription['kind'],
  number: number,
  schema: ReturnType<typeof schemaReader>,
): IndexDescription {
  return {
    name: request.IndexName,
    number,
    kind,
    keys: schema(request.KeySchema),
    projection: request.Projection,
    throughput: request.ProvisionedThroughput ?? NO_THROUGHPUT,
  };
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

function checkStream(specification: StreamSpecification | undefined): void {
  if (specification?.StreamEnabled && !specification.StreamViewType) {
    throw validationError(
      'One or more parameter values were invalid: StreamViewType is required when StreamEnabled is true',
    );
  }
  if (specification?.StreamEnabled === false && specification.StreamViewType) {
    throw validationError(
      'One or more parameter values were invalid: StreamViewType cannot be specified when StreamEnabled is false',
    );
  }
}

function newStream(
  engine: Engine,
  specification: StreamSpecification | undefined,
): StreamDescription | undefined {
  if (!specification?.StreamEnabled) return undefined;
  const label = new Date(engine.now()).toISOString().replace('Z', '');
  return { view: specification.StreamViewType as ViewType, label, enabled: true };
}

export function updateTable(engine: Engine, input: Request): object {
  const request = input as unknown as UpdateTableRequest;
  // dynalite does not know these members, and would miss a change in a request that has no other.
  const known =
    request.StreamSpecification || request.DeletionProtectionEnabled !== undefined || request.TableClass;
  checkTableRequest(
    'updateTable',
    known ? { ...input, SSESpecification: {} } : input,
    engine.place.accountId,
  );
  checkStream(request.StreamSpecification);
  const table = namedTableOf(engine, request.TableName);
  const stream = changedStream(engine, table, request.StreamSpecification);
  const { rows: _rows, ...old } = table;
  const description: TableDescription = {
    ...old,
    attributes: mergedAttributes(table, request),
    indexes: changedIndexes(table, request),
    onDemand: request.BillingMode ? request.BillingMode === 'PAY_PER_REQUEST' : table.onDemand,
    throughput: request.ProvisionedThroughput ?? table.throughput,
    deletionProtected: request.DeletionProtectionEnabled ?? table.deletionProtected,
    ...streamMember(stream),
    ...(request.TableClass && { tableClass: request.TableClass }),
    ...(request.SSESpecification && { encryption: request.SSESpecification }),
  };
  return engine.store.write(() => {
    const changed = engine.catalog.replace(description);
    if (stream?.enabled && stream !== table.stream) engine.streams.create(changed);
    const known = new Set(table.indexes.map(({ number }) => number));
    for (const index of changed.indexes) if (!known.has(index.number)) fill(changed, index);
    return { TableDescription: describe(engine, changed) };
  });
}

function mergedAttributes(table: Table, request: UpdateTableRequest): TableDescription['attributes'] {
  const names = new Set((request.AttributeDefinitions ?? []).map(({ AttributeName }) => AttributeName));
  return [
    ...table.attributes.filter(({ AttributeName }) => !names.has(AttributeName)),
    ...(request.AttributeDefinitions ?? []),
  ];
}

function changedIndexes(table: Table, request: UpdateTableRequest): readonly IndexDescription[] {
  let indexes = table.indexes;
  const definitions = mergedAttributes(table, request);
  for (const { Create, Update, Delete } of request.GlobalSecondaryIndexUpdates ?? []) {
    const name = (Create ?? Update ?? Delete)?.IndexName as string;
    const old = indexes.find((index) => index.name === name && index.kind === 'global');
    if (Create) {
      if (old) {
        throw validationError(
          `One or more parameter values were invalid: Index with name ${name} already exists`,
        );
      }
      checkIndexKeys(Create, definitions);
      const number = Math.max(0, ...table.indexes.map((index) => index.number)) + 1;
      indexes = [...indexes, indexOf(Create, 'global', number, schemaReader(definitions))];
    } else if (!old) {
      throw new AwsError(
        'ResourceNotFoundException',
        `Requested resource not found: Index: ${name} not found`,
      );
    } else {
      indexes = Delete
        ? indexes.filter((index) => index !== old)
        : indexes.map((index) =>
            index === old ? { ...old, throughput: Update?.ProvisionedThroughput ?? old.throughput } : index,
          );
    }
  }
  return indexes;
}

function checkIndexKeys({ KeySchema }: IndexRequest, definitions: readonly AttributeDefinition[]): void {
  const defined = definitions.map(({ AttributeName }) => AttributeName);
  const keys = KeySchema.map(({ AttributeName }) => AttributeName);
  if (keys.some((key) => !defined.includes(key))) {
    throw validationError(
      `One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [${keys.join(', ')}], AttributeDefinitions: [${defined.join(', ')}]`,
    );
  }
}

function changedStream(
  engine: Engine,
  { stream, name }: Table,
  specification: StreamSpecification | undefined,
): StreamDescription | undefined {
  if (!specification) return stream;
  if (specification.StreamEnabled) {
    if (stream?.enabled) throw validationError(`Table already has an enabled stream: TableName: ${name}`);
    return newStream(engine, specification);
  }
  if (!stream?.enabled) throw validationError(`Table already has stream disabled: TableName: ${name}`);
  return { ...stream, enabled: false };
}

/** Puts the items of a table into a new index. Items whose attributes are of another type stay out of it. */
function fill(table: Table, index: IndexDescription): void {
  for (const row of [...table.rows.range({ forward: true })]) {
    const item = JSON.parse(row.item) as Item;
    const key = indexKeyOf(index.keys, item);
    if (key) table.rows.addToIndex(index.number, key, keyOf(table.keys, item));
  }
}

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
