import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { alone, FolderLockedError, lockFolder } from './cli-lock.ts';

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

test('a folder that cannot be made is named with the remedy', () => {
  const file = join(dir, 'file');
  writeFileSync(file, '');

  expect(() => lockFolder(join(file, 'demo'))).toThrow(
    /The data folder .*file\/demo cannot be made \(ENOTDIR.*\): give another one with --data DIR/,
  );
});

test.runIf(process.platform === 'linux')(
  'a folder in a place where the system makes none is refused, not tried for ever',
  () => {
    expect(() => lockFolder('/proc/fidelia/demo')).toThrow(
      /The data folder \/proc\/fidelia\/demo cannot be made \(ENOENT.*\): give another one with --data DIR/,
    );
  },
);

test('a folder is made with all that is missing above it, for nobody else', () => {
  const deep = join(dir, 'a', 'b', 'c');
  lockFolder(deep)();

  for (const made of [deep, join(dir, 'a')]) expect(statSync(made).mode & 0o777).toBe(0o700);
});

test('what two processes do alone, they do one after the other', async () => {
  const module = join(import.meta.dirname, 'cli-lock.ts');
  const lock = join(dir, 'alone.sqlite');
  const code = `const { alone } = await import(${JSON.stringify(module)});
    await alone(${JSON.stringify(lock)}, async () => {
      console.log('in');
      await new Promise((resolve) => setTimeout(resolve, 300));
      console.log('out');
    });`;
  const other = spawn(process.execPath, ['--input-type=module', '-e', code]);
  let printed = '';
  other.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  await once(other.stdout, 'data');

  await alone(lock, async () => {});
  await once(other, 'exit');

  expect(printed).toBe('in\nout\n');
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
