import * as v from 'valibot';
import { currencies } from './money.ts';

/** A currency by its code of ISO 4217. */
export const currencyCode = v.pipe(
  v.string(),
  v.check(
    (code) => currencies.has(code),
    (issue) => `${JSON.stringify(issue.input)} is no currency of ISO 4217: write it as GBP`,
  ),
);

/**
 * A decimal of up to 15 digits and 10 decimals, as text.
 *
 * @param what it is, as the refusal calls it: `a price`
 */
export const decimal = (what: string) =>
  v.pipe(
    v.string(),
    v.regex(
      /^-?\d{1,15}(\.\d{1,10})?$/,
      (issue) => `${issue.received} is not ${what}: write a decimal such as 2.55`,
    ),
  );
