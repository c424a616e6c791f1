import { AwsError } from '../../aws.ts';
import { type JsonText, withText } from '../../json-text.ts';
import { type Engine, tableOf } from '../engine.ts';
import { validationError } from '../errors.ts';
import type { ExpressionMembers } from '../expressions/expressions.ts';
import { checkValues, type Request } from '../requests/requests.ts';
import type { Table } from '../storage/catalog.ts';
import type { Tokens } from '../storage/tokens.ts';
import type { Item } from '../values/attributes.ts';
import { keyOf, type StoredKey } from '../values/keys.ts';
import { itemSize } from '../values/sizes.ts';
import { metricsOf } from './batch.ts';
import {
  addUnits,
  consumedCapacity,
  noUnits,
  type ReturnConsumedCapacity,
  readUnits,
  type Units,
  wantsCapacity,
  writeUnits,
} from './capacity.ts';
import { understandRead } from './items.ts';
import {
  commit,
  locate,
  outcome,
  readStored,
  type Stored,
  understand,
  type Write,
  type WriteKind,
  type WriteRequest,
} from './writes.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html */
const MAX_BYTES = 4 * 1024 * 1024;

interface TransactWriteRequest {
  readonly TransactItems: readonly TransactWriteItem[];
  readonly ClientRequestToken?: string;
  readonly ReturnConsumedCapacity?: ReturnConsumedCapacity;
  readonly ReturnItemCollectionMetrics?: 'SIZE' | 'NONE';
}

type TransactWriteItem = Readonly<
  Partial<Record<'ConditionCheck' | 'Put' | 'Delete' | 'Update', WriteRequest>>
>;

const KINDS = { ConditionCheck: 'check', Put: 'put', Delete: 'delete', Update: 'update' } as const;

interface Planned {
  readonly table: Table;
  readonly write: Write;
  readonly key: StoredKey;
}

/** Why one item of a transaction made it fail, or `None`. */
interface Reason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: Item;
}

export function transactWriteItems(engine: Engine, tokens: Tokens, input: Request, account: string): object {
  const request = input as unknown as TransactWriteRequest;
  const writes = request.TransactItems.map(understandItem);
  const planned = plan(engine, writes);
  const token = request.ClientRequestToken;
  return engine.store.write(() => {
    if (token !== undefined && tokens.isRepeated(account, token, request.TransactItems)) {
      return answer(request, planned, () => repeatedUnits(planned), 'ReadCapacityUnits');
    }
    const olds = planned.map(({ table, key }) => readStored(table, key));
    const nexts = outcomes(planned, olds);
    for (const [index, { table, key, write }] of planned.entries()) {
      if (write.kind !== 'check') commit(engine, table, key, olds[index], nexts[index]);
    }
    if (token !== undefined) tokens.remember(account, token, request.TransactItems);
    return answer(request, planned, () => writtenUnits(planned, olds, nexts), 'WriteCapacityUnits');
  });
}

function understandItem(item: TransactWriteItem): Write {
  const kinds = (Object.keys(KINDS) as (keyof typeof KINDS)[]).filter((kind) => item[kind] !== undefined);
  const kind = kinds[0];
  if (!kind) {
    throw validationError(
      'Invalid Request: TransactWriteRequest should contain Delete or Put or Update request',
    );
  }
  if (kinds.length > 1) {
    throw validationError('TransactItems can only contain one of Check, Put, Update or Delete');
  }
  if (kind === 'ConditionCheck' && item.ConditionCheck?.ConditionExpression === undefined) {
    throw validationError('The ConditionExpression parameter must be specified in a ConditionCheck request');
  }
  return understand(KINDS[kind] as WriteKind, item[kind] as WriteRequest, { inTransaction: true });
}

/** Finds tables and keys; a key that does not fit its table cancels the transaction. */
function plan(engine: Engine, writes: readonly Write[]): Planned[] {
  const tables = writes.map(({ request }) => tableOf(engine, request.TableName));
  const keys = attempt(writes, (write, index) => locate(tables[index] as Table, write));
  const planned = writes.map((write, index) => ({
    write,
    table: tables[index] as Table,
    key: keys[index] as StoredKey,
  }));
  checkDistinct(planned);
  const bytes = writes.reduce((total, { request }) => total + itemSize(request.Item ?? request.Key ?? {}), 0);
  if (bytes > MAX_BYTES) throw validationError('Transaction request size cannot exceed 4 MB');
  return planned;
}

function checkDistinct(items: readonly { readonly table: Table; readonly key: StoredKey }[]): void {
  const seen = new Set(
    items.map(({ table, key }) => `${table.number}:${key.hash.toString('hex')}:${key.range.toString('hex')}`),
  );
  if (seen.size < items.length) {
    throw validationError('Transaction request cannot include multiple operations on one item');
  }
}

