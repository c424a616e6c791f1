import { Refusal } from '../../domain/errors.ts';

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

const largestPage = 100;
const defaultPage = 20;

/** The page of a list that has nothing. */
export const emptyPage: Connection<never> = {
  edges: [],
  nodes: [],
  pageInfo: { hasNextPage: false, endCursor: null },
};

/** @throws Refusal `INPUT.INVALID` unless it is from 1 to 100; 20 when left out. */
export function pageSize(first: number | null | undefined): number {
  const size = first ?? defaultPage;
  if (size >= 1 && size <= largestPage) return size;
  throw new Refusal('INPUT.INVALID', `first: ${size} is not from 1 to ${largestPage}`, {
    field: 'first',
    value: size,
  });
}

/** A cursor of a list: opaque to clients, and good for that list only. */
export function writeCursor(list: string, place: string): string {
  return Buffer.from(JSON.stringify([list, place])).toString('base64url');
}

/** What a cursor is refused with. */
export function invalidCursor(cursor: string): Refusal {
  return new Refusal(
    'CURSOR.INVALID',
    `after: ${JSON.stringify(cursor.slice(0, 80))} is no cursor of this list: take endCursor of its last page, or start again without after`,
    { field: 'after' },
  );
}

/** The place that a cursor of a list says; undefined for what is no cursor of it. */
export function readCursor(cursor: string, list: string): string | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts) || parts.length !== 2 || parts[0] !== list) return undefined;
  return typeof parts[1] === 'string' ? parts[1] : undefined;
}
