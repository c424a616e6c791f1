import { expect, test } from 'vitest';
import { WrongInput } from './wrong-input.ts';

test.each([
  ['the file has \u001B[31mred, b', 'the file has \\u001b[31mred, b'],
  ['got "\u009B"', 'got "\\u009b"'],
  ['got "\u202E"', 'got "\\u202e"'],
  ['got "\uD83D"', 'got "\\ud83d"'],
])('controls of a file stand in a message as escapes: %j', (message, printed) => {
  expect(new WrongInput(message).message).toBe(printed);
});

test('letters, signs and lines stay as they are', () => {
  const message = 'Größe, 数量, 🙂:\nsay which with --map COLUMN=quantity';

  expect(new WrongInput(message).message).toBe(message);
});

test('a message ends where it would fill the screen', () => {
  const { message } = new WrongInput('x'.repeat(1_000_000));

  expect(message).toHaveLength(2001);
  expect(message.endsWith('x…')).toBe(true);
});

test('what caused it is kept', () => {
  const cause = new Error('cause');

  expect(new WrongInput('wrong', { cause })).toMatchObject({ name: 'WrongInput', cause });
});
