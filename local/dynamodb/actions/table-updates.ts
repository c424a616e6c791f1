import { AwsError } from '../../aws.ts';
import { type Engine, namedTableOf } from '../engine.ts';
import { validationError } from '../errors.ts';
import { checkTableRequest, type Request } from '../requests/requests.ts';
import type {
  IndexDescription,
  StreamDescription,
  Table,
  TableDescription,
  Throughput,
} from '../storage/catalog.ts';
import type { Item } from '../values/attributes.ts';
import { indexKeyOf, keyOf } from '../values/keys.ts';
import { describe } from './descriptions.ts';
import {
  type AttributeDefinition,
  checkStream,
  type IndexRequest,
  indexOf,
  newStream,
  type StreamSpecification,
  schemaReader,
  streamMember,
  type TableRequest,
} from './table-definitions.ts';

interface UpdateTableRequest extends TableRequest {
  readonly GlobalSecondaryIndexUpdates?: readonly {
    readonly Create?: IndexRequest;
    readonly Update?: { readonly IndexName: string; readonly ProvisionedThroughput: Throughput };
    readonly Delete?: { readonly IndexName: string };
  }[];
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
