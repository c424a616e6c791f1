import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AwsError } from '../aws.ts';
import { compileSchedule } from './schedule.ts';

const now = Date.parse('2026-11-25T17:30:00Z');

function next(expression: string, after = now, since = now): string | undefined {
  const at = compileSchedule(expression)(after, since);
  return at === undefined ? undefined : new Date(at).toISOString();
}

describe('a rate', () => {
  test('counts from when its rule was made', () => {
    const since = Date.parse('2026-11-25T10:07:00Z');

    expect(next('rate(1 minute)')).toBe('2026-11-25T17:31:00.000Z');
    expect(next('rate(5 minutes)', now, since)).toBe('2026-11-25T17:32:00.000Z');
    expect(next('rate(1 hour)', now, since)).toBe('2026-11-25T18:07:00.000Z');
    expect(next('rate(7 days)', now, since)).toBe('2026-12-02T10:07:00.000Z');
    expect(next('rate(1 day)', since - 5000, since)).toBe('2026-11-26T10:07:00.000Z');
  });

  test.each(['rate(0 minutes)', 'rate(1 minutes)', 'rate(5 minute)', 'rate(1.5 hours)', 'rate(10 seconds)'])(
    '%s is refused',
    (expression) => {
      expect(() => compileSchedule(expression)).toThrow(expression);
    },
  );
});

describe('a cron expression', () => {
  test.each([
    ['cron(0 10 * * ? *)', '2026-11-26T10:00:00.000Z'],
    ['cron(0 18 ? * MON-FRI *)', '2026-11-25T18:00:00.000Z'],
    ['cron(0 8 1 * ? *)', '2026-12-01T08:00:00.000Z'],
    ['cron(0/20 * * * ? *)', '2026-11-25T17:40:00.000Z'],
    ['cron(5,50 1-3 ? jan sun *)', '2027-01-03T01:05:00.000Z'],
    ['cron(0 9 ? * 2#1 *)', '2026-12-07T09:00:00.000Z'],
    ['cron(0 9 ? * MON#1 *)', '2026-12-07T09:00:00.000Z'],
    ['cron(0 0 L * ? *)', '2026-11-30T00:00:00.000Z'],
    ['cron(0 0 ? * 6L *)', '2026-11-27T00:00:00.000Z'],
    ['cron(0 0 ? * L *)', '2026-11-28T00:00:00.000Z'],
    ['cron(0 0 15W 8 ? *)', '2027-08-16T00:00:00.000Z'],
    ['cron(0 0 29 2 ? *)', '2028-02-29T00:00:00.000Z'],
    ['cron(0 0 1 1 ? 2030/5)', '2030-01-01T00:00:00.000Z'],
  ])('%s is due next at %s', (expression, at) => {
    expect(next(expression)).toBe(at);
  });

  test('that lies in the past or on no day is never due', () => {
    expect(next('cron(0 0 1 1 ? 2020)')).toBeUndefined();
    expect(next('cron(0 0 30 2 ? *)')).toBeUndefined();
  });

  test.each([
    ['cron(0 0 * * ?)', '6 fields'],
    ['cron(0 0 * * * *)', 'one of day-of-month and day-of-week is ?'],
    ['cron(0 0 ? * ? *)', 'one of day-of-month and day-of-week is ?'],
    ['cron(60 0 * * ? *)', "'60' is no value of minutes"],
    ['cron(? 0 * * ? *)', "'?' is no value of minutes"],
    ['cron(0 24 * * ? *)', "'24' is no value of hours"],
    ['cron(0 0 ? * 0 *)', "'0' is no value of day-of-week, which has 1 to 7"],
    ['cron(0 0 ? * MON#6 *)', "'MON#6' is no value of day-of-week"],
    ['cron(0 0 32W * ? *)', "'32W' is no value of day-of-month"],
    ['cron(*/0 * * * ? *)', "'*/0' is no value of minutes"],
    ['cron(0 0 * 1/13 ? *)', "'1/13' is no value of month"],
    ['cron(0 0 ? * 2/2 *)', "'2/2' is no value of day-of-week"],
    ['cron(0 5-3 * * ? *)', 'ends before it begins'],
    ['cron(0 0 * * ? 2200)', "'2200' is no value of year"],
    ['at(2026-01-01T00:00:00)', 'write rate(5 minutes) or cron'],
    ['0 0 * * ? *', 'write rate(5 minutes) or cron'],
  ])('%s is refused', (expression, reason) => {
    expect(() => compileSchedule(expression)).toThrow(AwsError);
    expect(() => compileSchedule(expression)).toThrow(reason);
  });
});

/** A field as text, and whether a number matches it. */
interface Generated {
  readonly text: string;
  readonly has: (value: number) => boolean;
}

function field(least: number, most: number, steps = true): fc.Arbitrary<Generated> {
  const number = fc.integer({ min: least, max: most });
  const any = fc.constant<Generated>({ text: '*', has: () => true });
  const list = fc.uniqueArray(number, { minLength: 1, maxLength: 3 }).map((values) => ({
    text: values.join(),
    has: (value: number) => values.includes(value),
  }));
  const range = fc.tuple(number, number).map((bounds) => {
    const [from = 0, to = 0] = bounds.toSorted((a, b) => a - b);
    return { text: `${from}-${to}`, has: (value: number) => value >= from && value <= to };
  });
  const step = fc.tuple(number, fc.integer({ min: 1, max: 12 })).map(([from, by]) => ({
    text: `${from}/${by}`,
    has: (value: number) => value >= from && (value - from) % by === 0,
  }));
  return steps ? fc.oneof(any, list, range, step) : fc.oneof(any, list, range);
}

test('the next time is after now and matches its fields', () => {
  const days = fc.oneof(
    fc.record({ month: field(1, 28), week: fc.constant(undefined) }),
    fc.record({ month: fc.constant(undefined), week: field(1, 7, false) }),
  );
  const at = fc.date({
    min: new Date('2020-01-01T00:00:00Z'),
    max: new Date('2060-01-01T00:00:00Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(field(0, 59), field(0, 23), days, field(1, 12), at, (minute, hour, day, month, date) => {
      const fields = [minute, hour, day.month, month, day.week].map((one) => one?.text ?? '?');

      const found = compileSchedule(`cron(${fields.join(' ')} *)`)(date.getTime(), 0) ?? 0;

      const time = new Date(found);
      expect(found).toBeGreaterThan(date.getTime());
      expect(found % 60_000).toBe(0);
      expect(minute.has(time.getUTCMinutes())).toBe(true);
      expect(hour.has(time.getUTCHours())).toBe(true);
      expect(month.has(time.getUTCMonth() + 1)).toBe(true);
      expect((day.month ?? { has: () => true }).has(time.getUTCDate())).toBe(true);
      expect((day.week ?? { has: () => true }).has(time.getUTCDay() + 1)).toBe(true);
    }),
  );
});

test('the next time of a rate is after now, within its interval and on its beat', () => {
  const instant = fc.integer({ min: 0, max: 4_000_000_000_000 });
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 1000 }), instant, instant, (count, since, after) => {
      const found = compileSchedule(`rate(${count} minutes)`)(after, since) ?? 0;

      expect(found).toBeGreaterThan(after);
      expect(found).toBeLessThanOrEqual(Math.max(after, since) + count * 60_000);
      expect((found - since) % (count * 60_000)).toBe(0);
    }),
  );
});
