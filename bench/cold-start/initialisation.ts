import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** A module that Lambda loads, with the environment that it gets. */
export interface Loadable {
  readonly name: string;
  readonly module: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** What one fresh process took to load a module. */
export interface Run {
  /** From the import to its end, by the clock. */
  readonly loadMilliseconds: number;
  /** Of the processor, for all of the process: the start of Node and the import. */
  readonly processorMilliseconds: number;
}

/** The runs of some modules, by their names. */
export type Runs = ReadonlyMap<string, readonly Run[]>;

const program = join(import.meta.dirname, 'load.js');

/** Loads a module in a fresh process. @throws Error with what the process said when the module cannot be loaded. */
function load({ name, module, environment }: Loadable): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, module], {
    env: { ...environment },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${name} cannot be loaded from ${module}:\n${stderr}`);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
}

/**
 * Loads each of some modules once in each round, one process after the other: what else the machine does in the meantime
 * meets all of them. Rounds are added to those made `before`.
 */
export function measure(modules: readonly Loadable[], rounds: number, before: Runs = new Map()): Runs {
  const runs = new Map([...before].map(([name, made]) => [name, [...made]]));
  for (let round = 0; round < rounds; round++) {
    for (const one of modules) {
      const made = runs.get(one.name) ?? [];
      made.push(load(one));
      runs.set(one.name, made);
    }
  }
  return runs;
}

function of(runs: Runs, name: string): readonly Run[] {
  const made = runs.get(name);
  if (!made?.length) throw new Error(`${name} was not measured: ${[...runs.keys()].join(', ')} were.`);
  return made;
}

/** The median time that a module took to load, in milliseconds by the clock. */
export function medianLoad(runs: Runs, name: string): number {
  const sorted = of(runs, name)
    .map(({ loadMilliseconds }) => loadMilliseconds)
    .sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] = [sorted[middle - 1 + (sorted.length % 2)], sorted[middle]];
  return (low + high) / 2;
}

/**
 * The least time of the processor that a process took, in milliseconds. What else runs on the machine only ever adds to it,
 * by caches that it empties, so that the least of some runs hardly depends on it.
 */
export function leastProcessor(runs: Runs, name: string): number {
  return Math.min(...of(runs, name).map(({ processorMilliseconds }) => processorMilliseconds));
}
