import type { Engine } from '../engine.ts';
import { conditionFailed, tooDeep, validationError } from '../errors.ts';
import type { Condition, Values } from '../expressions/conditions.ts';
import { validations } from '../expressions/dynalite.ts';
import { type ExpressionMembers, expressionsOf } from '../expressions/expressions.ts';
import { checkNestedKeys, checkUpdatedKeys } from '../expressions/key-paths.ts';
import {
  conditionOf,
  type LegacyFilter,
  type LegacyUpdates,
  legacyTypesOf,
  updateFrom,
} from '../expressions/legacy.ts';
import { checkConditionalOperator } from '../expressions/legacy-checks.ts';
import type { Update } from '../expressions/updates.ts';
import { checkExpressionParams } from '../requests/expression-params.ts';
import { checkDepth, checkValues, refuse } from '../requests/requests.ts';
import { indexesInOrder, type Table } from '../storage/catalog.ts';
import { type AttributeValue, equalItems, type Item } from '../values/attributes.ts';
import { readItem, writeItem } from '../values/item-text.ts';
import {
  checkIndexKey,
  checkItemKey,
  checkKey,
  checkUpdatedIndexKey,
  indexKeyOf,
  keyOf,
  type StoredKey,
  sameKey,
} from '../values/keys.ts';
import { isTooDeep } from '../values/normal.ts';
import { problemOfNames } from '../values/problems.ts';
import { itemSize, MAX_ITEM_SIZE } from '../values/sizes.ts';
import { TOO_LARGE_UPDATE } from './update-size.ts';

export type WriteKind = 'put' | 'update' | 'delete' | 'check';

/** The members of the requests that write one item, alone or in a transaction. */
export interface WriteRequest extends ExpressionMembers {
  readonly TableName: string;
  readonly Item?: Item;
  readonly Key?: Item;
  readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD' | 'NONE';
  readonly Expected?: LegacyFilter;
  readonly ConditionalOperator?: string;
  readonly AttributeUpdates?: LegacyUpdates;
}

/** A write that is understood: what DynamoDB checks before it looks for the table has been checked. */
export interface Write {
  readonly kind: WriteKind;
  readonly request: WriteRequest;
  readonly condition: Condition | undefined;
  readonly update: Update | undefined;
  readonly values: Values;
  readonly nested: ReadonlySet<string>;
  readonly assignedTypes: ReadonlyMap<string, string>;
}

/** A stored item with the text it is stored as. */
export interface Stored {
  readonly item: Item;
  readonly text: string;
  readonly size: number;
}

const TOO_LARGE = 'Item size has exceeded the maximum allowed size';

/** How a write is checked where that depends on its action. */
export interface Understanding {
  /** How strings are shown in lists. */
  readonly quote?: (text: string) => string;
  /** Whether it is a part of a transaction: then what it writes is judged when it is carried out. */
  readonly inTransaction?: boolean;
}

export function understand(
  kind: WriteKind,
  request: WriteRequest,
  { quote, inTransaction = false }: Understanding = {},
): Write {
  const expressions =
    kind === 'update' ? ['UpdateExpression', 'ConditionExpression'] : ['ConditionExpression'];
  const legacy = kind === 'update' ? ['AttributeUpdates', 'Expected'] : ['Expected'];
  checkExpressionParams(request, expressions, legacy);
  checkValues(request.Item ?? request.Key, quote);
  if (request.Item && itemSize(request.Item) > MAX_ITEM_SIZE) throw validationError(TOO_LARGE);
  if (request.AttributeUpdates) checkLegacyUpdates(request.AttributeUpdates);
  checkConditionalOperator(request.ConditionalOperator, request.Expected);
  if (request.Expected) refuse(validations.validateAttributeConditions(request));
  const parsed = expressionsOf(request);
  if (!inTransaction) checkDepth(request.ExpressionAttributeValues);
  return {
    kind,
    request,
    condition:
      parsed.condition ?? (request.Expected && conditionOf(request.Expected, request.ConditionalOperator)),
    update: kind === 'update' ? (parsed.update ?? updateFrom(request.AttributeUpdates ?? {})) : undefined,
    values: request.ExpressionAttributeValues ?? {},
    nested: parsed.nested,
    assignedTypes: request.AttributeUpdates ? legacyTypesOf(request.AttributeUpdates) : parsed.assignedTypes,
  };
}

