import { expect, test } from 'vitest';
import { WrongArguments } from '../arguments.ts';
import { readArguments } from './arguments.ts';
import { cases } from './operations.ts';

const names = cases.map(({ name }) => name);

test('without options, every operation is run three times with 16 and with 64 connections', () => {
  expect(readArguments([])).toEqual({
    customers: 10_000,
    connections: [16, 64],
    seconds: 10,
    warmUpSeconds: 5,
    rounds: 3,
    cases: names,
    stores: ['durable'],
    jsonFile: undefined,
    record: false,
  });
});

test('options say otherwise', () => {
  const args =
    '--scale 500 --connections 1,8 --seconds 5 --rounds 1 --only search --json figures.json --record';

  expect(readArguments(args.split(' '))).toEqual({
    customers: 500,
    connections: [1, 8],
    seconds: 5,
    warmUpSeconds: 2.5,
    rounds: 1,
    cases: ['search by e-mail', 'search by name prefix'],
    stores: ['durable'],
    jsonFile: 'figures.json',
    record: true,
  });
});

test.each([
  [['--memory'], ['durable', 'memory']],
  [['--memory-only'], ['memory']],
  [['--memory', '--memory-only'], ['memory']],
])('%j asks for the stores %j', (args, stores) => {
  expect(readArguments(args)).toMatchObject({ stores });
});

test('help is no run', () => {
  expect(readArguments(['--help', '--scale', 'many'])).toBe('help');
});

test.each([
  [['--scale', 'many'], '--scale many: give a whole number from 1'],
  [['--scale', '0'], '--scale 0: give a whole number from 1'],
  [['--connections', '16,,64'], '--connections : give a whole number from 1'],
  [['--seconds', '1.5'], '--seconds 1.5: give a whole number from 1'],
  [['--rounds=-1'], '--rounds -1: give a whole number from 1'],
  [['--only', 'delete'], `--only delete: no operation is called so; there are ${names.join(', ')}`],
  [['--scales', '5'], "Unknown option '--scales'"],
  [['fast'], "Unexpected argument 'fast'"],
  [['--scale', '10001', '--memory'], '--scale 10001 with --memory: more than 10000 customers'],
  [['--scale'], "Option '--scale <value>' argument missing"],
])('%j is refused', (args, message) => {
  expect(() => readArguments(args)).toThrow(WrongArguments);
  expect(() => readArguments(args)).toThrow(message);
});
