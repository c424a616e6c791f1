import type { StatementSync } from 'node:sqlite';
import type { Store } from '../../store.ts';
import type { Item } from '../values/attributes.ts';
import type { TableDescription } from './catalog.ts';

/** A change of an item, images as JSON text where the stream's view has them. */
export interface StreamRow {
  readonly sequence: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly name: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly keys: string;
  readonly newImage: string | null;
  readonly oldImage: string | null;
  readonly size: number;
  /** 1 when the item expired, 0 when a request changed it. */
  readonly expired: number;
}

/** An item before or after a change. */
export interface Image {
  readonly text: string;
  readonly size: number;
}

/** The streams of all tables. */
export interface StreamLogs {
  append(table: TableDescription, change: Change): void;
  /** Records after a sequence number, oldest first, none older than `horizon`. */
  read(table: TableDescription, after: number, limit: number, horizon: number): StreamRow[];
  /** The number of the newest record, 0 when there never was one. */
  latest(table: TableDescription): number;
  /** Removes records older than `horizon`; the newest stays, so that numbers go on from it. */
  trim(table: TableDescription, horizon: number): void;
  /** Begins a table's stream anew, empty. */
  create(table: TableDescription): void;
  drop(table: TableDescription): void;
  onAppend(table: number, listener: () => void): () => void;
}

export interface Change {
  readonly at: number;
  readonly keys: Item;
  readonly keySize: number;
  readonly before: Image | undefined;
  readonly after: Image | undefined;
  readonly expired: boolean;
}

export function openStreamLogs(store: Store): StreamLogs {
  const { db } = store;
  const statements = new Map<string, StatementSync>();
  const listeners = new Map<number, Set<() => void>>();
  const changed = new Set<number>();

  function sql(table: TableDescription, text: (log: string) => string): StatementSync {
    const query = text(`dynamodb_stream_${table.number}`);
    let statement = statements.get(query);
    if (!statement) {
      statement = db.prepare(query);
      statements.set(query, statement);
    }
    return statement;
  }

  function announce(table: number): void {
    if (!listeners.get(table)?.size) return;
    if (changed.size === 0) store.committed().then(notify, () => changed.clear());
    changed.add(table);
  }

  function notify(): void {
    const tables = [...changed];
    changed.clear();
    for (const table of tables) {
      for (const listener of listeners.get(table) ?? []) listener();
    }
  }

  return {
    append(table, { at, keys, keySize, before, after, expired }) {
      const view = table.stream?.view;
      const newImage = view === 'NEW_IMAGE' || view === 'NEW_AND_OLD_IMAGES' ? after : undefined;
      const oldImage = view === 'OLD_IMAGE' || view === 'NEW_AND_OLD_IMAGES' ? before : undefined;
      sql(
        table,
        (log) =>
          `INSERT INTO ${log} (at, name, keys, newImage, oldImage, size, expired) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      ).run(
        at,
        before ? (after ? 'MODIFY' : 'REMOVE') : 'INSERT',
        JSON.stringify(keys),
        newImage?.text ?? null,
        oldImage?.text ?? null,
        keySize + (newImage?.size ?? 0) + (oldImage?.size ?? 0),
        expired ? 1 : 0,
      );
      announce(table.number);
    },
    read: (table, after, limit, horizon) =>
      sql(
        table,
        (log) => `SELECT * FROM ${log} WHERE sequence > ? AND at >= ? ORDER BY sequence LIMIT ?`,
      ).all(after, horizon, limit) as unknown as StreamRow[],
    latest: (table) =>
      (sql(table, (log) => `SELECT coalesce(max(sequence), 0) AS sequence FROM ${log}`).get()
        ?.sequence as number) ?? 0,
    trim(table, horizon) {
      sql(
        table,
        (log) => `DELETE FROM ${log} WHERE at < ? AND sequence < (SELECT max(sequence) FROM ${log})`,
      ).run(horizon);
    },
    create(table) {
      const log = `dynamodb_stream_${table.number}`;
      db.exec(
        `DROP TABLE IF EXISTS ${log};
         CREATE TABLE ${log} (sequence INTEGER PRIMARY KEY, at INTEGER, name TEXT, keys TEXT, newImage TEXT,
           oldImage TEXT, size INTEGER, expired INTEGER)`,
      );
    },
    drop: (table) => db.exec(`DROP TABLE IF EXISTS dynamodb_stream_${table.number}`),
    onAppend(table, listener) {
      const set = listeners.get(table) ?? new Set();
      listeners.set(table, set.add(listener));
      return () => set.delete(listener);
    },
  };
}
