import { type JsonText, withText } from '../../json-text.ts';
import { validationError } from '../errors.ts';
import type { Condition, Values } from '../expressions/conditions.ts';
import type { ExpressionMembers, Expressions } from '../expressions/expressions.ts';
import { checkNestedKeys } from '../expressions/key-paths.ts';
import type { Path } from '../expressions/parsed.ts';
import { type IndexDescription, projected, projectedNames, type Table } from '../storage/catalog.ts';
import type { Range, Row } from '../storage/rows.ts';
import type { AttributeValue, Item } from '../values/attributes.ts';
import { readItem, selectionOf, writeItem } from '../values/item-text.ts';
import { attributesOf, checkKey, keyOf } from '../values/keys.ts';
import { itemSize } from '../values/sizes.ts';
import {
  consumedCapacity,
  noUnits,
  type ReturnConsumedCapacity,
  readUnits,
  wantsCapacity,
} from './capacity.ts';

/** A page ends when what was read passes this many bytes. */
const PAGE_BYTES = 1024 * 1024;

export interface PageRequest extends ExpressionMembers {
  readonly TableName: string;
  readonly IndexName?: string;
  readonly Select?: 'ALL_ATTRIBUTES' | 'ALL_PROJECTED_ATTRIBUTES' | 'SPECIFIC_ATTRIBUTES' | 'COUNT';
  readonly AttributesToGet?: readonly string[];
  readonly ConditionalOperator?: string;
  readonly ConsistentRead?: boolean;
  readonly Limit?: number;
  readonly ExclusiveStartKey?: Item;
  readonly ReturnConsumedCapacity?: ReturnConsumedCapacity;
}

/** What a page is read from, and what is made of it. */
export interface PagePlan {
  readonly table: Table;
  readonly index: IndexDescription | undefined;
  readonly filter: Condition | undefined;
  readonly paths: readonly Path[] | undefined;
  readonly values: Values;
}

/** Checks what a Query or Scan wants to see of the items of a table or index. */
export function planPage(
  table: Table,
  request: PageRequest,
  expressions: Expressions,
  legacyFilter: Condition | undefined,
): PagePlan {
  const index = indexOf(table, request);
  const paths = expressions.projection ?? request.AttributesToGet?.map((name) => [name]);
  checkNestedKeys(table, expressions.nested);
  if (index?.kind === 'global') checkProjected(table, index, request, paths);
  return {
    table,
    index,
    filter: expressions.filter ?? legacyFilter,
    paths,
    values: request.ExpressionAttributeValues ?? {},
  };
}

function indexOf(table: Table, { IndexName, ConsistentRead }: PageRequest): IndexDescription | undefined {
  if (IndexName === undefined) return undefined;
  const index = table.indexes.find(({ name }) => name === IndexName);
  if (!index) throw validationError(`The table does not have the specified index: ${IndexName}`);
  if (ConsistentRead && index.kind === 'global') {
    throw validationError('Consistent reads are not supported on global secondary indexes');
  }
  return index;
}

/** Checks what a request selects, without a look at its table. */
export function checkSelection(request: PageRequest): void {
  const { Select, IndexName, ProjectionExpression, AttributesToGet } = request;
  const paths = ProjectionExpression ?? AttributesToGet;
  const member = ProjectionExpression === undefined ? 'AttributesToGet' : 'ProjectionExpression';
  if (paths && Select !== undefined && Select !== 'SPECIFIC_ATTRIBUTES') {
    const purpose = Select === 'COUNT' ? 'only the Count' : Select;
    throw validationError(`Cannot specify the ${member} when choosing to get ${purpose}`);
  }
  if (!paths && Select === 'SPECIFIC_ATTRIBUTES') {
    throw validationError(
      'Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES',
    );
  }
  if (Select === 'ALL_PROJECTED_ATTRIBUTES' && IndexName === undefined) {
    throw validationError('ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName');
  }
}

function checkProjected(
  table: Table,
  index: IndexDescription,
  { Select }: PageRequest,
  paths: readonly Path[] | undefined,
): void {
  if (index.projection.ProjectionType === 'ALL') return;
  if (Select === 'ALL_ATTRIBUTES') {
    throw validationError(
      `One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.name} because its projection type is not ALL`,
    );
  }
  const names = projectedNames(table, index);
  const missing = (paths ?? []).map(([head]) => head as string).filter((name) => !names.has(name));
  if (missing.length > 0) {
    throw validationError(
      `One or more parameter values were invalid: Global secondary index ${index.name} does not project [${missing.join(', ')}]`,
    );
  }
}

