import { AwsError } from '../../aws.ts';
import { changeableTableOf, type Engine } from '../engine.ts';
import { validationError } from '../errors.ts';
import type { Request } from '../requests/requests.ts';
import type { IndexDescription, StreamDescription, Table, TableDescription } from '../storage/catalog.ts';
import type { IndexActivity } from '../storage/transitions.ts';
import { readItem } from '../values/item-text.ts';
import { attributesOf, indexKeyOf, keyOf } from '../values/keys.ts';
import { describeAs } from './descriptions.ts';
import {
  checkStream,
  indexOf,
  NO_THROUGHPUT,
  newStream,
  type StreamSpecification,
  schemaReader,
  streamMember,
} from './table-definitions.ts';
import {
  checkIndexCount,
  checkNewIndex,
  checkThroughput,
  checkUpdate,
  type IndexUpdate,
  type UpdateTableRequest,
} from './table-update-checks.ts';

export function updateTable(engine: Engine, input: Request): object {
  const request = input as unknown as UpdateTableRequest;
  checkUpdate(request);
  checkStream(request.StreamSpecification);
  const table = changeableTableOf(engine, request.TableName);
  checkThroughput(table, request);
  const stream = changedStream(engine, table, request.StreamSpecification);
  const indexes = changedIndexes(table, request);
  const { rows: _rows, ...old } = table;
  const description: TableDescription = {
    ...old,
    attributes: usedAttributes(table, request, indexes),
    indexes,
    ...changedBilling(engine, table, request),
    deletionProtected: request.DeletionProtectionEnabled ?? table.deletionProtected,
    ...streamMember(stream),
    ...(request.TableClass && { tableClass: request.TableClass }),
    ...(request.SSESpecification && { encryption: request.SSESpecification }),
    ...(request.OnDemandThroughput && { onDemandThroughput: request.OnDemandThroughput }),
  };
  const changed = engine.store.write(() => {
    const replaced = engine.catalog.replace(description);
    if (stream?.enabled && stream !== table.stream) engine.streams.create(replaced);
    const known = new Set(table.indexes.map(({ number }) => number));
    for (const index of replaced.indexes) if (!known.has(index.number)) fill(replaced, index);
    return replaced;
  });
  const activities = (request.GlobalSecondaryIndexUpdates ?? []).map(activityOf);
  engine.transitions.begin(table.name, 'UPDATING', activities);
  return { TableDescription: describeAs(engine, changed, 'UPDATING', activities) };
}

function activityOf({ Create, Update, Delete }: IndexUpdate): IndexActivity {
  const name = (Create ?? Update ?? Delete)?.IndexName as string;
  return { name, status: Create ? 'CREATING' : Delete ? 'DELETING' : 'UPDATING' };
}

function changedBilling(
  engine: Engine,
  table: Table,
  { BillingMode, ProvisionedThroughput }: UpdateTableRequest,
): Pick<TableDescription, 'onDemand' | 'throughput' | 'onDemandSince'> {
  const onDemand = BillingMode ? BillingMode === 'PAY_PER_REQUEST' : table.onDemand;
  return {
    onDemand,
    throughput: onDemand ? NO_THROUGHPUT : (ProvisionedThroughput ?? table.throughput),
    ...(onDemand && !table.onDemand && { onDemandSince: Math.round(engine.now()) / 1000 }),
  };
}

/** The definitions that were there, which keep their types, and those that are new. */
function knownAttributes(table: Table, request: UpdateTableRequest): TableDescription['attributes'] {
  const names = new Set(table.attributes.map(({ AttributeName }) => AttributeName));
  return [
    ...table.attributes,
    ...(request.AttributeDefinitions ?? []).filter(({ AttributeName }) => !names.has(AttributeName)),
  ];
}

/** The definitions that a table with these indexes uses. */
function usedAttributes(
  table: Table,
  request: UpdateTableRequest,
  indexes: readonly IndexDescription[],
): TableDescription['attributes'] {
  const schemas = [table.keys, ...indexes.map(({ keys }) => keys)];
  const used = new Set(schemas.flatMap((schema) => attributesOf(schema).map(({ name }) => name)));
  return knownAttributes(table, request).filter(({ AttributeName }) => used.has(AttributeName));
}

function changedIndexes(table: Table, request: UpdateTableRequest): readonly IndexDescription[] {
  const updates = request.GlobalSecondaryIndexUpdates ?? [];
  const definitions = knownAttributes(table, request);
  const onDemand = request.BillingMode ? request.BillingMode === 'PAY_PER_REQUEST' : table.onDemand;
  let indexes = table.indexes;
  for (const update of updates) {
    if (update.Create) {
      checkNewIndex(table, update.Create, definitions, onDemand);
      const number = Math.max(0, ...table.indexes.map((index) => index.number)) + 1;
      indexes = [...indexes, indexOf(update.Create, 'global', number, schemaReader(definitions))];
    } else {
      const old = globalIndexOf(table, (update.Update ?? update.Delete)?.IndexName as string);
      const throughput = update.Update?.ProvisionedThroughput ?? old.throughput;
      indexes = update.Delete
        ? indexes.filter((index) => index !== old)
        : indexes.map((index) => (index === old ? { ...old, throughput } : index));
    }
  }
  checkIndexCount(updates);
  return indexes;
}

function globalIndexOf(table: Table, name: string): IndexDescription {
  const index = table.indexes.find((one) => one.name === name && one.kind === 'global');
  if (index) return index;
  throw new AwsError('ResourceNotFoundException', `Requested resource not found: Index: ${name} not found`);
}

function changedStream(
  engine: Engine,
  { stream, name }: Table,
  specification: StreamSpecification | undefined,
): StreamDescription | undefined {
  if (!specification) return stream;
  if (specification.StreamEnabled) {
    if (stream?.enabled) throw validationError(`Table already has an enabled stream: TableName: ${name}`);
    return newStream(engine, specification, stream);
  }
  if (!stream?.enabled) throw validationError(`Table already has stream disabled: TableName: ${name}`);
  return { ...stream, enabled: false };
}

/** Puts the items of a table into a new index. Items whose attributes are of another type stay out of it. */
function fill(table: Table, index: IndexDescription): void {
  for (const row of [...table.rows.range({ forward: true })]) {
    const item = readItem(row.item);
    const key = indexKeyOf(index.keys, item);
    if (key) table.rows.addToIndex(index.number, key, keyOf(table.keys, item));
  }
}
