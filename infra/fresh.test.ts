import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inputsHash, isFresh, stampAssembly } from './fresh.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fidelia-fresh-'));
  for (const folder of ['infra/stacks', 'functions/api', 'domain', 'graphql', 'contracts', 'docs']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  put('infra/app.ts', 'one');
  put('package-lock.json', '{}');
});

afterEach(() => rmSync(root, { recursive: true }));

const put = (path: string, content: string) => writeFileSync(join(root, path), content);
const hash = () => inputsHash(root, 'demo');

test.each([
  'infra/app.ts',
  'infra/stacks/data.ts',
  'functions/api/handler.ts',
  'domain/deal.ts',
  'graphql/a.graphql',
  'contracts/a.json',
  'package-lock.json',
])('a change in %s makes the assembly stale', (path) => {
  const before = hash();
  put(path, 'changed');
  expect(hash()).not.toBe(before);
});

test('a renamed file and a line that moves to another file make it stale', () => {
  put('domain/a.ts', 'ab');
  put('domain/b.ts', 'c');
  const before = hash();
  renameSync(join(root, 'domain/b.ts'), join(root, 'domain/c.ts'));
  const renamed = hash();
  renameSync(join(root, 'domain/c.ts'), join(root, 'domain/b.ts'));
  put('domain/a.ts', 'a');
  put('domain/b.ts', 'bc');
  expect(new Set([before, renamed, hash()]).size).toBe(3);
});

test('a test and a document change nothing', () => {
  const before = hash();
  put('infra/app.test.ts', 'a test');
  put('docs/guide.md', 'a guide');
  expect(hash()).toBe(before);
});

test('each tenant has its own assembly', () => {
  expect(inputsHash(root, 'acme')).not.toBe(hash());
});

test('only a finished assembly of these inputs is fresh', () => {
  const out = join(root, 'cdk.out');
  expect(isFresh(out, hash())).toBe(false);
  mkdirSync(out);
  expect(isFresh(out, hash())).toBe(false);
  stampAssembly(out, hash());
  expect(isFresh(out, hash())).toBe(true);
  put('infra/app.ts', 'two');
  expect(isFresh(out, hash())).toBe(false);
});