function outcomes(planned: readonly Planned[], olds: readonly (Stored | undefined)[]): (Item | undefined)[] {
  return attempt(planned, ({ table, write }, index) => {
    const next = outcome(table, write, olds[index]);
    if (write.kind === 'update' && next && itemSize(next) > 400 * 1024) {
      throw validationError('Item size to update has exceeded the maximum allowed size');
    }
    return next;
  });
}

/** Does something for every item; throws TransactionCanceledException with a reason for each if any fails. */
function attempt<T, R>(items: readonly T[], action: (item: T, index: number) => R): R[] {
  const results: R[] = [];
  const reasons = items.map((item, index): Reason => {
    try {
      results.push(action(item, index));
      return { Code: 'None' };
    } catch (error) {
      return reasonOf(error);
    }
  });
  if (results.length === items.length) return results;
  throw new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(', ')}]`,
    400,
    { CancellationReasons: reasons },
  );
}

function reasonOf(error: unknown): Reason {
  if (!(error instanceof AwsError)) throw error;
  if (error.code === 'ConditionalCheckFailedException') {
    const { Item } = error.extra as { Item?: Item };
    return { Code: 'ConditionalCheckFailed', Message: error.message, ...(Item && { Item }) };
  }
  // A key that is empty is wrong in itself, and refused for all of the transaction.
  if (/cannot contain an empty \w+ value/.test(error.message)) throw error;
  return { Code: 'ValidationError', Message: error.message };
}

function answer(
  request: TransactWriteRequest,
  planned: readonly Planned[],
  units: () => ReadonlyMap<string, Units>,
  kind: 'ReadCapacityUnits' | 'WriteCapacityUnits',
): object {
  const mode = request.ReturnConsumedCapacity;
  return {
    ...(request.ReturnItemCollectionMetrics === 'SIZE' && { ItemCollectionMetrics: metricsOf(planned) }),
    ...(wantsCapacity(mode) && {
      ConsumedCapacity: [...units()].map(([name, total]) => consumedCapacity(mode, name, total, kind)),
    }),
  };
}

function add(units: Map<string, Units>, table: Table, more: Units): void {
  const total = units.get(table.name) ?? noUnits();
  units.set(table.name, total);
  addUnits(total, more);
}

/** A transaction prepares and commits: twice the units in the table. Indexes follow the commit as ever. */
function writtenUnits(
  planned: readonly Planned[],
  olds: readonly (Stored | undefined)[],
  nexts: readonly (Item | undefined)[],
): Map<string, Units> {
  const units = new Map<string, Units>();
  for (const [index, { table }] of planned.entries()) {
    const once = writeUnits(table, olds[index]?.item, nexts[index]);
    add(units, table, { ...once, table: once.table * 2 });
  }
  return units;
}

/** A repeated transaction only reads its items. */
function repeatedUnits(planned: readonly Planned[]): Map<string, Units> {
  const units = new Map<string, Units>();
  for (const { table, key } of planned) {
    add(units, table, { ...noUnits(), table: 2 * readUnits(table.rows.get(key)?.size ?? 0, true) });
  }
  return units;
}

interface TransactGetRequest {
  readonly TransactItems: readonly { readonly Get: ExpressionMembers & { TableName: string; Key: Item } }[];
  readonly ReturnConsumedCapacity?: ReturnConsumedCapacity;
}

export function transactGetItems(engine: Engine, input: Request): JsonText {
  const { TransactItems, ReturnConsumedCapacity: mode } = input as unknown as TransactGetRequest;
  const reads = TransactItems.map(({ Get }) => {
    checkValues(Get.Key);
    return { request: Get, read: understandRead(Get) };
  });
  const tables = reads.map(({ request }) => tableOf(engine, request.TableName));
  const units = new Map<string, Units>();
  const results = attempt(reads, ({ request, read }, index) => {
    const table = tables[index] as Table;
    return { table, ...read(table, request.Key), key: keyOf(table.keys, request.Key) };
  });
  checkDistinct(results);
  for (const { table, size } of results)
    add(units, table, { ...noUnits(), table: 2 * readUnits(size, true) });
  if (results.reduce((total, { size }) => total + size, 0) > MAX_BYTES) {
    throw validationError('Transaction response size cannot exceed 4 MB');
  }
  const responses = results.map(({ item }) => (item === undefined ? '{}' : `{"Item":${item}}`));
  return withText(
    { Responses: `[${responses.join(',')}]` },
    wantsCapacity(mode) && {
      ConsumedCapacity: [...units].map(([name, total]) =>
        consumedCapacity(mode, name, total, 'ReadCapacityUnits'),
      ),
    },
  );
}
