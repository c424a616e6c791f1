import { describe, expect, test } from 'vitest';
import { compileExpression } from './expression.ts';

const since = Date.parse('2026-01-01T00:00:00Z');
const next = (expression: string, after: string, zone?: string) => {
  const at = compileExpression(expression, zone).next(Date.parse(after), since);
  return at === undefined ? undefined : new Date(at).toISOString();
};

describe('a schedule is due', () => {
  test.each([
    ['rate(5 minutes)', '2026-01-01T00:04:59Z', undefined, '2026-01-01T00:05:00.000Z'],
    ['rate(1 day)', '2025-12-31T23:59:59.999Z', undefined, '2026-01-01T00:00:00.000Z'],
    ['cron(0 9 * * ? *)', '2026-01-01T10:00:00Z', undefined, '2026-01-02T09:00:00.000Z'],
    ['cron(0 9 * * ? *)', '2026-07-01T00:00:00Z', 'Europe/London', '2026-07-01T08:00:00.000Z'],
    ['at(2026-07-01T09:00:00)', '2026-01-01T00:00:00Z', undefined, '2026-07-01T09:00:00.000Z'],
    ['at(2026-07-01T09:00:00)', '2026-01-01T00:00:00Z', 'America/New_York', '2026-07-01T13:00:00.000Z'],
    ['at(2026-07-01T09:00:00)', '2026-07-01T09:00:00Z', undefined, undefined],
  ])('%s after %s in %s: %s', (expression, after, zone, expected) => {
    expect(next(expression, after, zone)).toBe(expected);
  });

  test('also when clocks are set forward over its hour', () => {
    const skipped = next('cron(30 1 * * ? *)', '2026-03-28T12:00:00Z', 'Europe/London');
    expect(skipped).toMatch(/^2026-03-29T0[01]:/);
  });
});

test.each([
  ['rate(0 minutes)', undefined, 'a rate is a positive number'],
  ['rate(5 seconds)', undefined, 'a rate is a positive number'],
  ['at(2026-07-01 09:00)', undefined, 'a time is written as'],
  ['at(2026-13-01T09:00:00)', undefined, 'a time is written as'],
  ['cron(0 9 * * *)', undefined, 'cron has 6 fields'],
  ['every day', undefined, 'write rate(5 minutes)'],
  ['rate(5 minutes)', 'Mars/Olympus', 'Mars/Olympus is no time zone'],
])('%s in %s is refused: %s', (expression, zone, message) => {
  expect(() => compileExpression(expression, zone)).toThrow(message);
});