function checkLegacyUpdates(updates: LegacyUpdates): void {
  refuse(problemOfNames(updates as Record<string, object>));
  for (const { Action, Value } of Object.values(updates)) {
    if (Value) checkValues({ Value });
    if (!Value && Action !== 'DELETE') {
      throw validationError(
        'One or more parameter values were invalid: Only DELETE action is allowed when no attribute value is specified',
      );
    }
    const type = Value && (Object.keys(Value)[0] as string);
    if (Action === 'DELETE' && type && !['SS', 'NS', 'BS'].includes(type)) {
      throw validationError(
        `One or more parameter values were invalid: DELETE action with value is not supported for the type ${type}`,
      );
    }
    if (Action === 'ADD' && type && !['L', 'SS', 'NS', 'BS', 'N'].includes(type)) {
      throw validationError(
        `One or more parameter values were invalid: ADD action is not supported for the type ${type}`,
      );
    }
  }
}

/** Checks a write against its table and finds the key of the item. */
export function locate(table: Table, write: Write): StoredKey {
  const { Item, Key } = write.request;
  if (Item) {
    checkItemKey(table.keys, Item);
    for (const index of indexesInOrder(table)) checkIndexKey(index.name, index.keys, Item);
    return keyOf(table.keys, Item);
  }
  checkKey(table.keys, Key as Item);
  if (write.update) {
    checkUpdatedKeys(table, write.update.paths, write.assignedTypes);
    checkNestedKeys(table, write.nested);
  }
  return keyOf(table.keys, Key as Item);
}

export function readStored(table: Table, key: StoredKey): Stored | undefined {
  const row = table.rows.get(key);
  return row && { item: readItem(row.item), text: row.item, size: row.size };
}

/**
 * The item after a write, undefined when there is none then. Throws ConditionalCheckFailedException, or a
 * ValidationException where the stored item does not allow the update.
 */
export function outcome(table: Table, write: Write, old: Stored | undefined): Item | undefined {
  const { request, condition, update } = write;
  if (condition && !condition(old?.item ?? {}, write.values)) {
    throw conditionFailed(request.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' ? old?.item : undefined);
  }
  if (write.kind === 'put') return request.Item;
  if (write.kind === 'delete') return undefined;
  if (!update || (!old && !update.creates)) return old?.item;
  const updated = update.apply(old?.item ?? { ...request.Key }, write.values, old !== undefined);
  for (const index of indexesInOrder(table)) checkUpdatedIndexKey(index.name, index.keys, updated);
  if (Object.values(updated).some((value) => isTooDeep(value))) throw tooDeep();
  return updated;
}

/** Stores what a write made of an item, in the table, its indexes and its stream. */
export function commit(
  engine: Engine,
  table: Table,
  key: StoredKey,
  old: Stored | undefined,
  next: Item | undefined,
  expired = false,
): void {
  const after = next && (next === old?.item ? old : image(next));
  if (after && after.size > MAX_ITEM_SIZE) throw validationError(TOO_LARGE_UPDATE);
  if (after === old) return;
  if (!after) table.rows.delete(key);
  else
    table.rows[old ? 'update' : 'insert'](
      key,
      { item: after.text, size: after.size },
      expiryOf(table, after.item),
    );
  for (const index of table.indexes) {
    const before = old && indexKeyOf(index.keys, old.item);
    const now = next && indexKeyOf(index.keys, next);
    if (sameKey(before, now)) continue;
    if (before) table.rows.removeFromIndex(index.number, before, key);
    if (now) table.rows.addToIndex(index.number, now, key);
  }
  if (table.stream?.enabled && !sameItem(old, after)) {
    const keys = keyAttributes(table, (after ?? old)?.item as Item);
    engine.streams.append(table, {
      at: engine.now(),
      keys,
      keySize: itemSize(keys),
      before: old,
      after,
      expired,
    });
  }
}

function image(item: Item): Stored {
  return { item, text: writeItem(item), size: itemSize(item) };
}

function sameItem(a: Stored | undefined, b: Stored | undefined): boolean {
  return a !== undefined && b !== undefined && (a.text === b.text || equalItems(a.item, b.item));
}

export function keyAttributes(table: Table, item: Item): Item {
  const { hash, range } = table.keys;
  const keys: Item = { [hash.name]: item[hash.name] as AttributeValue };
  if (range) keys[range.name] = item[range.name] as AttributeValue;
  return keys;
}

/** When an item expires, in seconds since 1970: null unless its time-to-live attribute is a number. */
export function expiryOf(table: { readonly timeToLive?: string }, item: Item): number | null {
  const value = table.timeToLive === undefined ? undefined : item[table.timeToLive]?.N;
  const seconds = value === undefined ? Number.NaN : Math.floor(Number(value));
  return Number.isSafeInteger(seconds) ? seconds : null;
}
