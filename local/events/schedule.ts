import { AwsError } from '../aws.ts';
import { compileCron } from './cron.ts';

/** The first time after `after` at which a schedule made at `since` is due; all in milliseconds since 1970. */
export type NextRun = (after: number, since: number) => number | undefined;

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Compiles `rate(…)` or `cron(…)`; times are UTC.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 *
 * @throws AwsError `ValidationException` with what is wrong about the expression
 */
export function compileSchedule(expression: string): NextRun {
  const [, kind, argument = ''] = /^(rate|cron)\(([^()]*)\)$/.exec(expression) ?? [];
  try {
    if (kind === 'rate') return compileRate(argument);
    if (kind === 'cron') return compileCron(argument);
    throw new Error('write rate(5 minutes) or cron(0 2 * * ? *)');
  } catch (error) {
    throw new AwsError(
      'ValidationException',
      `Parameter ScheduleExpression is not valid: '${expression}': ${(error as Error).message}.`,
    );
  }
}

function compileRate(argument: string): NextRun {
  const [, count = '', unit = '', plural] = /^([1-9]\d*) (minute|hour|day)(s?)$/.exec(argument) ?? [];
  if (count === '') throw new Error('a rate is a positive number with minutes, hours or days');
  if ((count === '1') === (plural === 's')) {
    throw new Error(`write '${count} ${unit}${count === '1' ? '' : 's'}'`);
  }
  const interval = Number(count) * (UNITS[unit] ?? 0);
  return (after, since) => since + (Math.floor(Math.max(after - since, 0) / interval) + 1) * interval;
}
