import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CsvError, parse } from 'csv-parse';
import { WrongInput } from './wrong-input.ts';

/** A row as it stands in the file. */
export interface CsvRow {
  /** From 1, the header included; the last one of a row that takes several lines. */
  readonly line: number;
  readonly values: readonly string[];
}

/**
 * Reads the rows of a CSV file, the header first, gzipped or plain as its first bytes say. Each row has as many values
 * as the header; empty lines are skipped.
 *
 * @param onBytes is told how many bytes of the file were read further.
 * @throws WrongInput with the line number.
 */
export async function* readCsv(
  file: string,
  onBytes: (bytes: number) => void = () => {},
): AsyncGenerator<CsvRow> {
  const gzipped = await isGzip(file);
  const bytes = createReadStream(file);
  const parser = parse({ bom: true, info: true, skip_empty_lines: true, record_delimiter: ['\r\n', '\n'] });
  const errorsComeOutOfTheParser = () => {};
  if (gzipped) pipeline(bytes, createGunzip(), parser, errorsComeOutOfTheParser);
  else pipeline(bytes, parser, errorsComeOutOfTheParser);
  bytes.on('data', (chunk) => onBytes(chunk.length));
  try {
    for await (const { info, record } of parser as AsyncIterable<{
      info: { lines: number };
      record: string[];
    }>) {
      if (record.some((value) => value.includes('\uFFFD'))) {
        throw new WrongInput(
          `${file}, line ${info.lines}: not UTF-8; convert the file, for example with iconv`,
        );
      }
      yield { line: info.lines, values: record };
    }
  } catch (error) {
    throw asMalformed(file, error);
  } finally {
    bytes.destroy();
  }
}

async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    throw new WrongInput(`${file} cannot be opened (${error.code}): check the path`);
  });
  try {
    if ((await handle.stat()).isDirectory()) {
      throw new WrongInput(`${file} is a directory: give the path of a CSV file in it`);
    }
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(2) });
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

function asMalformed(file: string, error: unknown): unknown {
  if (error instanceof CsvError) return new WrongInput(`${file}: ${error.message}`, { cause: error });
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('Z_')) {
    return new WrongInput(`${file}: the gzipped data is damaged or cut off (${code})`, {
      cause: error,
    });
  }
  return error;
}
