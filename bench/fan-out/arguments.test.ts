import { expect, test } from 'vitest';
import { WrongArguments } from '../arguments.ts';
import { readArguments } from './arguments.ts';

test('without options, three rates are measured for 20 seconds each', () => {
  expect(readArguments([])).toEqual({
    rates: [1, 50, 500],
    seconds: 20,
    customers: 1000,
    jsonFile: undefined,
    record: false,
  });
});

test('options say otherwise', () => {
  const args = ['--rates', '10,20', '--seconds', '5', '--scale', '100', '--json', 'figures.json'];
  expect(readArguments(args)).toEqual({
    rates: [10, 20],
    seconds: 5,
    customers: 100,
    jsonFile: 'figures.json',
    record: false,
  });
});

test('help is no run', () => {
  expect(readArguments(['--help'])).toBe('help');
});

test.each([
  [['--rates', '1,,500'], '--rates : give a whole number from 1 to 10000'],
  [['--rates', '0'], '--rates 0: give a whole number from 1 to 10000'],
  [['--rates', '20000'], '--rates 20000: give a whole number from 1 to 10000'],
  [['--seconds', '1.5'], '--seconds 1.5: give a whole number from 1 to 3600'],
  [['--scale', 'many'], '--scale many: give a whole number from 1 to 100000'],
  [['--rate', '1'], "Unknown option '--rate'"],
  [['50'], "Unexpected argument '50'"],
])('%j is refused', (args, message) => {
  expect(() => readArguments(args)).toThrow(WrongArguments);
  expect(() => readArguments(args)).toThrow(message);
});
