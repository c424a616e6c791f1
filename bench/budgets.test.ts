import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assemblyDir } from '../test/support/assembly.ts';
import { type Budget, overruns } from './budgets.ts';
import { type Baselines, bundleBaselines } from './cold-start/baselines.ts';
import { deployedFunctions, sizesOf } from './cold-start/deployed.ts';
import { type Loadable, measure } from './cold-start/initialisation.ts';
import { timesEmpty } from './cold-start/rows.ts';

/** How often a process is measured before its time is over the limit. */
const ROUNDS = 8;

const { functions: budgets }: { functions: Record<string, Budget> } = JSON.parse(
  readFileSync(join(import.meta.dirname, 'budgets.json'), 'utf8'),
);
const functions = deployedFunctions(assemblyDir);

let baselines: Baselines;

beforeAll(async () => {
  baselines = await bundleBaselines();
});

afterAll(() => baselines[Symbol.dispose]());

/** Measures again what is over its limit, for some rounds: what else the machine does only ever adds to a time. */
function timeOverruns(modules: readonly Loadable[], rounds: number): string[] {
  const { empty } = baselines;
  let runs = measure([empty], ROUNDS);
  let over = modules;
  let said: string[] = [];
  for (let round = 0; round < rounds && over.length > 0; round++) {
    runs = measure([empty, ...over], 1, runs);
    const times = over.map(({ name }) => [name, { timesEmpty: timesEmpty(runs, name, empty.name) }] as const);
    said = overruns(budgets, new Map(times));
    over = over.filter(({ name }) => said.some((line) => line.startsWith(`${name} `)));
  }
  return said;
}

/** A module that loads another one, and then is busy for as long as that took. */
const takingTwice = (module: string) => `
  const used = () => process.cpuUsage().user + process.cpuUsage().system;
  const began = used();
  await import(${JSON.stringify(pathToFileURL(module).href)});
  for (const loaded = used(); used() < 2 * loaded - began; );`;

describe('the cold start of every function', () => {
  test('has limits, and no limits are left of functions that are gone', () => {
    expect(Object.keys(budgets)).toEqual(functions.map(({ name }) => name));
  });

  test('has no more code than its limit', () => {
    const sizes = functions.map((one) => [one.name, { codeKiB: sizesOf(one).code / 1024 }] as const);
    expect(overruns(budgets, new Map(sizes))).toEqual([]);
  });

  test('takes no longer than its limit, as a multiple of an empty handler', () => {
    expect(timeOverruns(functions, ROUNDS)).toEqual([]);
  }, 120_000);
});

describe('a planted violation is caught', () => {
  test.each([
    ['half as much code again', { codeKiB: 150, timesEmpty: 2 }, /^one has 150 KiB of code, 100 are allowed/],
    ['more time', { codeKiB: 100, timesEmpty: 3.1 }, /^one takes 3.1 times an empty handler to load, 3 are/],
  ])('%s than the limit', (_, measured, message) => {
    const found = overruns({ one: { codeKiB: 100, timesEmpty: 3 } }, new Map([['one', measured]]));
    expect(found).toEqual([expect.stringMatching(message)]);
  });

  test('a function without limits', () => {
    expect(overruns({}, new Map([['new', { codeKiB: 1 }]]))).toEqual([
      'new has no limits: give it some in bench/budgets.json.',
    ]);
  });

  test('a function that takes twice its time to load', () => {
    const folder = mkdtempSync(join(tmpdir(), 'fidelia-twice-'));
    const module = join(folder, 'index.mjs');
    const slow = functions
      .filter(({ name }) => name === 'sales')
      .map((sales) => {
        writeFileSync(module, takingTwice(sales.module));
        return { ...sales, module };
      });
    try {
      expect(timeOverruns(slow, 3)).toEqual([expect.stringMatching(/^sales takes/)]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 60_000);
});
