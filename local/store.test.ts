import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
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

describe('what is written soon', () => {
  /** How many rows another process would find after the death of this one. */
  function kept(file: string): number {
    const other = new DatabaseSync(file, { readOnly: true });
    const { n } = other.prepare('SELECT count(*) AS n FROM t').get() as { n: number };
    other.close();
    return n;
  }

  async function openTable() {
    const file = join(dir, 'cloud.sqlite');
    const store = openStore(file);
    store.write(() => store.db.exec('CREATE TABLE t (n)'));
    await store.committed();
    const add = () => store.db.exec('INSERT INTO t VALUES (1)');
    return { file, store, add };
  }

  test('shares the commit of the next write', async () => {
    const { file, store, add } = await openTable();

    store.writeSoon(add);
    await store.committed();
    expect(kept(file)).toBe(0);
    store.write(add);
    await store.committed();

    expect(kept(file)).toBe(2);
    store.close();
  });

  test('joins what is committed this turn', async () => {
    const { file, store, add } = await openTable();

    store.write(add);
    store.writeSoon(add);
    await store.committed();

    expect(kept(file)).toBe(2);
    store.close();
  });

  test('is durable without another write within some milliseconds', async () => {
    const { file, store, add } = await openTable();

    store.writeSoon(() => store.write(add));

    await vi.waitFor(() => expect(kept(file)).toBe(1));
    store.close();
  });

  test('is durable when the store is closed', async () => {
    const { file, store, add } = await openTable();

    store.writeSoon(add);
    store.close();

    expect(kept(file)).toBe(1);
  });

  test('is said when it cannot be committed', async () => {
    const said: string[] = [];
    const store = openStore(undefined, (message) => said.push(message));
    const schema =
      'CREATE TABLE a (n PRIMARY KEY); CREATE TABLE b (n REFERENCES a DEFERRABLE INITIALLY DEFERRED)';
    store.write(() => store.db.exec(schema));
    await store.committed();

    store.writeSoon(() => store.db.exec('INSERT INTO b VALUES (1)'));

    await vi.waitFor(() => expect(said).toEqual([expect.stringContaining('FOREIGN KEY constraint failed')]));
    expect(store.db.prepare('SELECT count(*) AS n FROM b').get()).toEqual({ n: 0 });
    store.close();
  });

  test('is undone alone when it fails', async () => {
    const { file, store, add } = await openTable();

    store.writeSoon(add);
    const failing = () => {
      add();
      throw new Error('no');
    };
    expect(() => store.writeSoon(failing)).toThrow('no');
    store.close();

    expect(kept(file)).toBe(1);
  });
});
