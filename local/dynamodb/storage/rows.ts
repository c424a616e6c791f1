import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { StoredKey } from '../values/keys.ts';
import type { TableDescription } from './catalog.ts';

/** A stored item: its JSON text and its size in bytes. */
export interface Row {
  readonly item: string;
  readonly size: number;
}

/** Where a read of a range begins and ends, and which way it goes. */
export interface Range {
  /** The partition of a query; scans have none. */
  readonly hash?: Buffer;
  /** Bounds of the sort key of a query. */
  readonly from?: { readonly key: Buffer; readonly inclusive: boolean } | undefined;
  readonly to?: { readonly key: Buffer; readonly inclusive: boolean } | undefined;
  /** Bounds of the partition keys of a scan: from, included, to, excluded. */
  readonly segment?: { readonly from: Buffer; readonly to: Buffer | undefined };
  /** The last key that was read: in an index, that of the index and that of the table. */
  readonly after?: { readonly key: StoredKey; readonly tableKey?: StoredKey };
  readonly forward: boolean;
}

/** The storage of one table: its items by key, and for each index the keys of the items in it, in its order. */
export interface Rows {
  get(key: StoredKey): Row | undefined;
  insert(key: StoredKey, row: Row, expires: number | null): void;
  update(key: StoredKey, row: Row, expires: number | null): void;
  delete(key: StoredKey): void;
  addToIndex(index: number, key: StoredKey, tableKey: StoredKey): void;
  removeFromIndex(index: number, key: StoredKey, tableKey: StoredKey): void;
  /**
   * Items in order, of the table or of an index, at most `limit`; without one or with a large one they are read lazily, so
   * write nothing before the end.
   */
  range(range: Range, index?: number, limit?: number): Iterable<Row>;
  /** Items whose expiry lies within (after, until], in seconds since 1970. */
  expired(after: number, until: number, limit: number): Row[];
  setExpiry(key: StoredKey, expires: number | null): void;
  /** How many items there are and what they weigh, in the table or an index. Reads everything. */
  count(index?: number): { readonly items: number; readonly bytes: number };
  dropIndex(index: number): void;
  drop(): void;
}

/** How many rows are read in one go, which takes half the time of one after the other; each may have 400 KB. */
const mostAtOnce = 128;

/** Rows come as lists, in half the time that SQLite's objects take. */
type Columns = [item: string, size: number];

const toRow = ([item, size]: Columns): Row => ({ item, size });

function* toRows(all: Iterable<Columns>): Generator<Row> {
  for (const columns of all) yield toRow(columns);
}

/** Opens the storage of a table, and makes what is missing of it. */
export function openRows(db: DatabaseSync, { number, indexes }: TableDescription): Rows {
  const items = itemsTable(number);
  const indexTable = (index: number): string => indexTableOf(number, index);
  db.exec(
    `CREATE TABLE IF NOT EXISTS ${items} (hash BLOB, range BLOB, item TEXT, size INTEGER, expires INTEGER,
       PRIMARY KEY (hash, range)) WITHOUT ROWID;
     CREATE INDEX IF NOT EXISTS ${items}_expires ON ${items} (expires) WHERE expires IS NOT NULL;`,
  );
  for (const index of indexes) {
    db.exec(
      `CREATE TABLE IF NOT EXISTS ${indexTable(index.number)} (ihash BLOB, irange BLOB, hash BLOB, range BLOB,
         PRIMARY KEY (ihash, irange, hash, range)) WITHOUT ROWID`,
    );
  }
  const statements = new Map<string, StatementSync>();
  const prepared = (text: string, prepare: (text: string) => StatementSync): StatementSync => {
    const known = statements.get(text);
    if (known) return known;
    const statement = prepare(text);
    statements.set(text, statement);
    return statement;
  };
  const sql = (text: string) => prepared(text, (made) => db.prepare(made));
  const rowsOf = (text: string) =>
    prepared(text, (made) => {
      const statement = db.prepare(made);
      statement.setReturnArrays(true);
      return statement;
    });
  const allOf = (text: string, ...parameters: SQLInputValue[]): Row[] =>
    (rowsOf(text).all(...parameters) as unknown as Columns[]).map(toRow);

  const get = rowsOf(`SELECT item, size FROM ${items} WHERE hash = ? AND range = ?`);
  const insert = sql(`INSERT INTO ${items} (hash, range, item, size, expires) VALUES (?, ?, ?, ?, ?)`);
  const update = sql(`UPDATE ${items} SET item = ?, size = ?, expires = ? WHERE hash = ? AND range = ?`);
  const remove = sql(`DELETE FROM ${items} WHERE hash = ? AND range = ?`);

  return {
    get(key) {
      const columns = get.get(key.hash, key.range) as Columns | undefined;
      return columns && toRow(columns);
    },
    insert: (key, row, expires) => void insert.run(key.hash, key.range, row.item, row.size, expires),
    update: (key, row, expires) => void update.run(row.item, row.size, expires, key.hash, key.range),
    delete: (key) => void remove.run(key.hash, key.range),
    addToIndex: (index, key, tableKey) =>
      void sql(`INSERT INTO ${indexTable(index)} VALUES (?, ?, ?, ?)`).run(...fourOf(key, tableKey)),
    removeFromIndex: (index, key, tableKey) =>
      void sql(
        `DELETE FROM ${indexTable(index)} WHERE ihash = ? AND irange = ? AND hash = ? AND range = ?`,
      ).run(...fourOf(key, tableKey)),
    range(range, index, limit) {
      const { text, parameters } = selectionOf(number, range, index);
      const isShort = limit !== undefined && limit <= mostAtOnce;
      if (isShort) return allOf(`${text} LIMIT ?`, ...parameters, limit);
      return toRows(rowsOf(text).iterate(...parameters) as Iterable<unknown> as Iterable<Columns>);
    },
    expired: (after, until, limit) =>
      allOf(
        `SELECT item, size FROM ${items} WHERE expires > ? AND expires <= ? ORDER BY expires LIMIT ?`,
        after,
        until,
        limit,
      ),
    setExpiry: (key, expires) =>
      void sql(`UPDATE ${items} SET expires = ? WHERE hash = ? AND range = ?`).run(
        expires,
        key.hash,
        key.range,
      ),
    count(index) {
      const source =
        index === undefined
          ? items
          : `${indexTable(index)} AS i CROSS JOIN ${items} AS t USING (hash, range)`;
      const row = sql(`SELECT count(*) AS items, coalesce(sum(size), 0) AS bytes FROM ${source}`).get();
      return { items: row?.items as number, bytes: row?.bytes as number };
    },
    dropIndex: (index) => db.exec(`DROP TABLE ${indexTable(index)}`),
    drop() {
      for (const index of indexes) db.exec(`DROP TABLE ${indexTable(index.number)}`);
      db.exec(`DROP TABLE ${items}`);
    },
  };
}

