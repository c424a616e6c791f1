import { Settings } from 'luxon';
import { afterEach, describe, expect, it } from 'vitest';
import { daysToShift, isBefore, readTime, shift, toUtc } from './times.ts';

const london = 'Europe/London';
const local = (text: string) => ({ local: text, offset: '' });

afterEach(() => {
  Settings.now = () => Date.now();
});

describe('readTime', () => {
  it.each([
    ['2011-02-01 11:19:00', '2011-02-01T11:19:00', ''],
    ['2011-02-01T11:19', '2011-02-01T11:19:00', ''],
    ['2011-02-01', '2011-02-01T00:00:00', ''],
    ['2011-02-01 11:19:00.750', '2011-02-01T11:19:00', ''],
    ['2011-02-01T11:19:00Z', '2011-02-01T11:19:00', 'Z'],
    ['2012-02-29T11:19:00+05:30', '2012-02-29T11:19:00', '+05:30'],
  ])('reads %s', (text, expected, offset) => {
    expect(readTime(text)).toEqual({ local: expected, offset });
  });

  it.each([
    '',
    'yesterday',
    '01/02/2011 11:19',
    '2011-02-30 10:00',
    '2011-02-01 24:30',
    '2011-13-01',
    '2011-02-01 1:19',
  ])('does not take %j for a time', (text) => {
    expect(readTime(text)).toBeUndefined();
  });
});

describe('toUtc', () => {
  it('takes a local time in the zone of the file, in winter and in summer', () => {
    expect(toUtc(local('2011-02-01T11:19:00'), london)).toBe('2011-02-01T11:19:00.000Z');
    expect(toUtc(local('2011-07-01T11:19:00'), london)).toBe('2011-07-01T10:19:00.000Z');
  });

  it('takes an offset at its word, whatever the zone', () => {
    expect(toUtc({ local: '2011-07-01T11:19:00', offset: '+05:30' }, london)).toBe(
      '2011-07-01T05:49:00.000Z',
    );
  });

  it.each(['2026-01-15', '2026-07-15'])('is the same on %s where the clocks change', (today) => {
    Settings.now = () => Date.parse(today);
    expect(toUtc(local('2011-03-27T01:30:00'), london), 'skipped').toBe('2011-03-27T01:30:00.000Z');
    expect(toUtc(local('2011-10-30T01:30:00'), london), 'comes twice').toBe('2011-10-30T00:30:00.000Z');
  });
});

describe('shifting', () => {
  it('moves the latest day to the wanted one and keeps the time of day', () => {
    const latest = local('2011-12-09T12:50:00');
    const days = daysToShift(latest, '2026-11-22');
    expect(days).toBe(5462);
    expect(shift(latest, days)).toEqual(local('2026-11-22T12:50:00'));
    expect(shift(local('2010-12-01T08:26:00'), days)).toEqual(local('2025-11-14T08:26:00'));
  });

  it('moves back too, and not at all by no days', () => {
    expect(shift(local('2012-03-01T00:00:00'), -1)).toEqual(local('2012-02-29T00:00:00'));
    expect(shift(local('2012-03-01T00:00:00'), 0)).toEqual(local('2012-03-01T00:00:00'));
  });
});

describe('isBefore', () => {
  it('compares times of one kind as they stand, and of different kinds as instants', () => {
    expect(isBefore(local('2011-07-01T11:19:00'), local('2011-07-01T11:20:00'), london)).toBe(true);
    expect(isBefore(local('2011-07-01T11:19:00'), local('2011-07-01T11:19:00'), london)).toBe(false);
    expect(
      isBefore(local('2011-07-01T11:19:00'), { local: '2011-07-01T10:30:00', offset: 'Z' }, london),
    ).toBe(true);
  });
});
