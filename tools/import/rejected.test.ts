import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRejected, rejectedFileFor } from './rejected.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rejected-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('rejectedFileFor', () => {
  it.each([
    ['/data/sales.csv', 'sales.rejected.csv'],
    ['../sales.CSV.gz', 'sales.rejected.csv'],
    ['sales', 'sales.rejected.csv'],
  ])('%s has its refused rows in the current folder: %s', (file, rejected) => {
    expect(rejectedFileFor(file)).toBe(rejected);
  });
});

describe('the file of refused rows', () => {
  it('has the line, the reason and the row as it was', async () => {
    const file = join(folder, 'a.csv');
    const rejected = await openRejected(file, 'sales.csv', ['No', 'Text']);
    await rejected.add(
      { line: 7, values: ['', 'a "b", c'] },
      { reason: 'no customer', detail: 'the row names none' },
    );
    await rejected.close();
    expect(readFileSync(file, 'utf8')).toBe(
      'line,reason,No,Text\n7,no customer: the row names none,,"a ""b"", c"\n',
    );
  });

  it('takes many rows without keeping them in memory', async () => {
    const file = join(folder, 'many.csv');
    const rejected = await openRejected(file, 'sales.csv', ['No']);
    for (let line = 2; line < 20_002; line++) {
      await rejected.add({ line, values: ['x'.repeat(50)] }, { reason: 'r', detail: 'd' });
    }
    await rejected.close();
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(20_002);
  });

  it('is gone when nothing was refused, also what an earlier run left', async () => {
    const file = join(folder, 'old.csv');
    writeFileSync(file, 'old');
    const rejected = await openRejected(file, 'sales.csv', ['No']);
    await rejected.close();
    expect(existsSync(file)).toBe(false);
  });

  it('never is the imported file', async () => {
    const file = join(folder, 'sales.csv');
    await expect(openRejected(file, join(folder, '.', 'sales.csv'), [])).rejects.toMatchObject({
      name: 'WrongInput',
    });
    expect(existsSync(file)).toBe(false);
  });

  it('must be writable', async () => {
    await expect(openRejected(join(folder, 'none', 'a.csv'), 'sales.csv', [])).rejects.toThrow(
      /refused lines cannot be written \(ENOENT.*name another file with --rejected/,
    );
  });
});
