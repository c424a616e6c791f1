import { randomUUID } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Decision } from '../../../local/iam/access.ts';
import { assemblyDir } from '../assembly.ts';

/** Names the folder into which all clouds of a test run record; `npm test` sets it, and nobody else. */
export const RECORDINGS = 'RECORDINGS';

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: object }>>;
}

/** The rights that an assembly gives, as text. */
function rightsIn(assembly: string): string {
  const rights = globSync('*.template.json', { cwd: assembly })
    .toSorted()
    .flatMap((file) => {
      const { Resources } = JSON.parse(readFileSync(join(assembly, file), 'utf8')) as Template;
      return Object.entries(Resources).filter(([, { Type }]) =>
        /^AWS::IAM::|Policy$|^AWS::Lambda::Permission$/.test(Type),
      );
    });
  return JSON.stringify(rights);
}

/**
 * A new file for what a cloud decides; undefined when nobody wants to know, or its assembly gives other rights than the
 * tenant's: what is denied and done there says nothing of those.
 */
export function newRecording(assembly: string): string | undefined {
  const folder = process.env[RECORDINGS];
  if (folder === undefined) return undefined;
  if (assembly !== assemblyDir && rightsIn(assembly) !== rightsIn(assemblyDir)) return undefined;
  return join(folder, `${randomUUID()}.jsonl`);
}

/** What was decided in each recording of a folder. */
export function readRecordings(folder: string): Decision[][] {
  return globSync('*.jsonl', { cwd: folder }).map((file) =>
    readFileSync(join(folder, file), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Decision),
  );
}
