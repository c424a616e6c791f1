/** Whether an assembly still says what its sources say: synthesis is skipped when nothing that it reads has changed. */

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** All that templates and bundles are made of; the lock file stands for the libraries. */
const INPUTS = ['infra', 'functions', 'domain', 'graphql', 'contracts', 'package-lock.json'];

/** The file that tells of what an assembly was made; empty while it is not finished. */
export const STAMP = 'inputs.sha256';

/** A hash over the names and contents of all inputs of a tenant's assembly. Tests are no input. */
export function inputsHash(root: string, tenant: string): string {
  const hash = createHash('sha256').update(tenant);
  for (const path of INPUTS.flatMap((input) => filesOf(root, input))) {
    const content = readFileSync(join(root, path));
    hash.update(`\0${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** Whether the assembly in a folder was made of inputs with this hash, and was finished. */
export function isFresh(outdir: string, hash: string): boolean {
  const stamp = join(outdir, STAMP);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;
}

/** Marks a folder as one for an assembly, so that one that was left unfinished can be replaced. */
export function claimFolder(outdir: string): void {
  mkdirSync(outdir, { recursive: true });
  stampAssembly(outdir, '');
}

/** Marks the finished assembly in a folder as made of inputs with this hash. */
export function stampAssembly(outdir: string, hash: string): void {
  writeFileSync(join(outdir, STAMP), hash);
}

function filesOf(root: string, input: string): string[] {
  const path = join(root, input);
  if (!existsSync(path)) {
    return [];
  }
  if (!statSync(path).isDirectory()) {
    return [input];
  }
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}
