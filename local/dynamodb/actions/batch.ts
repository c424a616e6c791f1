import { type JsonText, withText } from '../../json-text.ts';
import { type Engine, tableOf } from '../engine.ts';
import { validationError } from '../errors.ts';
import type { ExpressionMembers } from '../expressions/expressions.ts';
import { checkExpressionParams } from '../requests/expression-params.ts';
import { checkValues, type Request } from '../requests/requests.ts';
import type { Table } from '../storage/catalog.ts';
import type { AttributeValue, Item } from '../values/attributes.ts';
import { checkKey, keyMismatch, type StoredKey } from '../values/keys.ts';
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
import { collectionMetrics, understandRead } from './items.ts';
import { commit, locate, outcome, readStored, understand, type Write } from './writes.ts';

/** Limits of https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html and _BatchWriteItem.html */
const MAX_GETS = 100;
const MAX_WRITES = 25;
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

interface BatchGetRequest {
  readonly RequestItems: Readonly<Record<string, KeysAndAttributes>>;
  readonly ReturnConsumedCapacity?: ReturnConsumedCapacity;
}

interface KeysAndAttributes extends ExpressionMembers {
  readonly Keys: readonly Item[];
  readonly ConsistentRead?: boolean;
  readonly AttributesToGet?: readonly string[];
}

export function batchGetItem(engine: Engine, input: Request): JsonText {
  const { RequestItems, ReturnConsumedCapacity: mode } = input as unknown as BatchGetRequest;
  checkOneKind(Object.values(RequestItems));
  const requests = Object.entries(RequestItems).map(([name, keys]) => ({
    name,
    keys,
    read: understandKeys(keys),
  }));
  if (requests.reduce((total, { keys }) => total + keys.Keys.length, 0) > MAX_GETS) {
    throw validationError('Too many items requested for the BatchGetItem call');
  }
  const responses: string[] = [];
  const unprocessed: Record<string, KeysAndAttributes> = {};
  const consumed: object[] = [];
  let bytes = 0;
  for (const { name, keys, read } of requests) {
    const table = tableOf(engine, name);
    for (const key of keys.Keys) checkKey(table.keys, key);
    const units = noUnits();
    const items: string[] = [];
    const left: Item[] = [];
    for (const key of keys.Keys) {
      const { item, size } = read(table, key);
      if (bytes + size > MAX_ANSWER_BYTES) {
        left.push(key);
        continue;
      }
      bytes += size;
      units.table += readUnits(size, keys.ConsistentRead);
      if (item) items.push(item);
    }
    responses.push(`${JSON.stringify(name)}:[${items.join(',')}]`);
    if (left.length > 0) unprocessed[name] = { ...keys, Keys: left };
    if (wantsCapacity(mode)) consumed.push(consumedCapacity(mode, table.name, units));
  }
  return withText(
    { Responses: `{${responses.join(',')}}` },
    { UnprocessedKeys: unprocessed, ...(wantsCapacity(mode) && { ConsumedCapacity: consumed }) },
  );
}

/** Expressions and the parameters they replaced may not be mixed, not even by the requests for two tables. */
function checkOneKind(requests: readonly KeysAndAttributes[]): void {
  const all = Object.assign({}, ...requests) as KeysAndAttributes;
  const { ProjectionExpression, AttributesToGet } = all;
  checkExpressionParams(
    { ProjectionExpression, AttributesToGet },
    ['ProjectionExpression'],
    ['AttributesToGet'],
  );
}

function understandKeys(request: KeysAndAttributes): ReturnType<typeof understandRead> {
  checkExpressionParams(request, ['ProjectionExpression'], ['AttributesToGet']);
  const read = understandRead(request);
  const seen = new Set<string>();
  for (const key of request.Keys) {
    checkValues(key);
    const text = textOf(key);
    if (seen.has(text)) throw validationError('Provided list of item keys contains duplicates');
    seen.add(text);
  }
  return read;
}

const textOf = (key: Item): string =>
  JSON.stringify(Object.entries(key).sort(([a], [b]) => (a < b ? -1 : 1)) as [string, AttributeValue][]);

interface WriteRequestMember {
  readonly PutRequest?: { readonly Item: Item };
  readonly DeleteRequest?: { readonly Key: Item };
}

interface BatchWriteRequest {
  readonly RequestItems: Readonly<Record<string, readonly WriteRequestMember[]>>;
  readonly ReturnConsumedCapacity?: ReturnConsumedCapacity;
  readonly ReturnItemCollectionMetrics?: 'SIZE' | 'NONE';
}

export function batchWriteItem(engine: Engine, input: Request): object {
  const request = input as unknown as BatchWriteRequest;
  const writes = Object.entries(request.RequestItems).flatMap(([name, members]) =>
    members.map((member) => ({ name, write: understandMember(name, member) })),
  );
  if (writes.length > MAX_WRITES)
    throw validationError('Too many items requested for the BatchWriteItem call');
  const seen = new Set<string>();
  const planned = writes.map(({ name, write }) => {
    const table = tableOf(engine, name);
    const key = locateMember(table, write);
    const id = `${table.number}:${key.hash.toString('hex')}:${key.range.toString('hex')}`;
    if (seen.has(id)) throw validationError('Provided list of item keys contains duplicates');
    seen.add(id);
    return { table, write, key };
  });
  const units = new Map<string, Units>();
  engine.store.write(() => {
    for (const { table, write, key } of planned) {
      const old = readStored(table, key);
      const next = outcome(table, write, old);
      commit(engine, table, key, old, next);
      const total = units.get(table.name) ?? noUnits();
      units.set(table.name, total);
      if (wantsCapacity(request.ReturnConsumedCapacity)) addUnits(total, writeUnits(table, old?.item, next));
    }
  });
  const mode = request.ReturnConsumedCapacity;
  return {
    UnprocessedItems: {},
    ...(request.ReturnItemCollectionMetrics === 'SIZE' && { ItemCollectionMetrics: metricsOf(planned) }),
    ...(wantsCapacity(mode) && {
      ConsumedCapacity: [...units].map(([name, total]) => consumedCapacity(mode, name, total)),
    }),
  };
}

function understandMember(name: string, { PutRequest, DeleteRequest }: WriteRequestMember): Write {
  if ((PutRequest === undefined) === (DeleteRequest === undefined)) {
    throw validationError(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  }
  return PutRequest
    ? understand('put', { TableName: name, Item: PutRequest.Item })
    : understand('delete', { TableName: name, Key: DeleteRequest?.Key as Item });
}

/** A batch says of a wrong key attribute only that it does not match. */
function locateMember(table: Table, write: Write): StoredKey {
  try {
    return locate(table, write);
  } catch (error) {
    throw /Missing the key|Type mismatch for key/.test((error as Error).message) ? keyMismatch() : error;
  }
}

export function metricsOf(
  planned: readonly { readonly table: Table; readonly write: Write }[],
): Record<string, object[]> {
  const metrics: Record<string, object[]> = {};
  for (const { table, write } of planned) {
    if (!table.indexes.some(({ kind }) => kind === 'local')) continue;
    metrics[table.name] = [...(metrics[table.name] ?? []), collectionMetrics(table, write.request)];
  }
  return metrics;
}
