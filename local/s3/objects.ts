import type { Store } from '../store.ts';

export interface StoredObject {
  readonly key: string;
  readonly body: Uint8Array;
  /** In quotes, as on the wire. */
  readonly etag: string;
  readonly contentType: string;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
}

export interface Bucket {
  readonly name: string;
  readonly createdAt: number;
}

export interface Listed {
  readonly key: string;
  readonly etag: string;
  readonly size: number;
  readonly modifiedAt: number;
}

export interface Page {
  readonly contents: Listed[];
  /** What keys have in common up to the delimiter, each in place of its keys. */
  readonly commonPrefixes: string[];
  /** Where the next page goes on, when there is one. */
  readonly next: string | undefined;
}

/** Buckets and objects in the store. */
export interface Objects {
  createBucket(name: string, createdAt: number): void;
  hasBucket(name: string): boolean;
  buckets(): Bucket[];
  put(bucket: string, object: StoredObject): void;
  get(bucket: string, key: string): StoredObject | undefined;
  remove(bucket: string, key: string): void;
  list(bucket: string, options: { prefix: string; delimiter: string; after: string; max: number }): Page;
}

export function openObjects(store: Store): Objects {
  const { db } = store;
  db.exec(`CREATE TABLE IF NOT EXISTS s3_buckets (name TEXT PRIMARY KEY, created_at INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS s3_objects (
      bucket TEXT NOT NULL, key TEXT NOT NULL, etag TEXT NOT NULL, content_type TEXT NOT NULL,
      modified_at INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (bucket, key))`);
  const createBucket = db.prepare('INSERT OR IGNORE INTO s3_buckets VALUES (?, ?)');
  const bucket = db.prepare('SELECT 1 FROM s3_buckets WHERE name = ?');
  const buckets = db.prepare('SELECT name, created_at AS createdAt FROM s3_buckets ORDER BY name');
  const put = db.prepare('INSERT OR REPLACE INTO s3_objects VALUES (?, ?, ?, ?, ?, ?)');
  const get = db.prepare(`SELECT key, body, etag, content_type AS contentType, modified_at AS modifiedAt
    FROM s3_objects WHERE bucket = ? AND key = ?`);
  const remove = db.prepare('DELETE FROM s3_objects WHERE bucket = ? AND key = ?');
  const from = db.prepare(`SELECT key, etag, length(body) AS size, modified_at AS modifiedAt
    FROM s3_objects WHERE bucket = ? AND key > ? AND key >= ? ORDER BY key`);

  return {
    createBucket: (name, createdAt) => store.write(() => void createBucket.run(name, createdAt)),
    hasBucket: (name) => bucket.get(name) !== undefined,
    buckets: () => buckets.all() as unknown as Bucket[],
    put(name, { key, body, etag, contentType, modifiedAt }) {
      store.write(() => put.run(name, key, etag, contentType, modifiedAt, body));
    },
    get: (name, key) => get.get(name, key) as StoredObject | undefined,
    remove: (name, key) => store.write(() => void remove.run(name, key)),
    list(name, { prefix, delimiter, after, max }) {
      const contents: Listed[] = [];
      const commonPrefixes = new Set<string>();
      let last = after;
      for (const row of from.iterate(name, after, prefix) as Iterable<unknown> as Iterable<Listed>) {
        if (!row.key.startsWith(prefix)) break;
        const cut = delimiter === '' ? -1 : row.key.indexOf(delimiter, prefix.length);
        const common = cut === -1 ? undefined : row.key.slice(0, cut + delimiter.length);
        const counted = common !== undefined && (commonPrefixes.has(common) || after.startsWith(common));
        if (!counted && contents.length + commonPrefixes.size === max) {
          return { contents, commonPrefixes: [...commonPrefixes], next: last };
        }
        if (common === undefined) contents.push({ ...row });
        else if (!counted) commonPrefixes.add(common);
        last = row.key;
      }
      return { contents, commonPrefixes: [...commonPrefixes], next: undefined };
    },
  };
}
