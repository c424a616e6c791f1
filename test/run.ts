import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { RECORDINGS } from './support/grants/recordings.ts';
import { judgeWholeRun } from './support/grants/whole-run.ts';

// Everything that CI runs: style, types, every suite, and then whether the suites together used what the templates grant.
// The last line counts what passed and what failed; a suite that did not run and a test that was left out are failures.

interface SuiteReport {
  readonly name: string;
  readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
}

interface Tally {
  readonly passed: number;
  readonly failures: readonly string[];
}

function check(name: string, command: string, ...args: string[]): Tally {
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  return status === 0 ? { passed: 1, failures: [] } : { passed: 0, failures: [name] };
}

/** Runs what the filters let through, or everything; clouds record into a folder when there is one. */
function runSuites(filters: readonly string[], folder: string, recordings?: string): Tally {
  const report = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const env = { ...process.env, ...(recordings !== undefined && { [RECORDINGS]: recordings }) };
  const { status } = spawnSync('vitest', ['run', ...reporters, ...filters], { stdio: 'inherit', env });
  try {
    return tally(JSON.parse(readFileSync(report, 'utf8')).testResults, status, filters);
  } catch (error) {
    return { passed: 0, failures: [`the suites left no report: ${(error as Error).message}`] };
  }
}

/** A part of the suites uses a part of the grants: only all of them are held against all. */
async function runAll(folder: string): Promise<Tally[]> {
  const recordings = join(folder, 'recordings');
  mkdirSync(recordings);
  const suites = runSuites([], folder, recordings);
  const reason = (error: Error) => `the grants could not be held against what was recorded: ${error.message}`;
  const judged = judgeWholeRun(recordings).catch((error) => ({ passed: 0, failures: [reason(error)] }));
  return [suites, await judged];
}

function tally(suites: readonly SuiteReport[], status: number | null, filters: readonly string[]): Tally {
  const tests = suites.flatMap(({ assertionResults }) => assertionResults);
  const failures = tests
    .filter((test) => test.status !== 'passed')
    .map((test) => `${test.fullName} (${test.status})`);
  const ran = new Set(
    suites.filter((suite) => suite.assertionResults.length > 0).map(({ name }) => relative('.', name)),
  );
  const expected = filters.length > 0 ? [] : suitesOnDisk();
  failures.push(...expected.filter((suite) => !ran.has(suite)).map((suite) => `${suite} did not run`));
  if (status !== 0 && failures.length === 0)
    failures.push(`vitest ended with ${status} although no test failed`);
  return { passed: tests.length - tests.filter((test) => test.status !== 'passed').length, failures };
}

function suitesOnDisk(): string[] {
  const skipped = /^(node_modules|cdk\.out|\.local|test\/data|test\/soak)\b/;
  return globSync('**/*.test.ts', { exclude: (path) => skipped.test(path) });
}

const filters = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'fidelia-test-'));
const tallies = [
  check('style: run `npm run lint -- --write`', 'biome', 'check', '--error-on-warnings'),
  check('types: run `npx tsc`', 'tsc', '-p', '.'),
  ...(filters.length > 0 ? [runSuites(filters, folder)] : await runAll(folder)),
];
rmSync(folder, { recursive: true });
const failures = tallies.flatMap((one) => one.failures);
for (const failure of failures) console.log(`failed: ${failure}`);
console.log(`${tallies.reduce((sum, one) => sum + one.passed, 0)} passed, ${failures.length} failed`);
process.exitCode = failures.length > 0 ? 1 : 0;
