import { type ErrorInfo, isRefusal, Refusal } from '../../domain/errors.ts';
import { eachAtOnce } from './at-once.ts';
import { logger } from './logger.ts';

/** What became of a row: its place and what was made of it, or why it was refused. */
export type RowResult<T> = { readonly index: number } & (T | { readonly error: RowError });

/** `info` goes out as AWSJSON: AppSync makes a string of it. */
export interface RowError {
  readonly code: string;
  readonly message: string;
  readonly info: ErrorInfo;
}

const mostRows = 100;
const rowsAtOnce = 16;

/**
 * Handles each row of a batch for itself: a row that is refused, or fails unexpectedly, leaves the others alone.
 *
 * @throws Refusal `BATCH.SIZE`
 */
export async function eachRow<R, T extends object>(
  rows: readonly R[],
  handle: (row: R) => Promise<T>,
): Promise<{ results: RowResult<T>[] }> {
  if (rows.length < 1 || rows.length > mostRows) {
    throw new Refusal('BATCH.SIZE', `${rows.length} rows: send from 1 to ${mostRows}`, {
      value: rows.length,
    });
  }
  const results: RowResult<T>[] = [];
  await eachAtOnce(rowsAtOnce, rows, async (row, index) => {
    results[index] = await handle(row).then(
      (value) => ({ index, ...value }),
      (error) => ({ index, error: toRowError(error) }),
    );
  });
  return { results };
}

/** What a row is about: rows with the same key are about the same. */
export interface RowName {
  readonly key: string;
  /** The field that says so, and its value. */
  readonly field: string;
  readonly value: string;
}

/**
 * Handles each row of a batch for itself, but refuses a row that is about the same as an earlier one: rows are handled at
 * the same time, and of the two nobody could say which comes last.
 *
 * @throws Refusal `BATCH.SIZE`
 */
export function eachRowOnce<R, T extends object>(
  rows: readonly R[],
  nameOf: (row: R) => RowName,
  handle: (row: R) => Promise<T>,
): Promise<{ results: RowResult<T>[] }> {
  const names = rows.map(nameOf);
  const firstOf = new Map(names.map(({ key }, index) => [key, index] as const).reverse());
  return eachRow([...rows.entries()], async ([index, row]) => {
    const { key, field, value } = names[index] ?? nameOf(row);
    const first = firstOf.get(key) ?? index;
    if (first === index) return handle(row);
    throw new Refusal(
      'INPUT.INVALID',
      `${field}: ${value} stands in row ${first} already: merge the two rows`,
      { field, value },
    );
  });
}

/** Handles rows with the same key one after another, in their order; the others at the same time. */
export function inTurn<R, T>(keyOf: (row: R) => string, handle: (row: R) => Promise<T>) {
  const last = new Map<string, Promise<unknown>>();
  return (row: R): Promise<T> => {
    const before = last.get(keyOf(row)) ?? Promise.resolve();
    const turn = before.catch(() => undefined).then(() => handle(row));
    last.set(keyOf(row), turn);
    return turn;
  };
}

function toRowError(error: unknown): RowError {
  if (isRefusal(error)) return { code: error.code, message: error.message, info: error.info };
  logger.error('A row failed unexpectedly', { error: error as Error });
  return { code: 'INTERNAL', message: 'Something went wrong on our side: send this row again', info: {} };
}
