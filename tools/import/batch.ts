import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, isPassing, pause } from '../client/api.ts';

/** Why the API refused a row of a batch. */
export interface RowError {
  readonly code: string;
  readonly message: string;
  /** JSON, as AWSJSON comes. */
  readonly info?: string | null;
}

/** What the API says about a row of a batch; `index` is its place in what was sent. */
export interface RowResult {
  readonly index: number;
  readonly error?: RowError | null;
}

/** Cuts rows into batches of at most so many rows, and at most so much weight unless one row alone has more. */
export async function* inBatches<Row>(
  rows: AsyncIterable<Row> | Iterable<Row>,
  most: { rows: number; weight: number },
  weightOf: (row: Row) => number,
): AsyncGenerator<Row[]> {
  let batch: Row[] = [];
  let weight = 0;
  for await (const row of rows) {
    const more = weightOf(row);
    if (batch.length > 0 && (batch.length === most.rows || weight + more > most.weight)) {
      yield batch;
      batch = [];
      weight = 0;
    }
    batch.push(row);
    weight += more;
  }
  if (batch.length > 0) yield batch;
}

/** How often a row is sent at most. */
const attempts = 6;

/**
 * Sends rows and gives the result of each, in their order. Rows that were refused for something that passes by itself
 * are sent again, with growing pauses; what then still stands is their result.
 *
 * @throws ApiError when the API does not answer for each row.
 */
export async function sendRows<Row, Result extends RowResult>(
  rows: readonly Row[],
  send: (rows: readonly Row[]) => Promise<readonly Result[]>,
  wait: (ms: number) => Promise<unknown> = sleep,
): Promise<Result[]> {
  const results: Result[] = [];
  let places = rows.map((_, place) => place);
  for (let attempt = 1; places.length > 0; attempt++) {
    const sent = places;
    const answers = await send(sent.flatMap((place) => rows[place] ?? []));
    if (answers.length !== sent.length) {
      throw new ApiError('BATCH.INCOMPLETE', `the API answered for ${answers.length} of ${sent.length} rows`);
    }
    for (const answer of answers) results[sent[answer.index] ?? -1] = answer;
    places = attempt === attempts ? [] : sent.filter((place) => isPassing(results[place]?.error?.code ?? ''));
    if (places.length > 0) await wait(pause(attempt));
  }
  return results;
}
