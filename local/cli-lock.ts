import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
 * Makes a folder and what is missing above it, for this user only. Node's own way, `recursive`, tries for ever where a
 * folder is there and the system makes none in it, as in /proc.
 */
function makeFolder(dir: string): void {
  try {
    mkdirSync(dir, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && statSync(dir).isDirectory()) return;
    if (code !== 'ENOENT' || existsSync(dirname(dir))) throw error;
    makeFolder(dirname(dir));
    makeFolder(dir);
  }
}

/**
 * Takes a lock that lies in a file; the returned function gives it back. The lock is SQLite's own, so the operating
 * system drops it when this process ends, even at `kill -9`. Undefined when another has it for longer than is waited.
 */
function lockFile(file: string, waitMilliseconds: number): (() => void) | undefined {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(file, { timeout: waitMilliseconds });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return () => lock.close();
  } catch (error) {
    lock.close();
    if (error instanceof Error && error.message.includes('locked')) return undefined;
    throw error;
  }
}

/**
 * Keeps other processes out of a data folder until the returned function is called or this process ends.
 *
 * @throws FolderLockedError when another process has it.
 */
export function lockFolder(dir: string): () => void {
  try {
    makeFolder(dir);
  } catch (error) {
    throw new Error(
      `The data folder ${dir} cannot be made (${(error as Error).message}): give another one with --data DIR, or keep nothing with --memory.`,
    );
  }
  const holderFile = join(dir, 'lock.pid');
  const release = lockFile(join(dir, 'lock.sqlite'), 0);
  if (!release) throw new FolderLockedError(dir, holderIn(holderFile));
  writeFileSync(holderFile, `${process.pid}\n`);
  return () => {
    rmSync(holderFile, { force: true });
    release();
  };
}

/** Longer than several processes take that start at once and synthesize one after the other. */
const PATIENCE_MILLISECONDS = 120_000;

/** Runs `work` while no other process runs what it has given the same lock file. @throws after two minutes of waiting */
export async function alone<T>(file: string, work: () => Promise<T>): Promise<T> {
  const release = lockFile(file, PATIENCE_MILLISECONDS);
  if (!release) throw new Error(`Another process has held ${file} for two minutes: stop it.`);
  try {
    return await work();
  } finally {
    release();
  }
}
