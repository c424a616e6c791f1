import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'guard-'));
  mkdirSync(join(project, 'tools'));
  writeFileSync(join(project, 'package.json'), '{"type":"module"}');
  copyFileSync(join(import.meta.dirname, 'node-guard.js'), join(project, 'tools/node-guard.js'));
});
afterEach(() => rmSync(project, { recursive: true }));

function runOn(version: string) {
  const versions = `{...process.versions,node:${JSON.stringify(version)}}`;
  const pretend = `data:text/javascript,Object.defineProperty(process,"versions",{value:${encodeURIComponent(versions)}})`;
  const guard = join(project, 'tools/node-guard.js');
  return spawnSync(process.execPath, ['--import', pretend, guard], { encoding: 'utf8' });
}

test('Node 24 passes without a word', () => {
  expect(runOn('24.21.0')).toMatchObject({ status: 0, stderr: '' });
});

test('without packages the remedy is npm ci', () => {
  expect(runOn('20.1.0')).toMatchObject({ status: 1, stderr: expect.stringContaining('Run: npm ci') });
});

test('with packages whose install scripts did not run it is npm rebuild node', () => {
  mkdirSync(join(project, 'node_modules'));

  expect(runOn('26.0.0')).toMatchObject({ status: 1, stderr: expect.stringContaining('npm rebuild node') });
});

test('with Node 24 installed it is to run through npm', () => {
  mkdirSync(join(project, 'node_modules/node/bin'), { recursive: true });
  writeFileSync(join(project, 'node_modules/node/bin/node'), '');

  expect(runOn('20.1.0')).toMatchObject({ status: 1, stderr: expect.stringContaining('through npm') });
});

test('every script of the package begins with the guard', () => {
  const file = join(import.meta.dirname, '../package.json');
  const scripts: Record<string, string> = JSON.parse(readFileSync(file, 'utf8')).scripts;

  expect(Object.keys(scripts)).toContain('start');
  for (const script of Object.values(scripts)) {
    expect(script).toMatch(
      /^node tools\/node-guard\.js && |^(\w+=\w+ )*exec node --import \.\/tools\/node-guard\.js /,
    );
  }
});
