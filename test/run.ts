import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

// Everything that CI runs: style, types, then every suite. The last line counts what passed and what failed; a suite
// that did not run and a test that was left out are failures.

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

function runSuites(filters: readonly string[]): Tally {
  const folder = mkdtempSync(join(tmpdir(), 'fidelia-test-'));
  const report = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const { status } = spawnSync('vitest', ['run', ...reporters, ...filters], { stdio: 'inherit' });
    return tally(JSON.parse(readFileSync(report, 'utf8')).testResults, status, filters);
  } catch (error) {
    return {
      passed: 0,
      failures: [`the suites left no report: ${error instanceof Error ? error.message : error}`],
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
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
const tallies = [
  check('style: run `npm run lint -- --write`', 'biome', 'check', '--error-on-warnings'),
  check('types: run `npx tsc`', 'tsc', '-p', '.'),
  runSuites(filters),
];
const failures = tallies.flatMap((one) => one.failures);
for (const failure of failures) console.log(`failed: ${failure}`);
console.log(`${tallies.reduce((sum, one) => sum + one.passed, 0)} passed, ${failures.length} failed`);
process.exitCode = failures.length > 0 ? 1 : 0;
