import { DateTime } from 'luxon';

/** `util.time` of APPSYNC_JS: https://docs.aws.amazon.com/appsync/latest/devguide/time-helpers-in-util-time-js.html */
export const time = {
  nowISO8601: () => new Date().toISOString(),
  nowEpochSeconds: () => Math.floor(Date.now() / 1000),
  nowEpochMilliSeconds: () => Date.now(),
  nowFormatted: (format: string, zone = 'UTC') => formatted(Date.now(), format, zone),
  parseFormattedToEpochMilliSeconds: (text: string, format: string, zone = 'UTC') =>
    DateTime.fromFormat(text, format, { zone }).toMillis(),
  parseISO8601ToEpochMilliSeconds: (text: string) => DateTime.fromISO(text, { zone: 'UTC' }).toMillis(),
  epochMilliSecondsToSeconds: (milliseconds: number) => Math.floor(milliseconds / 1000),
  epochMilliSecondsToISO8601: (milliseconds: number) => new Date(milliseconds).toISOString(),
  epochMilliSecondsToFormatted: (milliseconds: number, format: string, zone = 'UTC') =>
    formatted(milliseconds, format, zone),
};

function formatted(milliseconds: number, format: string, zone: string): string {
  return DateTime.fromMillis(milliseconds, { zone }).toFormat(format);
}
