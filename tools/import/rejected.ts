import { once } from 'node:events';
import { createWriteStream, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import type { CsvRow } from './csv.ts';
import type { Refusal } from './rows.ts';
import { WrongInput } from './wrong-input.ts';

/** Where the refused rows of a file go when nothing else is said: `orders.csv.gz` gives `orders.rejected.csv` here. */
export function rejectedFileFor(file: string): string {
  return `${basename(file)
    .replace(/\.gz$/i, '')
    .replace(/\.csv$/i, '')}.rejected.csv`;
}

/** A CSV file of refused rows: the line in the original, the reason, and the row as it was. */
export interface RejectedFile {
  /** Resolves when there is room for more. */
  readonly add: (row: CsvRow, refusal: Refusal) => Promise<void>;
  /** Resolves when all is on disk; a file without any row is removed. */
  readonly close: () => Promise<void>;
}

/**
 * Starts the file anew.
 *
 * @throws WrongInput when it is the imported file itself, or cannot be written.
 */
export async function openRejected(
  file: string,
  importedFile: string,
  header: readonly string[],
): Promise<RejectedFile> {
  if (isSameFile(file, importedFile)) {
    throw new WrongInput(
      `${file} is the file to import: name another one for the refused lines with --rejected`,
    );
  }
  const stream = createWriteStream(file);
  await once(stream, 'open').catch((error: Error) => {
    throw new WrongInput(
      `refused lines cannot be written (${error.message}): name another file with --rejected`,
    );
  });
  const ended = finished(stream);
  ended.catch(() => {});
  stream.write(csvLine(['line', 'reason', ...header]));
  let rows = 0;
  return {
    add: async (row, { reason, detail }) => {
      rows++;
      const hasRoom = stream.write(csvLine([String(row.line), `${reason}: ${detail}`, ...row.values]));
      if (!hasRoom) await Promise.race([once(stream, 'drain'), ended]);
    },
    close: async () => {
      stream.end();
      await ended;
      if (rows === 0) await rm(file);
    },
  };
}

/** A line by RFC 4180, with the line end of the files that people edit here. */
function csvLine(values: readonly string[]): string {
  return `${values.map((value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)).join(',')}\n`;
}

/** Whether two names are of one file, links included. */
function isSameFile(a: string, b: string): boolean {
  const [one, other] = [a, b].map((file) => statSync(file, { throwIfNoEntry: false }));
  return resolve(a) === resolve(b) || (one !== undefined && one.dev === other?.dev && one.ino === other.ino);
}