const fourOf = (key: StoredKey, tableKey: StoredKey): [Buffer, Buffer, Buffer, Buffer] => [
  key.hash,
  key.range,
  tableKey.hash,
  tableKey.range,
];

const itemsTable = (table: number): string => `dynamodb_items_${table}`;
const indexTableOf = (table: number, index: number): string => `dynamodb_index_${table}_${index}`;

/** The statement that reads a range of a table or of one of its indexes, with its parameters. */
export function selectionOf(table: number, range: Range, index?: number): Selection {
  const items = itemsTable(table);
  return index === undefined
    ? tableRange(items, range)
    : indexRange(items, indexTableOf(table, index), range);
}

interface Selection {
  readonly text: string;
  readonly parameters: readonly SQLInputValue[];
}

function tableRange(items: string, range: Range): Selection {
  const { where, parameters } = bounds(range, 'hash', 'range');
  const order = range.forward ? 'ASC' : 'DESC';
  const [after, sign] = [range.after?.key, range.forward ? '>' : '<'];
  if (after && range.hash) {
    where.push(`range ${sign} ?`);
    parameters.push(after.range);
  } else if (after) {
    where.push(`(hash, range) ${sign} (?, ?)`);
    parameters.push(after.hash, after.range);
  }
  return {
    text: `SELECT item, size FROM ${items}${whereClause(where)} ORDER BY hash ${order}, range ${order}`,
    parameters,
  };
}

function indexRange(items: string, index: string, range: Range): Selection {
  const { where, parameters } = bounds(range, 'i.ihash', 'i.irange');
  const order = range.forward ? 'ASC' : 'DESC';
  const sign = range.forward ? '>' : '<';
  if (range.after?.tableKey) {
    const { key, tableKey } = range.after;
    const columns = range.hash ? ['irange', 'hash', 'range'] : ['ihash', 'irange', 'hash', 'range'];
    where.push(
      `(${columns.map((column) => `i.${column}`).join(', ')}) ${sign} (${columns.map(() => '?').join(', ')})`,
    );
    parameters.push(...(range.hash ? fourOf(key, tableKey).slice(1) : fourOf(key, tableKey)));
  }
  const columns = ['ihash', 'irange', 'hash', 'range'].map((column) => `i.${column} ${order}`).join(', ');
  return {
    text: `SELECT t.item, t.size FROM ${index} AS i CROSS JOIN ${items} AS t ON t.hash = i.hash AND t.range = i.range${whereClause(where)} ORDER BY ${columns}`,
    parameters,
  };
}

function bounds(range: Range, hash: string, sort: string): { where: string[]; parameters: SQLInputValue[] } {
  const { from, to, segment, after, forward } = range;
  const where: string[] = [];
  const parameters: SQLInputValue[] = [];
  const add = (condition: string, parameter: Buffer | undefined): void => {
    if (!parameter) return;
    where.push(condition);
    parameters.push(parameter);
  };
  // SQLite searches by one bound on each side, and would step over all that lies between one and the key read last.
  const begin = (bound: Buffer | undefined, last: Buffer | undefined) =>
    forward && bound && last && last.compare(bound) >= 0 ? undefined : bound;
  const end = (bound: Buffer | undefined, last: Buffer | undefined) =>
    !forward && bound && last && last.compare(bound) < 0 ? undefined : bound;
  add(`${hash} = ?`, range.hash);
  add(`${sort} ${from?.inclusive ? '>=' : '>'} ?`, begin(from?.key, after?.key.range));
  add(`${sort} ${to?.inclusive ? '<=' : '<'} ?`, end(to?.key, after?.key.range));
  add(`${hash} >= ?`, begin(segment?.from, after?.key.hash));
  add(`${hash} < ?`, end(segment?.to, after?.key.hash));
  return { where, parameters };
}

const whereClause = (conditions: readonly string[]): string =>
  conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
