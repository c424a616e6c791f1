/** What the files of tenants and partners are made of: schemas whose messages say what is allowed. */

import * as v from 'valibot';
import { oneOf } from './file-faults.ts';

export const text = (allowed: string, pattern: RegExp) =>
  v.pipe(v.string(allowed), v.regex(pattern, allowed));

export const number = (allowed: string, min: number, max: number) =>
  v.pipe(v.number(allowed), v.minValue(min, allowed), v.maxValue(max, allowed));

export const option = <const T extends readonly (string | number)[]>(options: T) =>
  v.picklist(options, (issue) => oneOf(issue.input, options));

export const words = (max: number) => {
  const allowed = `a text of 1 to ${max} characters`;
  return v.pipe(v.string(allowed), v.minLength(1, allowed), v.maxLength(max, allowed));
};

/** A text that stands in a line: the name of a firm, a title. */
export const line = (max: number) => {
  const allowed = `a line of 1 to ${max} characters`;
  return v.pipe(words(max), v.regex(/^\S(?:\P{Cc}*\S)?$/u, allowed));
};

export const name = text(
  'a name of a-z, 0-9 and -, up to 40 characters, starting with a letter',
  /^[a-z][a-z0-9-]{0,39}$/,
);

export const account = text('an AWS account id: 12 digits in quotes', /^\d{12}$/);

export const email = v.pipe(v.string('an e-mail address'), v.email('an e-mail address'));

export const language = v.pipe(
  v.string('a language tag such as "en"'),
  v.check(isLanguage, 'a language tag such as "en" or "it-CH"'),
);

export const timeZone = v.pipe(
  v.string('a time zone'),
  v.check(isTimeZone, 'a time zone of the IANA database such as "Europe/Rome"'),
);

export const currencyCode = v.pipe(
  v.string('a currency of ISO 4217 such as "GBP"'),
  v.check(
    (code) => Intl.supportedValuesOf('currency').includes(code),
    'a currency of ISO 4217 such as "GBP"',
  ),
);

function isTimeZone(zone: string): boolean {
  // Intl takes offsets such as "+01:00" as well, which know no summer time.
  if (!/^[a-z]/i.test(zone)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag)[0] === tag;
  } catch {
    return false;
  }
}
