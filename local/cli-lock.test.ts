import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FolderLockedError, lockFolder } from './cli-lock.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lock-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

test('a folder is locked once, and free again after its release', () => {
  const release = lockFolder(dir);

  expect(() => lockFolder(dir)).toThrow(FolderLockedError);
  expect(() => lockFolder(dir)).toThrow(`${dir} is in use by process ${process.pid}`);

  release();
  lockFolder(dir)();
});

test('the lock of another process holds, and is taken over when that is killed', async () => {
  const module = join(import.meta.dirname, 'cli-lock.ts');
  const code = `const { lockFolder } = await import(${JSON.stringify(module)});
    lockFolder(${JSON.stringify(dir)}); console.log('locked'); setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', code]);
  await once(holder.stdout, 'data');

  expect(() => lockFolder(dir)).toThrow(`by process ${holder.pid}`);

  holder.kill('SIGKILL');
  await once(holder, 'exit');
  lockFolder(dir)();
});
