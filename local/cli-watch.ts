import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Lambda } from './lambda/lambda.ts';

/** The bundles of which functions run, and whose functions they are. */
type Code = Pick<Lambda, 'functions' | 'replaceCode'>;

/** What functions are made of; whatever else changes needs new templates. */
const SOURCES = ['functions', 'domain', 'contracts'];
/** An editor writes several files, or one several times. */
const SETTLING_MILLISECONDS = 50;

const program = join(import.meta.dirname, '../infra/rebundle.ts');

const contentOf = (folder: string) => {
  const file = join(folder, 'index.mjs');
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
};

/** The ARN of each function by the bundle that it was deployed from, which has the same content. */
export function functionsByBundle(bundles: readonly string[], code: Code): ReadonlyMap<string, string[]> {
  const byContent = Map.groupBy(code.functions(), ({ assetDir }) => contentOf(assetDir));
  return new Map(
    bundles.map((bundle) => [bundle, (byContent.get(contentOf(bundle)) ?? []).map(({ arn }) => arn)]),
  );
}

export interface WatchOptions {
  /** The folder with the sources. */
  readonly root: string;
  readonly code: Code;
  readonly log: (message: string) => void;
  /** Ends it. */
  readonly stop: AbortSignal;
}

/**
 * Bundles functions again whenever their sources change, and lets them run what they have become; everything else goes on,
 * and nothing that is in memory is lost. Of what cannot be bundled, what ran before goes on.
 */
export function watchFunctions({ root, code, log, stop }: WatchOptions): void {
  const into = mkdtempSync(join(tmpdir(), 'bundles-'));
  const child = spawn(process.execPath, [program, join(root, 'functions'), into], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let known: ReadonlyMap<string, string[]> | undefined;
  let began = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const touched = new Set<string>();

  function changed(path: string): void {
    touched.add(path);
    clearTimeout(timer);
    timer = setTimeout(() => {
      began = performance.now();
      child.stdin.write(`${JSON.stringify([...touched])}\n`);
      touched.clear();
    }, SETTLING_MILLISECONDS);
  }

  function takeOver(bundles: readonly string[], functionsOf: ReadonlyMap<string, string[]>): void {
    for (const bundle of bundles) {
      for (const arn of functionsOf.get(bundle) ?? []) code.replaceCode(arn, bundle);
    }
    const seconds = ((performance.now() - began) / 1000).toFixed(2);
    const names = bundles.map((bundle) => basename(bundle)).join(', ');
    if (names !== '') log(`Changed in ${seconds} s: ${names}`);
  }

  function bundled(line: string): void {
    const { changed: bundles, failed } = JSON.parse(line) as { changed: string[]; failed?: true };
    if (failed) log('The sources cannot all be bundled; of what cannot, what ran before goes on.');
    if (known) takeOver(bundles, known);
    else {
      known = functionsByBundle(bundles, code);
      log(`Changes in ${SOURCES.join(', ')} are taken over while everything runs.`);
    }
  }

  createInterface({ input: child.stdout }).on('line', bundled);
  const watchers = SOURCES.map((source) =>
    watch(join(root, source), { recursive: true }, (_, file) => {
      if (file !== null && !file.endsWith('.test.ts')) changed(join(root, source, file));
    }),
  );
  stop.addEventListener('abort', () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
    child.stdin.end();
    child.kill();
    rmSync(into, { recursive: true, force: true });
  });
}
