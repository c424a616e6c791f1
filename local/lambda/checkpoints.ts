import type { Store } from '../store.ts';

/** Up to where each stream mapping has come. */
export interface Checkpoints {
  get(mappingId: string): string | undefined;
  /** Soon durable: records from before the last one that is are read once more. */
  set(mappingId: string, sequence: string): void;
}

export function openCheckpoints(store: Store): Checkpoints {
  store.db.exec(
    'CREATE TABLE IF NOT EXISTS lambda_checkpoints (mapping TEXT PRIMARY KEY, sequence TEXT NOT NULL) WITHOUT ROWID',
  );
  const get = store.db.prepare('SELECT sequence FROM lambda_checkpoints WHERE mapping = ?');
  const set = store.db.prepare('INSERT OR REPLACE INTO lambda_checkpoints VALUES (?, ?)');
  return {
    get: (mappingId) => get.get(mappingId)?.sequence as string | undefined,
    set: (mappingId, sequence) => store.writeSoon(() => void set.run(mappingId, sequence)),
  };
}
