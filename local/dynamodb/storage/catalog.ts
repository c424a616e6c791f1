import type { Store } from '../../store.ts';
import type { Item } from '../values/attributes.ts';
import { attributesOf, type KeySchema } from '../values/keys.ts';
import { openRows, type Rows } from './rows.ts';

export interface IndexDescription {
  readonly name: string;
  /** The number in the name of the index's storage. */
  readonly number: number;
  readonly kind: 'global' | 'local';
  readonly keys: KeySchema;
  readonly projection: { readonly ProjectionType?: string; readonly NonKeyAttributes?: readonly string[] };
  readonly throughput: Throughput;
}

export interface Throughput {
  readonly ReadCapacityUnits: number;
  readonly WriteCapacityUnits: number;
}

export type ViewType = 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES';

export interface StreamDescription {
  readonly view: ViewType;
  /** The creation time in ISO 8601, the last part of the stream's ARN. */
  readonly label: string;
  /** False once switched off: what is in it may still be read. */
  readonly enabled: boolean;
}

/** What is known of a table beside its items, kept in the store as JSON. */
export interface TableDescription {
  readonly name: string;
  /** The number in the names of the table's storage. */
  readonly number: number;
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly attributes: readonly { readonly AttributeName: string; readonly AttributeType: string }[];
  readonly keys: KeySchema;
  readonly indexes: readonly IndexDescription[];
  readonly onDemand: boolean;
  readonly throughput: Throughput;
  readonly stream?: StreamDescription;
  readonly timeToLive?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly deletionProtected: boolean;
  readonly tableClass?: string;
  readonly encryption?: Readonly<Record<string, unknown>>;
  /** The most that an on-demand table is to be asked for, as the requests name it. */
  readonly onDemandThroughput?: Readonly<Record<string, number>>;
  /** When point-in-time recovery was switched on, in seconds since 1970. */
  readonly recoverableSince?: number;
  /** When it came to be on demand, in seconds since 1970. */
  readonly onDemandSince?: number;
}

/** An open table: its description and its storage. */
export interface Table extends TableDescription {
  readonly rows: Rows;
}

/** The tables of a store. */
export interface Catalog {
  find(name: string): Table | undefined;
  names(): string[];
  all(): Table[];
  /** Makes a table that is not there; the number is chosen here. */
  add(description: Omit<TableDescription, 'number'>): Table;
  /** Replaces a description; adds and drops the storage of indexes and stream accordingly. */
  replace(description: TableDescription): Table;
  remove(table: Table): void;
}

export function openCatalog(store: Store): Catalog {
  const { db } = store;
  db.exec(
    'CREATE TABLE IF NOT EXISTS dynamodb_table (number INTEGER PRIMARY KEY, name TEXT UNIQUE, description TEXT)',
  );
  const save = db.prepare(
    'INSERT OR REPLACE INTO dynamodb_table (number, name, description) VALUES (?, ?, ?)',
  );
  const drop = db.prepare('DELETE FROM dynamodb_table WHERE number = ?');
  const next = db.prepare('SELECT coalesce(max(number), 0) + 1 AS number FROM dynamodb_table');
  const tables = new Map<string, Table>();

  function open(description: TableDescription): Table {
    const table = { ...description, rows: openRows(db, description) };
    tables.set(table.name, table);
    return table;
  }

  for (const row of db.prepare('SELECT description FROM dynamodb_table').all()) {
    open(JSON.parse(row.description as string) as TableDescription);
  }

  function write(description: TableDescription): Table {
    return store.write(() => {
      save.run(description.number, description.name, JSON.stringify(description));
      return open(description);
    });
  }

  return {
    find: (name) => tables.get(name),
    names: () => [...tables.keys()].sort((a, b) => (a < b ? -1 : 1)),
    all: () => [...tables.values()],
    add: (description) => write({ ...description, number: next.get()?.number as number }),
    replace: (description) =>
      store.write(() => {
        const old = tables.get(description.name);
        const table = write(description);
        for (const { number } of old?.indexes ?? []) {
          if (!description.indexes.some((index) => index.number === number)) table.rows.dropIndex(number);
        }
        return table;
      }),
    remove: (table) =>
      store.write(() => {
        drop.run(table.number);
        table.rows.drop();
        tables.delete(table.name);
      }),
  };
}

const ordered = new WeakMap<TableDescription, readonly IndexDescription[]>();

/** The indexes of a table by name: in this order writes are checked against their keys. */
export function indexesInOrder(table: TableDescription): readonly IndexDescription[] {
  let indexes = ordered.get(table);
  if (!indexes) {
    indexes = table.indexes.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    ordered.set(table, indexes);
  }
  return indexes;
}

/** What of an item is in an index: all of it, or its keys and chosen attributes. */
export function projected(table: TableDescription, index: IndexDescription, item: Item): Item {
  if (index.projection.ProjectionType === 'ALL') return item;
  const view: Item = {};
  for (const name of projectedNames(table, index)) {
    const value = item[name];
    if (value) view[name] = value;
  }
  return view;
}

export function projectedNames(table: TableDescription, index: IndexDescription): ReadonlySet<string> {
  const keys = [table.keys, index.keys].flatMap((schema) => attributesOf(schema).map(({ name }) => name));
  return new Set([...keys, ...(index.projection.NonKeyAttributes ?? [])]);
}

export function arnOf(place: { region: string; accountId: string }, tableName: string): string {
  return `arn:aws:dynamodb:${place.region}:${place.accountId}:table/${tableName}`;
}
