import { type JsonText, withText } from '../../json-text.ts';
import { type Engine, tableOf } from '../engine.ts';
import { validationError } from '../errors.ts';
import { type ExpressionMembers, expressionsOf } from '../expressions/expressions.ts';
import { checkNestedKeys } from '../expressions/key-paths.ts';
import { checkExpressionParams } from '../requests/expression-params.ts';
import { asInputErrors, checkValues, type Request, refuse } from '../requests/requests.ts';
import type { Table } from '../storage/catalog.ts';
import type { Item } from '../values/attributes.ts';
import { selectionOf } from '../values/item-text.ts';
import { checkKey, keyOf } from '../values/keys.ts';
import { project } from '../values/paths.ts';
import { problemOfNames } from '../values/problems.ts';
import {
  consumedCapacity,
  noUnits,
  type ReturnConsumedCapacity,
  readUnits,
  wantsCapacity,
  writeUnits,
} from './capacity.ts';
import { checkUpdateSize } from './update-size.ts';
import { commit, locate, outcome, readStored, understand, type Write, type WriteRequest } from './writes.ts';

interface SingleWriteRequest extends WriteRequest {
  readonly ReturnValues?: 'NONE' | 'ALL_OLD' | 'UPDATED_OLD' | 'ALL_NEW' | 'UPDATED_NEW';
  readonly ReturnConsumedCapacity?: ReturnConsumedCapacity;
  readonly ReturnItemCollectionMetrics?: 'SIZE' | 'NONE';
}

export interface ReadRequest extends ExpressionMembers {
  readonly TableName: string;
  readonly Key: Item;
  readonly ConsistentRead?: boolean;
  readonly AttributesToGet?: readonly string[];
  readonly ReturnConsumedCapacity?: ReturnConsumedCapacity;
}

export const putItem = (engine: Engine, request: Request): object => writeItem(engine, 'put', request);
export const updateItem = (engine: Engine, request: Request): object => writeItem(engine, 'update', request);
export const deleteItem = (engine: Engine, request: Request): object => writeItem(engine, 'delete', request);

function writeItem(engine: Engine, kind: 'put' | 'update' | 'delete', input: Request): object {
  const request = input as unknown as SingleWriteRequest;
  const write = asInputErrors(() => understandAlone(kind, request));
  const table = tableOf(engine, request.TableName);
  const key = locate(table, write);
  return engine.store.write(() => {
    const old = readStored(table, key);
    const next = outcome(table, write, old);
    if (write.update && next) checkUpdateSize(write.update, next);
    commit(engine, table, key, old, next);
    const attributes = returnedAttributes(request.ReturnValues, write, old?.item, next);
    const mode = request.ReturnConsumedCapacity;
    return {
      ...(attributes && { Attributes: attributes }),
      ...(wantsCapacity(mode) && {
        ConsumedCapacity: consumedCapacity(mode, table.name, writeUnits(table, old?.item, next)),
      }),
      ...(request.ReturnItemCollectionMetrics === 'SIZE' && itemCollectionMetrics(table, request)),
    };
  });
}

function understandAlone(kind: 'put' | 'update' | 'delete', request: SingleWriteRequest): Write {
  const write = understand(kind, request, { quote: JSON.stringify });
  if (kind !== 'update' && !['ALL_OLD', 'NONE', undefined].includes(request.ReturnValues)) {
    throw validationError('ReturnValues can only be ALL_OLD or NONE');
  }
  return write;
}

function returnedAttributes(
  wanted: SingleWriteRequest['ReturnValues'],
  write: Write,
  old: Item | undefined,
  next: Item | undefined,
): Item | undefined {
  switch (wanted) {
    case 'ALL_OLD':
      return old;
    case 'ALL_NEW':
      return next;
    case 'UPDATED_OLD':
      return updatedPart(write, old);
    case 'UPDATED_NEW':
      return updatedPart(write, next);
    default:
      return undefined;
  }
}

function updatedPart(write: Write, item: Item | undefined): Item | undefined {
  const part = project(item ?? {}, write.update?.paths ?? []);
  return Object.keys(part).length > 0 ? part : undefined;
}

/** An estimate for item collections, which only tables with local indexes have: here always below a gigabyte. */
export function itemCollectionMetrics(table: Table, request: WriteRequest): object {
  if (!table.indexes.some(({ kind }) => kind === 'local')) return {};
  return { ItemCollectionMetrics: collectionMetrics(table, request) };
}

export function collectionMetrics(table: Table, request: WriteRequest): object {
  const { hash } = table.keys;
  const item = (request.Item ?? request.Key) as Item;
  return { ItemCollectionKey: { [hash.name]: item[hash.name] }, SizeEstimateRangeGB: [0, 1] };
}

export function getItem(engine: Engine, input: Request): JsonText {
  const request = input as unknown as ReadRequest;
  checkExpressionParams(request, ['ProjectionExpression'], ['AttributesToGet']);
  checkValues(request.Key);
  const read = understandRead(request);
  const table = tableOf(engine, request.TableName);
  const { item, size } = read(table, request.Key);
  const mode = request.ReturnConsumedCapacity;
  const units = { ...noUnits(), table: readUnits(size, request.ConsistentRead) };
  return withText(
    { Item: item },
    wantsCapacity(mode) && { ConsumedCapacity: consumedCapacity(mode, table.name, units) },
  );
}

/** Checks what a request reads of an item; the answer reads by its key what is wanted of an item, as JSON. */
export function understandRead(
  request: ExpressionMembers & { readonly AttributesToGet?: readonly string[] },
): (table: Table, key: Item) => { readonly item: string | undefined; readonly size: number } {
  const names = request.AttributesToGet ?? [];
  for (const name of names) refuse(problemOfNames({ [name]: {} }));
  const duplicate = names.find((name, index) => names.indexOf(name) < index);
  if (duplicate !== undefined) {
    throw validationError(
      `One or more parameter values were invalid: Duplicate value in attribute name: ${duplicate}`,
    );
  }
  const { projection, nested } = expressionsOf(request);
  const select = selectionOf(projection ?? request.AttributesToGet?.map((name) => [name]));
  return (table, key) => {
    checkKey(table.keys, key);
    checkNestedKeys(table, nested);
    const row = table.rows.get(keyOf(table.keys, key));
    return row ? { item: select(row.item), size: row.size } : { item: undefined, size: 0 };
  };
}
