/**
 * `npm run bench:cold-start -- --runs N --json FILE --record`: what Lambda has to fetch and to load before a function answers for the
 * first time, for each function of a tenant's assembly. Times are those of a bare Node process: the runtime of Lambda,
 * which loads the same modules, is not in them.
 */

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleBaselines } from './cold-start/baselines.ts';
import { deployedFunctions } from './cold-start/deployed.ts';
import { measure } from './cold-start/initialisation.ts';
import { biggestShares, outputsOf } from './cold-start/modules.ts';
import { type ColdStartRow, coldStartRows, tableOf } from './cold-start/rows.ts';
import { machine, today } from './machine.ts';
import { recordPart } from './performance-document.ts';

const ROOT = resolve(import.meta.dirname, '..');
const USAGE =
  'Usage: npm run bench:cold-start -- [--tenant NAME (demo)] [--runs N (11)] [--json FILE] [--record]';

/** How many places a bundle is told to come from. */
const SHARES = 8;

function synthesize(tenant: string): string {
  const assembly = resolve(ROOT, '.local/bench', tenant);
  const args = [resolve(ROOT, 'infra/synth.ts'), '--tenant', tenant, '--out', assembly];
  execFileSync(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  return assembly;
}

/** Measures the functions of a tenant, each in so many fresh processes. */
export async function measureColdStarts(tenant: string, runs: number): Promise<ColdStartRow[]> {
  const functions = deployedFunctions(synthesize(tenant));
  const outputs = await outputsOf(resolve(ROOT, 'functions'));
  using baselines = await bundleBaselines();
  const { empty, documentClient } = baselines;
  const measured = measure([empty, documentClient, ...functions], runs);
  const names = { empty: empty.name, documentClient: documentClient.name };
  return coldStartRows(functions, measured, names, (name) =>
    biggestShares(outputs.get(name) ?? { inputs: {} }, SHARES),
  );
}

function sharesLine({ function: name, biggest }: ColdStartRow): string {
  const shares = biggest.map(({ from, bytes }) => `${from} ${(bytes / 1024).toFixed(0)}`);
  return `${name}: ${shares.join(', ')}`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      tenant: { type: 'string', default: 'demo' },
      runs: { type: 'string', default: '11' },
      json: { type: 'string' },
      record: { type: 'boolean', default: false },
    },
  });
  const runs = Number(values.runs);
  if (!(Number.isInteger(runs) && runs > 0))
    throw new Error(`--runs ${values.runs} is no number of runs.\n${USAGE}`);
  const rows = await measureColdStarts(values.tenant, runs);
  const shares = rows.map((row) => `- ${sharesLine(row)}`).join('\n');
  const report = `${tableOf(rows)}\n\nWhere most of each comes from, in KiB:\n\n${shares}`;
  console.log(report);
  if (values.record) {
    recordPart('cold start', `Measured on ${today()} with ${machine()}, ${runs} runs.\n\n${report}`);
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
}

if (import.meta.main) {
  await main();
}
