import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { now, refusalOf } from '../test/support/domain.ts';
import { checkInput, instant, text } from './input.ts';

const checkTime = (time: unknown) => checkInput(instant(now), time);

describe('instant', () => {
  test.each([
    ['2026-01-31T09:30:00Z', '2026-01-31T09:30:00.000Z'],
    ['2026-01-31T09:30Z', '2026-01-31T09:30:00.000Z'],
    ['2026-01-31T09:30:00.1234567+01:00', '2026-01-31T08:30:00.123Z'],
    ['2026-01-31T23:30:00-05:30', '2026-02-01T05:00:00.000Z'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  ])('takes %s as %s', (given, canonical) => {
    expect(checkTime(given)).toBe(canonical);
  });

  test('takes a time a day ahead, and not a moment more', () => {
    expect(checkTime('2026-11-23T12:00:00Z')).toBe('2026-11-23T12:00:00.000Z');
    expect(refusalOf(() => checkTime('2026-11-23T12:00:00.001Z')).message).toContain('more than a day ahead');
  });

  test('refuses a time before 1970', () => {
    const refusal = refusalOf(() => checkTime('1969-12-31T23:59:59.999Z'));

    expect(refusal.message).toContain('1969-12-31T23:59:59.999Z is before 1970');
  });

  test.each(['yesterday', '2026', '2026-01-31', '2026-01-31T09:30:00', 'Jan 31 2026 09:30 UTC', ''])(
    'refuses %j, which is no instant, and shows how to write one',
    (given) => {
      const refusal = refusalOf(() => checkTime(given));

      expect(refusal).toMatchObject({ code: 'INPUT.INVALID', info: { value: given } });
      expect(refusal.message).toContain(JSON.stringify(given));
      expect(refusal.message).toContain('2026-01-31T09:30:00Z');
    },
  );

  test.each(['2026-02-30T00:00:00Z', '2025-02-29T00:00:00Z', '2026-04-31T12:00:00+01:00'])(
    'refuses %s, a day that the calendar does not have',
    (given) => {
      expect(refusalOf(() => checkTime(given)).message).toContain(JSON.stringify(given));
    },
  );
});

describe('text', () => {
  const check = (value: unknown) => checkInput(text(5), value);

  test('drops surrounding blanks', () => {
    expect(check('  ab ')).toBe('ab');
  });

  test('takes the most characters and refuses one more', () => {
    expect(check('abcde')).toBe('abcde');
    expect(refusalOf(() => check('abcdef')).message).toContain('has 6 characters; at most 5');
  });

  test('refuses what is empty or blank', () => {
    expect(refusalOf(() => check('')).message).toContain('must not be empty');
    expect(refusalOf(() => check('   ')).message).toContain('must not be empty');
  });

  test('refuses half a character, which no key can hold', () => {
    expect(refusalOf(() => check('a\uD83D')).code).toBe('INPUT.INVALID');
    expect(check('a\u{1F600}')).toBe('a\u{1F600}');
  });
});

describe('checkInput', () => {
  const schema = v.object({ rows: v.array(v.object({ name: text(5) })) });

  test('names the path of the wrong field and its value', () => {
    const refusal = refusalOf(() => checkInput(schema, { rows: [{ name: 'a' }, { name: 'abcdef' }] }));

    expect(refusal).toEqual({
      code: 'INPUT.INVALID',
      message: 'rows.1.name: has 6 characters; at most 5 are taken',
      info: { field: 'rows.1.name', value: 'abcdef' },
    });
  });

  test('drops fields that the schema does not know', () => {
    expect(checkInput(schema, { rows: [], more: 1 })).toEqual({ rows: [] });
  });

  test('shortens a long value and keeps no object', () => {
    const long = refusalOf(() => checkInput(schema, { rows: [{ name: 'x'.repeat(300) }] }));
    const wrong = refusalOf(() => checkInput(schema, { rows: [{ name: { secret: 1 } }] }));

    expect(long.info.value).toBe(`${'x'.repeat(200)}…`);
    expect(wrong.info).toEqual({ field: 'rows.0.name', value: undefined });
  });
});
