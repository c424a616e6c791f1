import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { USAGE } from './arguments.ts';

const bench = (...args: string[]) =>
  spawnSync(process.execPath, ['bench/load/main.ts', ...args], { encoding: 'utf8' });

test('wrong options end the command with 2, what is wrong, and what there is', () => {
  expect(bench('--rounds', 'twice')).toMatchObject({
    status: 2,
    stdout: '',
    stderr: `bench: --rounds twice: give a whole number from 1\n\n${USAGE}\n`,
  });
});

test('help says what there is, and runs nothing', () => {
  expect(bench('--help')).toMatchObject({ status: 0, stdout: `${USAGE}\n`, stderr: '' });
});