/**
 * Where a page begins: after the key of the request, whose attributes are those of the table's and the index's key.
 * `mismatch` is said of a key with others.
 */
export function startOf(
  { table, index }: PagePlan,
  key: Item | undefined,
  mismatch = 'The provided starting key is invalid',
): Range['after'] {
  if (!key) return undefined;
  const names = startNames(table, index);
  if (Object.keys(key).length !== names.length || names.some((name) => !key[name])) {
    throw validationError(mismatch);
  }
  const pick = (schema: Table['keys']): Item =>
    Object.fromEntries(attributesOf(schema).map(({ name }) => [name, key[name] as AttributeValue]));
  try {
    for (const schema of [table.keys, ...(index ? [index.keys] : [])]) checkKey(schema, pick(schema));
  } catch (error) {
    throw validationError(`The provided starting key is invalid: ${(error as Error).message}`);
  }
  const tableKey = keyOf(table.keys, pick(table.keys));
  return index ? { key: keyOf(index.keys, pick(index.keys)), tableKey } : { key: tableKey };
}

function startNames(table: Table, index: IndexDescription | undefined): string[] {
  const schemas = index ? [table.keys, index.keys] : [table.keys];
  return [...new Set(schemas.flatMap((schema) => attributesOf(schema).map(({ name }) => name)))];
}

/** Reads a page and answers as Query and Scan do. */
export function readPage(plan: PagePlan, request: PageRequest, rows: Iterable<Row>): JsonText {
  const items: string[] = [];
  const sizes = { scanned: 0, index: 0, table: 0 };
  const show = showing(plan, request, sizes);
  let last: Row | undefined;
  let full = false;
  for (const row of rows) {
    const item = show(row);
    if (item !== undefined) items.push(item);
    sizes.scanned++;
    last = row;
    full = sizes.scanned === request.Limit || sizes.index + sizes.table >= PAGE_BYTES;
    if (full) break;
  }
  const mode = request.ReturnConsumedCapacity;
  return withText(
    { Items: request.Select === 'COUNT' ? undefined : `[${items.join(',')}]` },
    {
      Count: items.length,
      ScannedCount: sizes.scanned,
      ...(full && last && { LastEvaluatedKey: keyFrom(plan, readItem(last.item)) }),
      ...(wantsCapacity(mode) && { ConsumedCapacity: capacityOf(plan, request, mode, sizes) }),
    },
  );
}

/** Gives what a page shows of a row, as JSON, and undefined for what is filtered out. A row is read only where it must be. */
function showing(
  plan: PagePlan,
  request: PageRequest,
  sizes: { index: number; table: number },
): (row: Row) => string | undefined {
  const { index, filter, values } = plan;
  const isWhole = !index || index.projection.ProjectionType === 'ALL';
  const select = request.Select === 'COUNT' ? () => '' : selectionOf(plan.paths);
  return (row) => {
    if (isWhole && !filter) {
      sizes[index ? 'index' : 'table'] += row.size;
      return select(row.item);
    }
    const item = readItem(row.item);
    const view = viewOf(plan, request, item, row.size, sizes);
    if (filter && !filter(view, values)) return undefined;
    return select(view === item ? row.item : writeItem(view));
  };
}

/** The item as the table or the index shows it. A local index fetches from the table what it does not project. */
function viewOf(
  { table, index, paths }: PagePlan,
  { Select }: PageRequest,
  item: Item,
  size: number,
  sizes: { index: number; table: number },
): Item {
  if (!index) {
    sizes.table += size;
    return item;
  }
  const view = projected(table, index, item);
  sizes.index += view === item ? size : itemSize(view);
  if (view === item || index.kind === 'global') return view;
  const names = projectedNames(table, index);
  const fetches = Select === 'ALL_ATTRIBUTES' || paths?.some(([head]) => !names.has(head as string));
  if (!fetches) return view;
  sizes.table += Math.ceil(size / 4096) * 4096;
  return item;
}

function keyFrom({ table, index }: PagePlan, item: Item): Item {
  return Object.fromEntries(startNames(table, index).map((name) => [name, item[name] as AttributeValue]));
}

function capacityOf(
  { table, index }: PagePlan,
  request: PageRequest,
  mode: 'INDEXES' | 'TOTAL',
  sizes: { index: number; table: number },
): object {
  const units = noUnits();
  if (!index || sizes.table > 0) units.table = readUnits(sizes.table, request.ConsistentRead);
  if (index) units[index.kind][index.name] = readUnits(sizes.index, request.ConsistentRead);
  return consumedCapacity(mode, table.name, units);
}
