import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type Loadable, leastProcessor, measure, medianLoad, type Run } from './initialisation.ts';

const folder = mkdtempSync(join(tmpdir(), 'fidelia-load-'));

afterAll(() => rmSync(folder, { recursive: true }));

function module(name: string, text: string, environment = {}): Loadable {
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, text);
  return { name, module: file, environment };
}

const runsOf = (...runs: readonly Run[]) => new Map([['one', runs]]);

test('a module is loaded once a round, in a process and an environment of its own', () => {
  const one = module(
    'one',
    "if (globalThis.seen || process.env.WHO !== 'one') throw 1; globalThis.seen = 1;",
    {
      WHO: 'one',
    },
  );
  const first = measure([one], 2);
  expect(first.get('one')).toHaveLength(2);
  expect(measure([one], 1, first).get('one')).toHaveLength(3);
});

test('what a module waits for is time by the clock, and what it computes is time of the processor too', () => {
  const waits = module('waits', 'await new Promise((resolve) => setTimeout(resolve, 300));');
  const runs = measure([waits], 1);
  expect(medianLoad(runs, 'waits')).toBeGreaterThan(290);
  expect(leastProcessor(runs, 'waits')).toBeLessThan(290);
});

test('a module that cannot be loaded is an error that says what it said', () => {
  expect(() => measure([module('bad', "throw new Error('no table');")], 1)).toThrow(
    /bad cannot[\s\S]*no table/,
  );
});

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 2, 3], 2.5],
  [[7], 7],
])('the median of %j is %d', (times, median) => {
  const runs = times.map((loadMilliseconds) => ({ loadMilliseconds, processorMilliseconds: 0 }));
  expect(medianLoad(runsOf(...runs), 'one')).toBe(median);
});

test('a module that was not measured is named, and those that were', () => {
  const runs = runsOf({ loadMilliseconds: 1, processorMilliseconds: 1 });
  expect(() => leastProcessor(runs, 'two')).toThrow('two was not measured: one were.');
});
