import { createHash } from 'node:crypto';
import { QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { Refusal } from '../../domain/errors.ts';
import { client } from './client.ts';

/** Which page of a list is asked for. */
export interface PageRequest {
  readonly first?: number | null;
  readonly after?: string | null;
}

/** A Relay connection: one page, and where the next begins. */
export interface Connection<T> {
  readonly edges: readonly { readonly node: T; readonly cursor: string }[];
  readonly nodes: readonly T[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

type Item = Record<string, unknown>;
type Key = readonly (readonly [string, string])[];

const largestPage = 100;
const defaultPage = 20;

/**
 * Reads a page of what a query finds. One item more than asked for is read, so that `hasNextPage` is true only when
 * there is more.
 *
 * @param query the key condition, as electrodb gives it
 * @param keyNames the key attributes of the table and the index: what a cursor points at
 * @throws Refusal `INPUT.INVALID` for a page size, `CURSOR.INVALID` for a cursor of another list.
 */
export async function readPage<T>(
  query: QueryCommandInput,
  keyNames: readonly string[],
  { first, after }: PageRequest,
  parse: (items: Item[]) => T[],
): Promise<Connection<T>> {
  const size = pageSize(first);
  const list = listOf(query);
  const start = after ? { ExclusiveStartKey: Object.fromEntries(readCursor(after, list, keyNames)) } : {};
  const items: Item[] = [];
  let next: Item | undefined = start.ExclusiveStartKey;
  do {
    const input: QueryCommandInput = { ...query, Limit: size + 1 - items.length };
    const answer = await client.send(new QueryCommand(next ? { ...input, ExclusiveStartKey: next } : input));
    items.push(...(answer.Items ?? []));
    next = answer.LastEvaluatedKey;
  } while (next && items.length <= size);

  const page = items.slice(0, size);
  const cursors = page.map((item) =>
    writeCursor(
      list,
      keyNames.map((name) => [name, String(item[name])] as const),
    ),
  );
  const nodes = parse(page);
  return {
    edges: nodes.map((node, index) => ({ node, cursor: cursors[index] ?? '' })),
    nodes,
    pageInfo: { hasNextPage: items.length > size, endCursor: cursors.at(-1) ?? null },
  };
}

/** @throws Refusal `INPUT.INVALID` unless it is from 1 to 100; 20 when left out. */
export function pageSize(first: number | null | undefined): number {
  const size = first ?? defaultPage;
  if (size >= 1 && size <= largestPage) return size;
  throw new Refusal('INPUT.INVALID', `first: ${size} is not from 1 to ${largestPage}`, {
    field: 'first',
    value: size,
  });
}

/** A fingerprint of the list: its index, key condition and direction. A cursor is good for one list only. */
function listOf({
  IndexName,
  KeyConditionExpression,
  ExpressionAttributeValues,
  ScanIndexForward,
}: QueryCommandInput) {
  const parts = [IndexName, KeyConditionExpression, ExpressionAttributeValues, ScanIndexForward];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 11);
}

function writeCursor(list: string, key: Key): string {
  return Buffer.from(JSON.stringify([list, ...key.map(([, value]) => value)])).toString('base64url');
}

function readCursor(cursor: string, list: string, keyNames: readonly string[]): Key {
  const invalid = () =>
    new Refusal(
      'CURSOR.INVALID',
      `after: ${JSON.stringify(cursor.slice(0, 80))} is no cursor of this list: take endCursor of its last page`,
      {
        field: 'after',
      },
    );
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw invalid();
  }
  if (!Array.isArray(parts) || parts.length !== keyNames.length + 1 || parts[0] !== list) throw invalid();
  return keyNames.map((name, index) => [name, String(parts[index + 1])] as const);
}
