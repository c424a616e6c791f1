import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCsv } from './csv.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'csv-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, content: string | Buffer): string => {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
};

const readAll = async (file: string) => {
  const rows: { line: number; values: readonly string[] }[] = [];
  for await (const row of readCsv(file)) rows.push(row);
  return rows;
};

const text = '\uFEFFa,b\n1,"x, ""y"""\r\n\n2,"two\nlines"\n3,Ö';
const rows = [
  { line: 1, values: ['a', 'b'] },
  { line: 2, values: ['1', 'x, "y"'] },
  { line: 5, values: ['2', 'two\nlines'] },
  { line: 6, values: ['3', 'Ö'] },
];

describe('readCsv', () => {
  it('gives the rows with their line numbers', async () => {
    expect(await readAll(write('plain.csv', text))).toEqual(rows);
  });

  it('reads a gzipped file whatever it is called', async () => {
    expect(await readAll(write('zipped.csv', gzipSync(text)))).toEqual(rows);
  });

  it('tells how many bytes were read', async () => {
    let bytes = 0;
    const file = write('bytes.csv', text);
    for await (const _ of readCsv(file, (more) => (bytes += more)));
    expect(bytes).toBe(Buffer.byteLength(text));
  });

  it.each([
    ['an unclosed quote', 'a,b\n1,2\n3,"4\n5,6\n', /Quote Not Closed.* line 4/],
    ['a missing value', 'a,b\n1,2\n3\n', /Invalid Record Length: expect 2, got 1 on line 3/],
    ['a value too many', 'a,b\n1,2,3\n', /expect 2, got 3 on line 2/],
    ['a quote within a value', 'a,b\n1,2 "inch"\n', /Invalid Opening Quote.* line 2/],
    ['an escape behind a quote', 'a,b\n"1"\u001B[31m,2\n', /Invalid Closing Quote: got "\\u001b" at line 2/],
    ['controls within a value', 'a,b\n1,x\u009B "y"\n', /value is "x\\u009b "/],
    ['Latin-1', Buffer.from('a,b\n1,£2\n', 'latin1'), /line 2: not UTF-8/],
    ['a cut gzip', gzipSync('a,b\n1,2\n'.repeat(1000)).subarray(0, 40), /damaged or cut off/],
  ])('refuses %s and says where', async (_, content, message) => {
    await expect(readAll(write('bad.csv', content))).rejects.toMatchObject({
      name: 'WrongInput',
      message: expect.stringMatching(message),
    });
  });

  it('refuses a directory', async () => {
    await expect(readAll(folder)).rejects.toThrow(`${folder} is a directory: give the path of a CSV file`);
  });

  it('refuses a file that is not there', async () => {
    await expect(readAll(join(folder, 'none.csv'))).rejects.toThrow('cannot be opened (ENOENT)');
  });
});
