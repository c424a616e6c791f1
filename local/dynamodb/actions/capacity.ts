import { type IndexDescription, projected, type TableDescription } from '../storage/catalog.ts';
import { equalItems, type Item } from '../values/attributes.ts';
import { indexKeyOf, sameKey } from '../values/keys.ts';
import { itemSize } from '../values/sizes.ts';

/** Units used in a table and in its indexes, by name. */
export interface Units {
  table: number;
  readonly global: Record<string, number>;
  readonly local: Record<string, number>;
}

export type ReturnConsumedCapacity = 'INDEXES' | 'TOTAL' | 'NONE';

export const noUnits = (): Units => ({ table: 0, global: {}, local: {} });

/** Reading takes a unit for each 4 KB, half of it where the read may be stale, and never nothing. */
export function readUnits(bytes: number, consistent: boolean | undefined): number {
  return Math.max(1, Math.ceil(bytes / 4096)) * (consistent ? 1 : 0.5);
}

/**
 * Writing takes a unit for each KB of the larger of the old and the new item, and in each index what changes there: one
 * write, or two when the item moves, or none when the index holds the same as before
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes).
 */
export function writeUnits(
  table: TableDescription,
  before: Item | undefined,
  after: Item | undefined,
): Units {
  const units = noUnits();
  units.table = kilobytes(Math.max(before ? itemSize(before) : 0, after ? itemSize(after) : 0));
  for (const index of table.indexes) {
    const amount = indexUnits(table, index, before, after);
    if (amount > 0) units[index.kind][index.name] = amount;
  }
  return units;
}

const kilobytes = (bytes: number): number => Math.max(1, Math.ceil(bytes / 1024));

function indexUnits(
  table: TableDescription,
  index: IndexDescription,
  before: Item | undefined,
  after: Item | undefined,
): number {
  const oldKey = before && indexKeyOf(index.keys, before);
  const newKey = after && indexKeyOf(index.keys, after);
  const old = oldKey && projected(table, index, before);
  const now = newKey && projected(table, index, after);
  if (!old && !now) return 0;
  if (old && now && sameKey(oldKey, newKey)) {
    return equalItems(old, now) ? 0 : kilobytes(Math.max(itemSize(old), itemSize(now)));
  }
  return (old ? kilobytes(itemSize(old)) : 0) + (now ? kilobytes(itemSize(now)) : 0);
}

export function addUnits(total: Units, more: Units): void {
  total.table += more.table;
  for (const kind of ['global', 'local'] as const) {
    for (const [name, amount] of Object.entries(more[kind]))
      total[kind][name] = (total[kind][name] ?? 0) + amount;
  }
}

export const wantsCapacity = (mode: ReturnConsumedCapacity | undefined): mode is 'INDEXES' | 'TOTAL' =>
  mode === 'INDEXES' || mode === 'TOTAL';

/** `ConsumedCapacity` as an answer holds it. In transactions the units are also told apart as read or write units. */
export function consumedCapacity(
  mode: 'INDEXES' | 'TOTAL',
  tableName: string,
  units: Units,
  transaction?: 'ReadCapacityUnits' | 'WriteCapacityUnits',
): Record<string, unknown> {
  const amount = (capacity: number) => ({
    CapacityUnits: capacity,
    ...(transaction && { [transaction]: capacity }),
  });
  const total = units.table + sum(units.global) + sum(units.local);
  if (mode === 'TOTAL') return { TableName: tableName, ...amount(total) };
  const each = (map: Record<string, number>) =>
    Object.fromEntries(Object.entries(map).map(([name, capacity]) => [name, amount(capacity)]));
  return {
    TableName: tableName,
    ...amount(total),
    Table: amount(units.table),
    ...(Object.keys(units.global).length > 0 && { GlobalSecondaryIndexes: each(units.global) }),
    ...(Object.keys(units.local).length > 0 && { LocalSecondaryIndexes: each(units.local) }),
  };
}

const sum = (amounts: Record<string, number>): number => Object.values(amounts).reduce((a, b) => a + b, 0);
