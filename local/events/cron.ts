import { Cron } from 'croner';

/** One of the six fields: its numbers, their names, and what it may hold beside `*`, values, ranges, lists and steps. */
interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** Names of the values from `least` on. */
  readonly names?: readonly string[];
  readonly steps: boolean;
  /** Further forms of one item; `given` is the item, the answer is how croner writes it. */
  readonly special?: (given: string) => string | undefined;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const FIELDS: readonly Field[] = [
  { name: 'minutes', least: 0, most: 59, steps: true },
  { name: 'hours', least: 0, most: 23, steps: true },
  { name: 'day-of-month', least: 1, most: 31, steps: true, special: dayOfMonth },
  { name: 'month', least: 1, most: 12, names: MONTHS, steps: true },
  { name: 'day-of-week', least: 1, most: 7, names: DAYS, steps: false, special: dayOfWeek },
  { name: 'year', least: 1970, most: 2199, steps: true },
];

function dayOfMonth(given: string): string | undefined {
  if (given === 'L') return given;
  return /^([1-9]|[12]\d|3[01])W$/.test(given) ? given : undefined;
}

/** `L` is the last day of the week, `6L` the last Friday of the month, `6#2` its second one. */
function dayOfWeek(given: string): string | undefined {
  if (given === 'L') return '7';
  const [, day = '', last, nth] = /^([1-7]|[A-Z]{3})(?:(L)|#([1-5]))$/.exec(given) ?? [];
  const number = DAYS.includes(day) ? DAYS.indexOf(day) + 1 : Number(day);
  if (!(number > 0)) return undefined;
  return `${number}#${last ?? nth}`;
}

function numberOf(text: string, field: Field): number {
  const named = field.names?.indexOf(text) ?? -1;
  const value = named >= 0 ? named + field.least : /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= field.least && value <= field.most) return value;
  throw new Error(`'${text}' is no value of ${field.name}, which has ${field.least} to ${field.most}`);
}

function isStep(text: string, field: Field): boolean {
  return field.steps && /^[1-9]\d{0,3}$/.test(text) && Number(text) <= field.most;
}

function itemOf(item: string, field: Field): string {
  const special = field.special?.(item);
  if (special !== undefined) return special;
  const [range = '', step, ...more] = item.split('/');
  if (more.length > 0 || (step !== undefined && !isStep(step, field))) {
    throw new Error(`'${item}' is no value of ${field.name}`);
  }
  if (range === '*') return step === undefined ? '*' : `*/${step}`;
  const [from = '', to, ...rest] = range.split('-');
  if (rest.length > 0) throw new Error(`'${item}' is no value of ${field.name}`);
  const first = numberOf(from, field);
  if (to === undefined) return step === undefined ? `${first}` : `${first}-${field.most}/${step}`;
  const last = numberOf(to, field);
  if (last < first) throw new Error(`'${range}' of ${field.name} ends before it begins`);
  return step === undefined ? `${first}-${last}` : `${first}-${last}/${step}`;
}

/**
 * Compiles the inside of `cron(…)`: minutes, hours, day of month, month, day of week and year, in a time zone. The answer
 * gives the first time after another, both in milliseconds since 1970, or undefined when there is none any more.
 *
 * @throws Error with the field and the value that it cannot have
 */
export function compileCron(text: string, timezone = 'UTC'): (after: number) => number | undefined {
  const given = text.trim().toUpperCase().split(/\s+/);
  if (given.length !== 6) throw new Error(`cron has 6 fields, this one has ${given.length}`);
  if ((given[2] === '?') === (given[4] === '?')) {
    throw new Error('one of day-of-month and day-of-week is ?, the other one is not');
  }
  const fields = FIELDS.map((field, index) => {
    const value = given[index] ?? '';
    if (value === '?' && field.special) return '*';
    return value
      .split(',')
      .map((item) => itemOf(item, field))
      .join(',');
  });
  const cron = new Cron(`0 ${fields.join(' ')}`, {
    paused: true,
    timezone,
    mode: '7-part',
    alternativeWeekdays: true,
  });
  return (after) => cron.nextRun(new Date(after))?.getTime();
}
