import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { publishStack, stackFilesFor, withdrawStack } from './cli-stack-file.ts';
import type { StackInfo } from './cloud.ts';

let dir: string;
let shared: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'stack-'));
  shared = join(dir, 'stack.json');
});
afterEach(() => rmSync(dir, { recursive: true }));

const stack = (tenant: string) =>
  ({ tenant, graphqlUrl: 'http://127.0.0.1:4000/graphql' }) as unknown as StackInfo;
function published(tenant: string): string[] {
  const files = stackFilesFor(dir, tenant);
  publishStack(files, stack(tenant));
  return files;
}

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

test('a stack is published for its owner only, and withdrawn', () => {
  const files = published('demo');

  expect(files).toEqual([shared, join(dir, 'demo/stack.json')]);
  expect(read(shared)).toMatchObject({ tenant: 'demo', graphqlUrl: 'http://127.0.0.1:4000/graphql' });
  expect(statSync(shared).mode & 0o777).toBe(0o600);

  withdrawStack(files);
  expect(files.filter(existsSync)).toEqual([]);
});

test('with several tenants the first one keeps the shared file', () => {
  const first = published('demo');
  const second = published('acme');

  expect(second).toEqual([join(dir, 'acme/stack.json')]);
  expect(read(shared)).toMatchObject({ tenant: 'demo' });

  withdrawStack(second);
  expect(first.filter(existsSync)).toEqual(first);
});

test.each([
  ['what a dead process left', '{"tenant":"acme","pid":99999999}'],
  ['what is no JSON', 'garbage'],
])('%s is replaced', (_, content) => {
  writeFileSync(shared, content);

  expect(published('demo')).toContain(shared);
  expect(read(shared)).toMatchObject({ tenant: 'demo' });
});

test('what another process has published since is left alone', () => {
  const files = published('demo');
  writeFileSync(shared, '{"tenant":"demo","pid":1}');

  withdrawStack(files);

  expect(files.filter(existsSync)).toEqual([shared]);
});

test('a second stack of the same tenant leaves the files of the first alone', () => {
  const first = published('demo');
  for (const file of first) writeFileSync(file, JSON.stringify({ tenant: 'demo', pid: process.ppid }));

  const second = published('demo');

  expect(second).toEqual([join(dir, `demo/stack-${process.pid}.json`)]);
  withdrawStack(second);
  expect(first.filter(existsSync)).toEqual(first);
});
