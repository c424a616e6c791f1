import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { commandIn, startCommand } from './start-command.ts';

test('a start command has variables, options of Node and a program', () => {
  expect(commandIn('A=1 B=x exec node --import ./guard.js --flag=2 local/start.ts')).toEqual({
    env: { A: '1', B: 'x' },
    args: ['--import', resolve('guard.js'), '--flag=2', resolve('local/start.ts')],
  });
});

test('what does not put Node in its own place is none', () => {
  expect(() => commandIn('node local/start.ts')).toThrow('"node local/start.ts" is no start command');
});

test('npm start runs the local cloud', () => {
  expect(startCommand().args.at(-1)).toBe(resolve('local/start.ts'));
});
