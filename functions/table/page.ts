import { createHash } from 'node:crypto';
import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import {
  type Connection,
  invalidCursor,
  type PageRequest,
  pageSize,
  readCursor,
  writeCursor,
} from '../runtime/page.ts';
import type { Item } from './attribute-values.ts';
import { query } from './calls.ts';

/** A list that is read in pages. */
export interface List<T> {
  /** The key condition and perhaps a filter. */
  readonly query: QueryCommandInput;
  /** Where an item stands, as a cursor tells it to everybody: an id or a time, nothing personal. */
  readonly placeOf: (item: Item) => string;
  /** The key of the item at a place; undefined when nothing of this list can stand there. */
  readonly keyAt: (place: string) => Item | undefined | Promise<Item | undefined>;
  /** Those of the items that the query finds which belong to the list, where a condition cannot say so. @default all do */
  readonly keep?: (items: readonly Item[]) => readonly Item[] | Promise<readonly Item[]>;
  /**
   * The moment of an item, by its key: with it, a page ends early when little belongs to the list, and the next one begins
   * with that moment, which tells nothing of what was read over. @default it is read on to a full page or the end
   */
  readonly momentOf?: (key: Item) => string;
  readonly parse: (item: Item) => T;
}

/** Most items that are read over for a page that may end early: some 2 MB, long before the function's time is over. */
export const mostReadOver = 2000;

/** The places of a list within one partition: the sort keys of this form. */
export function bySortKey(pk: string, form: RegExp): Pick<List<never>, 'placeOf' | 'keyAt'> {
  return {
    placeOf: ({ sk }) => String(sk),
    keyAt: (sk) => (form.test(sk) ? { pk, sk } : undefined),
  };
}

/**
 * Reads a page of what a query finds. One item more than asked for is read, so that `hasNextPage` is true only when
 * there is more. What a filter leaves out is read over: page and cursors know only what passes, but for the cursor of a page
 * that ends early.
 *
 * @throws Refusal `INPUT.INVALID` for a page size, `CURSOR.INVALID` for what is no cursor of this list.
 */
export async function readPage<T>(
  { query: list, placeOf, keyAt, keep, momentOf, parse }: List<T>,
  { first, after }: PageRequest,
): Promise<Connection<T>> {
  const size = pageSize(first);
  const fingerprint = fingerprintOf(list);
  let next = after ? await startAt(after, fingerprint, keyAt) : undefined;
  const started = next && momentOf?.(next);
  const items: Item[] = [];
  let limit = size + 1;
  let room = momentOf ? mostReadOver : Infinity;
  do {
    const input: QueryCommandInput = { ...list, Limit: limit };
    const answer = await query(next ? { ...input, ExclusiveStartKey: next } : input);
    items.push(...(keep ? await keep(answer.items) : answer.items));
    next = answer.next;
    room -= answer.read;
    // A limit counts what is read: doubled, few calls pass over many items that a filter leaves out.
    const wanted = list.FilterExpression || keep ? limit * 2 : size + 1 - items.length;
    limit = room > 0 ? Math.min(room, wanted) : wanted;
  } while (next && items.length <= size && (room > 0 || momentOf?.(next) === started));

  const end = next && items.length <= size ? momentOf?.(next) : undefined;
  // What is of the moment with which the next page begins is left to that.
  const shown = end === undefined ? items.slice(0, size) : items.filter((item) => momentOf?.(item) !== end);
  const nodes = shown.map(parse);
  const cursorOf = (item: Item) => writeCursor(fingerprint, placeOf(item));
  const last = shown.at(-1);
  const endCursor = end === undefined ? last && cursorOf(last) : writeCursor(fingerprint, end);
  return {
    // Made when they are asked for: most clients take the nodes, and a cursor costs as much as its node.
    get edges() {
      return shown.map((item, index) => ({ node: nodes[index] as T, cursor: cursorOf(item) }));
    },
    nodes,
    pageInfo: {
      hasNextPage: end !== undefined || items.length > size,
      endCursor: endCursor ?? null,
    },
  };
}

/** A fingerprint of the list: its index, conditions and direction. A cursor is good for one list only. */
function fingerprintOf({
  IndexName,
  KeyConditionExpression,
  FilterExpression,
  ExpressionAttributeValues,
  ScanIndexForward,
}: QueryCommandInput) {
  const parts = [
    IndexName,
    KeyConditionExpression,
    FilterExpression,
    ExpressionAttributeValues,
    ScanIndexForward,
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 11);
}

async function startAt(cursor: string, list: string, keyAt: List<never>['keyAt']): Promise<Item> {
  const place = readCursor(cursor, list);
  const key = place === undefined ? undefined : await keyAt(place);
  if (key) return key;
  throw invalidCursor(cursor);
}
