import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import DataLoader from 'dataloader';
import { batchGetItems, query } from './calls.ts';
import { crmTable } from './client.ts';
import { untilUncontended } from './contention.ts';

/** An item of the CRM table as stored. */
export type Row = Record<string, unknown>;

/** The primary key of an item of the CRM table. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** Whether a read must see every write that was answered before it; twice the read units. */
export interface Consistency {
  readonly consistent: boolean;
}

/** One item; undefined when there is none. What is asked for at the same time is read by one call. */
export async function getRow(key: Key, { consistent }: Consistency): Promise<Row | undefined> {
  return (consistent ? strongReads : eventualReads).load(key);
}

const strongReads = readTogether({ consistent: true });
const eventualReads = readTogether({ consistent: false });

/** Without a cache: each read sees the present. */
function readTogether(consistency: Consistency) {
  return new DataLoader<Key, Row | undefined>(
    async (keys) => {
      const unique = new Map(keys.map((key) => [nameOf(key), key]));
      const rows = await batchGet([...unique.values()], consistency);
      const found = new Map(rows.map((row) => [nameOf(row as unknown as Key), row]));
      return keys.map((key) => found.get(nameOf(key)));
    },
    { cache: false, maxBatchSize: 100 },
  );
}

const nameOf = ({ pk, sk }: Key) => `${pk} ${sk}`;

/**
 * Up to 100 items, in no order; what is not there is left out.
 *
 * @throws Refusal `CUSTOMER.BUSY` when the table has had enough for longer than it is waited.
 */
export async function batchGet(keys: readonly Key[], { consistent }: Consistency): Promise<Row[]> {
  const rows: Row[] = [];
  let rest: Row[] = keys.map((key) => ({ ...key }));
  if (rest.length === 0) return rows;
  return untilUncontended(async () => {
    const { items, unread } = await batchGetItems(crmTable.table, { Keys: rest, ConsistentRead: consistent });
    rows.push(...items);
    rest = [...unread];
    return rest.length > 0 ? 'contended' : rows;
  });
}

/** All items that a query of the CRM table finds, over as many pages as it takes. */
export async function queryAll(input: Omit<QueryCommandInput, 'TableName'>): Promise<Row[]> {
  const rows: Row[] = [];
  let next: Row | undefined;
  do {
    const page = { ...input, TableName: crmTable.table, ...(next ? { ExclusiveStartKey: next } : {}) };
    const answer = await query(page);
    rows.push(...answer.items);
    next = answer.next;
  } while (next);
  return rows;
}
