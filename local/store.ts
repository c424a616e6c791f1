import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * The one place where the local cloud keeps what must survive: tables, streams, queues, checkpoints and the user
 * pool share one SQLite database, so that one commit makes a group of changes durable together.
 */
export interface Store {
  readonly db: DatabaseSync;
  /**
   * Runs `change` at once, alone and all-or-nothing; what it throws undoes it and is thrown on. The change is durable
   * when the promise of `committed()` taken afterwards resolves.
   */
  write<T>(change: () => T): T;
  /**
   * As `write`, for what is done once more when it is lost with the process: `committed()` does not wait for it. It
   * shares the commit of the next `write`, and has its own when there is none within some milliseconds.
   */
  writeSoon<T>(change: () => T): T;
  /** Resolves when everything that `write` did so far is in the file. Answer nobody before it has. */
  committed(): Promise<void>;
  close(): void;
}

/** Of a new file; one that is there keeps its own. */
const pageBytes = 8192;

/** How long what is to be written soon waits for something else to be written. */
const soonMilliseconds = 10;

/** Changes that become durable together. */
interface Group {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
  /** Commits it; undefined when that happens at the end of this turn. */
  soon: NodeJS.Timeout | undefined;
}

/**
 * Opens a store in `file`, or in memory when `file` is undefined. Throws an error with the remedy for a file that holds
 * something else.
 *
 * Writes of one turn of the event loop share a commit. Write-ahead logging with `synchronous=NORMAL` survives the
 * death of the process at any point; a power cut may take the commits of the last moments, never a part of one
 * (https://www.sqlite.org/pragma.html#pragma_synchronous).
 */
export function openStore(file?: string, log: (message: string) => void = console.error): Store {
  if (file) mkdirSync(dirname(file), { recursive: true });
  const db = new DatabaseSync(file ?? ':memory:');
  try {
    // Pages of 4 KB, the default, hold no item of more than 1,000 bytes whole: reading one then takes four times as long.
    db.exec(
      `PRAGMA page_size=${pageBytes}; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32768;`,
    );
  } catch (error) {
    db.close();
    const reason = (error as Error).message;
    throw new Error(
      `${file} cannot be used (${reason}): restore it, or delete the data folder and start anew.`,
      { cause: error },
    );
  }
  // A checkpoint syncs the file: every 64 MB of log instead of every 4.
  db.exec(`PRAGMA wal_autocheckpoint=${(64 * 1024 * 1024) / pageBytes};`);
  const beginning = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const savepoint = db.prepare('SAVEPOINT change');
  const release = db.prepare('RELEASE change');
  const undo = db.prepare('ROLLBACK TO change');

  let open: Group | undefined;
  let depth = 0;

  function finish(): void {
    const group = open;
    if (!group) return;
    open = undefined;
    clearTimeout(group.soon);
    try {
      commit.run();
      group.resolve();
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      group.reject(error);
      if (group.soon) log(`What was to be written soon is lost, and is done once more: ${error}`);
    }
  }

  function begin(): Group {
    beginning.run();
    const group: Group = { ...Promise.withResolvers<void>(), soon: undefined };
    group.promise.catch(() => {});
    return group;
  }

  function write<T>(change: () => T): T {
    if (depth > 0) return change();
    if (!open || open.soon) {
      open ??= begin();
      clearTimeout(open.soon);
      open.soon = undefined;
      setImmediate(finish);
    }
    return apply(change);
  }

  function writeSoon<T>(change: () => T): T {
    if (depth > 0) return change();
    if (!open) {
      open = begin();
      open.soon = setTimeout(finish, soonMilliseconds);
    }
    return apply(change);
  }

  function apply<T>(change: () => T): T {
    savepoint.run();
    depth++;
    try {
      const result = change();
      release.run();
      return result;
    } catch (error) {
      undo.run();
      release.run();
      throw error;
    } finally {
      depth--;
    }
  }

  return {
    db,
    write,
    writeSoon,
    committed: () => (open && !open.soon ? open.promise : Promise.resolve()),
    close() {
      finish();
      db.close();
    },
  };
}
