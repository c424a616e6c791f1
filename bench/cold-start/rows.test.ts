import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Runs } from './initialisation.ts';
import { coldStartRows, tableOf } from './rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'fidelia-rows-'));
const module = join(folder, 'index.mjs');
writeFileSync(module, 'x'.repeat(2048));
writeFileSync(join(folder, 'tenant.json'), 'x'.repeat(1024));

afterAll(() => rmSync(folder, { recursive: true }));

const runs: Runs = new Map(
  Object.entries({ empty: 20, 'document-client': 50, one: 80 }).map(([name, processorMilliseconds]) => [
    name,
    [{ loadMilliseconds: 5, processorMilliseconds }],
  ]),
);

const rows = coldStartRows(
  [{ name: 'one', folder, module, environment: {} }],
  runs,
  { empty: 'empty', documentClient: 'document-client' },
  () => [{ from: 'electrodb', bytes: 1000 }],
);

test('a row holds sizes in KiB, and times beside those of the baselines', () => {
  expect(rows).toEqual([
    {
      function: 'one',
      codeKiB: 2,
      assetKiB: 3,
      loadMilliseconds: 5,
      processorMilliseconds: 80,
      timesEmpty: 4,
      timesDocumentClient: 2,
      biggest: [{ from: 'electrodb', bytes: 1000 }],
    },
  ]);
});

test('the table has a line a row, with numbers to the right', () => {
  expect(tableOf(rows)).toBe(
    [
      '| function | code, KiB | asset, KiB | load, ms | processor, ms | x empty | x document client |',
      '| -------- | --------: | ---------: | -------: | ------------: | ------: | ----------------: |',
      '| one      |         2 |          3 |      5.0 |          80.0 |    4.00 |              2.00 |',
    ].join('\n'),
  );
});
