import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { tenant } from './assembly.ts';

/** Copies the data folder of a stack that runs, as its last commit left it. */
export function copyData(dataDir: string, into: string): void {
  const [from, to] = [join(dataDir, tenant), join(into, tenant)];
  mkdirSync(to, { recursive: true });
  copyFileSync(join(from, 'secrets.json'), join(to, 'secrets.json'));
  const db = new DatabaseSync(join(from, 'cloud.sqlite'), { readOnly: true });
  try {
    db.prepare('VACUUM INTO ?').run(join(to, 'cloud.sqlite'));
  } finally {
    db.close();
  }
}
