import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type AccessKey, newAdminKey } from '../identity.ts';

/** A user of the pool whose password is known, because the local cloud made it. */
export interface DemoUser {
  readonly username: string;
  readonly password: string;
  readonly groups: readonly string[];
}

/** What is secret in a data folder, and stays the same as long as the folder lives. */
export interface Secrets {
  readonly admin: AccessKey;
  readonly users: readonly DemoUser[];
}

/** Writes a file whole or not at all, readable by its owner only. */
export function writePrivately(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, content, { mode: 0o600 });
  renameSync(draft, file);
}

/** The secrets of a file, or new ones without users when it does not exist or there is none. */
export function readSecrets(file: string | undefined): Secrets {
  if (file === undefined || !existsSync(file)) return { admin: newAdminKey(), users: [] };
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Secrets;
  } catch (error) {
    throw new Error(
      `${file} is not JSON (${(error as Error).message}): restore it, or delete the data folder and start anew.`,
    );
  }
}

export function writeSecrets(file: string | undefined, secrets: Secrets): void {
  if (file !== undefined) writePrivately(file, `${JSON.stringify(secrets, undefined, 2)}\n`);
}
