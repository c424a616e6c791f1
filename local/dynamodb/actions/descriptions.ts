import type { Engine } from '../engine.ts';
import { arnOf, type IndexDescription, type Table } from '../storage/catalog.ts';
import type { KeySchema } from '../values/keys.ts';

/** Counting reads everything, so a large table's count is kept this long, in milliseconds; DynamoDB's is hours old. */
const COUNT_LIFETIME = 60_000;
const LARGE = 10_000;

interface Count {
  readonly items: number;
  readonly bytes: number;
}

const counts = new WeakMap<Table, Map<number, Count & { readonly at: number }>>();

function countOf(engine: Engine, table: Table, index = 0): Count {
  const known = counts.get(table) ?? new Map();
  counts.set(table, known);
  const old = known.get(index);
  if (old && engine.now() - old.at < COUNT_LIFETIME) return old;
  const count = table.rows.count(index || undefined);
  if (count.items >= LARGE) known.set(index, { ...count, at: engine.now() });
  return count;
}

/** A table as CreateTable, UpdateTable, DeleteTable and DescribeTable answer it. Every table is active at once. */
export function describe(engine: Engine, table: Table): Record<string, unknown> {
  const arn = arnOf(engine.place, table.name);
  const { items, bytes } = countOf(engine, table);
  const globals = table.indexes.filter(({ kind }) => kind === 'global');
  const locals = table.indexes.filter(({ kind }) => kind === 'local');
  return {
    TableName: table.name,
    TableArn: arn,
    TableId: table.id,
    TableStatus: 'ACTIVE',
    CreationDateTime: table.created,
    AttributeDefinitions: table.attributes,
    KeySchema: keySchema(table.keys),
    ProvisionedThroughput: { NumberOfDecreasesToday: 0, ...table.throughput },
    ...(table.onDemand && {
      BillingModeSummary: {
        BillingMode: 'PAY_PER_REQUEST',
        LastUpdateToPayPerRequestDateTime: table.created,
      },
    }),
    TableSizeBytes: bytes,
    ItemCount: items,
    ...(locals.length > 0 && {
      LocalSecondaryIndexes: locals.map((index) => describeIndex(engine, table, index)),
    }),
    ...(globals.length > 0 && {
      GlobalSecondaryIndexes: globals.map((index) => ({
        ...describeIndex(engine, table, index),
        IndexStatus: 'ACTIVE',
        ProvisionedThroughput: { NumberOfDecreasesToday: 0, ...index.throughput },
      })),
    }),
    ...(table.stream?.enabled && {
      StreamSpecification: { StreamEnabled: true, StreamViewType: table.stream.view },
    }),
    ...(table.stream && {
      LatestStreamLabel: table.stream.label,
      LatestStreamArn: `${arn}/stream/${table.stream.label}`,
    }),
    ...(table.tableClass && { TableClassSummary: { TableClass: table.tableClass } }),
    ...(table.encryption?.Enabled === true && { SSEDescription: { Status: 'ENABLED', SSEType: 'KMS' } }),
    DeletionProtectionEnabled: table.deletionProtected,
  };
}

function describeIndex(engine: Engine, table: Table, index: IndexDescription): object {
  const { items, bytes } = countOf(engine, table, index.number);
  return {
    IndexName: index.name,
    IndexArn: `${arnOf(engine.place, table.name)}/index/${index.name}`,
    KeySchema: keySchema(index.keys),
    Projection: index.projection,
    IndexSizeBytes: bytes,
    ItemCount: items,
  };
}

export function keySchema({ hash, range }: KeySchema): object[] {
  return [
    { AttributeName: hash.name, KeyType: 'HASH' },
    ...(range ? [{ AttributeName: range.name, KeyType: 'RANGE' }] : []),
  ];
}
