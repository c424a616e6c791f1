import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** A data folder that another process works on. */
export class FolderLockedError extends Error {
  constructor(dir: string, holder: string | undefined) {
    super(
      `The data folder ${dir} is in use${holder ? ` by process ${holder}` : ''}. Stop that process, give another folder with --data DIR, or keep nothing with --memory.`,
    );
    this.name = 'FolderLockedError';
  }
}

function holderIn(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/**
 * Keeps other processes out of a data folder until the returned function is called or this process ends: the lock is
 * SQLite's own on a file, so the operating system drops it even at `kill -9`.
 *
 * @throws FolderLockedError when another process has it.
 */
export function lockFolder(dir: string): () => void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const holderFile = join(dir, 'lock.pid');
  const lock = new DatabaseSync(join(dir, 'lock.sqlite'), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (error instanceof Error && error.message.includes('locked')) {
      throw new FolderLockedError(dir, holderIn(holderFile));
    }
    throw error;
  }
  writeFileSync(holderFile, `${process.pid}\n`);
  return () => {
    rmSync(holderFile, { force: true });
    lock.close();
  };
}
