/**
 * `node infra/rebundle.ts FUNCTIONS INTO`: bundles a folder of functions, and again at each line on its input. After each
 * time it prints a line of JSON: the names of the functions whose bundles are others than before, or that it failed.
 */

import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { context } from 'esbuild';
import { bundlingOf } from './bundle.ts';

const [functionsFolder = 'functions', into = 'cdk.out/functions'] = process.argv.slice(2);
const { options } = bundlingOf(functionsFolder, into);
const bundler = await context({ ...options, write: false });
const hashes = new Map<string, string>();

/** A function that starts now finds its old bundle or its new one, and no half of one. */
function replace(file: string, contents: Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, contents);
  renameSync(`${file}.new`, file);
}

async function bundle(): Promise<void> {
  try {
    const { outputFiles = [] } = await bundler.rebuild();
    const others = outputFiles.filter(({ path, hash }) => hashes.get(path) !== hash);
    for (const { path, hash, contents } of others) {
      replace(path, contents);
      hashes.set(path, hash);
    }
    console.log(JSON.stringify({ changed: others.map(({ path }) => dirname(path)) }));
  } catch {
    // The bundler has said why.
    console.log(JSON.stringify({ failed: true }));
  }
}

await bundle();
for await (const _ of createInterface({ input: process.stdin })) await bundle();
await bundler.dispose();
