import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from './store.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'store-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

test('what was written is there when the store is opened again', () => {
  const file = join(dir, 'new', 'cloud.sqlite');
  const first = openStore(file);
  first.write(() => first.db.exec('CREATE TABLE t (n); INSERT INTO t VALUES (7)'));
  first.close();

  const second = openStore(file);
  expect(second.db.prepare('SELECT n FROM t').get()).toEqual({ n: 7 });
  second.close();
});

test('a file that is no database is named with the remedy, and left as it is', () => {
  const file = join(dir, 'cloud.sqlite');
  writeFileSync(file, 'something else');

  expect(() => openStore(file)).toThrow(
    `${file} cannot be used (file is not a database): restore it, or delete the data folder and start anew.`,
  );
  expect(readFileSync(file, 'utf8')).toBe('something else');
});
