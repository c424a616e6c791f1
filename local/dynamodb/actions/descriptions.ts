import type { Engine } from '../engine.ts';
import { arnOf, type IndexDescription, type Table } from '../storage/catalog.ts';
import type { Activity, IndexActivity } from '../storage/transitions.ts';
import { hashesOf, type KeySchema, rangesOf } from '../values/keys.ts';

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

/** A table as DescribeTable answers it. Its items are counted when somebody looks how many there are. */
export function describe(engine: Engine, table: Table): Record<string, unknown> {
  const transition = engine.transitions.find(table.name);
  return describeAs(engine, table, transition?.activity, transition?.indexes);
}

/** A table as the answer to a deletion shows it: neither key nor indexes any more. */
export function describeDeleted(engine: Engine, table: Table): Record<string, unknown> {
  const gone = ['AttributeDefinitions', 'KeySchema', 'CreationDateTime'];
  return Object.fromEntries(
    Object.entries(describeAs(engine, table, 'DELETING')).filter(([member]) => !gone.includes(member)),
  );
}

/** A table, and indexes of it, in the middle of a change. */
export function describeAs(
  engine: Engine,
  table: Table,
  activity?: Activity,
  changes: readonly IndexActivity[] = [],
): Record<string, unknown> {
  const arn = arnOf(engine.place, table.name);
  const globals = table.indexes.filter(({ kind }) => kind === 'global');
  const locals = table.indexes.filter(({ kind }) => kind === 'local');
  return {
    TableName: table.name,
    TableArn: arn,
    TableId: table.id,
    TableStatus: activity ?? 'ACTIVE',
    CreationDateTime: table.created,
    AttributeDefinitions: table.attributes,
    KeySchema: keySchema(table.keys),
    ProvisionedThroughput: { NumberOfDecreasesToday: 0, ...table.throughput },
    ...(table.onDemand && {
      BillingModeSummary: {
        BillingMode: 'PAY_PER_REQUEST',
        LastUpdateToPayPerRequestDateTime: table.onDemandSince ?? table.created,
      },
    }),
    get TableSizeBytes() {
      return countOf(engine, table).bytes;
    },
    get ItemCount() {
      return countOf(engine, table).items;
    },
    ...(locals.length > 0 && {
      LocalSecondaryIndexes: locals.map((index) => describeIndex(engine, table, index)),
    }),
    ...(globals.length > 0 && {
      GlobalSecondaryIndexes: globals.map((index) =>
        describeIndex(engine, table, index, {
          ...indexState(index.name, activity, changes),
          ProvisionedThroughput: { NumberOfDecreasesToday: 0, ...index.throughput },
        }),
      ),
    }),
    ...(table.stream?.enabled && {
      StreamSpecification: { StreamEnabled: true, StreamViewType: table.stream.view },
    }),
    ...(table.stream && {
      LatestStreamLabel: table.stream.label,
      LatestStreamArn: `${arn}/stream/${table.stream.label}`,
    }),
    ...(table.tableClass && { TableClassSummary: { TableClass: table.tableClass } }),
    ...(table.onDemandThroughput && { OnDemandThroughput: table.onDemandThroughput }),
    ...(table.encryption?.Enabled === true && { SSEDescription: encryptionOf(engine, table) }),
    DeletionProtectionEnabled: table.deletionProtected,
  };
}

function indexState(name: string, activity: Activity | undefined, changes: readonly IndexActivity[]): object {
  const status = changes.find((change) => change.name === name)?.status;
  if (status === 'CREATING') return { IndexStatus: status, Backfilling: false };
  return {
    IndexStatus: status ?? (activity === 'CREATING' || activity === 'DELETING' ? activity : 'ACTIVE'),
  };
}

/** The key is the table's own or, where none is named, the one that AWS keeps for DynamoDB. */
function encryptionOf({ place }: Engine, { encryption }: Table): object {
  const key = encryption?.KMSMasterKeyId ?? '00000000-0000-4000-8000-000000000000';
  const arn = String(key).startsWith('arn:')
    ? key
    : `arn:aws:kms:${place.region}:${place.accountId}:key/${key}`;
  return { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: arn };
}

function describeIndex(engine: Engine, table: Table, index: IndexDescription, more: object = {}): object {
  return {
    IndexName: index.name,
    IndexArn: `${arnOf(engine.place, table.name)}/index/${index.name}`,
    KeySchema: keySchema(index.keys),
    Projection: index.projection,
    ...more,
    get IndexSizeBytes() {
      return countOf(engine, table, index.number).bytes;
    },
    get ItemCount() {
      return countOf(engine, table, index.number).items;
    },
  };
}

export function keySchema(schema: KeySchema): object[] {
  return [
    ...hashesOf(schema).map(({ name }) => ({ AttributeName: name, KeyType: 'HASH' })),
    ...rangesOf(schema).map(({ name }) => ({ AttributeName: name, KeyType: 'RANGE' })),
  ];
}
