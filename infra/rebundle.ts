/**
 * `node infra/rebundle.ts FUNCTIONS INTO`: bundles a folder of functions, and again what a line on its input is about: a
 * JSON array of the paths that changed. After each time it prints a line of JSON: the folders of the bundles that are others
 * than before, or that it failed.
 */

import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { type BuildOptions, context, type OutputFile } from 'esbuild';
import { bundlingOf } from './bundle.ts';

const [functionsFolder = 'functions', into = 'cdk.out/functions'] = process.argv.slice(2);
const { options } = bundlingOf(functionsFolder, into);

/** A function that starts now finds its old bundle or its new one, and no half of one. */
function replace({ path, contents }: OutputFile): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, contents);
  renameSync(`${path}.new`, path);
}

/** Bundles one function when it is made of one of these files, or was not bundled yet; answers its folder when it changed. */
async function bundlerOf(entry: { readonly in: string; readonly out: string }) {
  const own: BuildOptions = { ...options, entryPoints: [entry], write: false, metafile: true };
  const bundler = await context(own);
  let inputs: ReadonlySet<string> | undefined;
  let hash: string | undefined;
  return async (paths: readonly string[]): Promise<string[]> => {
    if (inputs && !paths.some((path) => inputs?.has(path))) return [];
    inputs = undefined;
    const { outputFiles = [], metafile } = await bundler.rebuild();
    inputs = new Set(Object.keys(metafile?.inputs ?? {}));
    const [file] = outputFiles;
    if (!file || file.hash === hash) return [];
    replace(file);
    hash = file.hash;
    return [dirname(file.path)];
  };
}

const bundlers = await Promise.all((options.entryPoints as { in: string; out: string }[]).map(bundlerOf));

async function bundle(paths: readonly string[]): Promise<void> {
  const results = await Promise.allSettled(bundlers.map((again) => again(paths)));
  const isFailed = results.some(({ status }) => status === 'rejected');
  const changed = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  console.log(JSON.stringify({ changed, ...(isFailed && { failed: true }) }));
}

await bundle([]);
for await (const line of createInterface({ input: process.stdin })) {
  const paths = JSON.parse(line) as string[];
  await bundle(paths.map((path) => relative('', path)));
}
process.exit();
