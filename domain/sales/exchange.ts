import Big from 'big.js';
import { Refusal } from '../errors.ts';
import { type Money, round } from '../money.ts';

/** The currency in which a tenant keeps sums over all currencies. */
export interface Reporting {
  /** ISO 4217. */
  readonly reporting: string;
  /** What a unit of another currency is worth in it: decimals. */
  readonly rates: Readonly<Record<string, string>>;
}

/**
 * The rate of an order's currency in the reporting currency: the one that was sent with it, else the tenant's.
 *
 * @throws Refusal `ORDER.RATE_UNKNOWN`; `INPUT.INVALID` for another rate than 1 of the reporting currency itself.
 */
export function rateOf(currency: string, sent: string | null | undefined, tenant: Reporting): string {
  const { reporting, rates } = tenant;
  if (currency === reporting) {
    if (!sent || new Big(sent).eq(1)) return '1';
    throw new Refusal(
      'INPUT.INVALID',
      `exchangeRate: ${sent} cannot be the rate of ${currency}, in which the firm reports: leave it out`,
      { field: 'exchangeRate', value: sent },
    );
  }
  const rate = sent ?? (Object.hasOwn(rates, currency) ? rates[currency] : undefined);
  if (rate) return rate;
  throw new Refusal(
    'ORDER.RATE_UNKNOWN',
    `The firm has no rate of ${currency} in ${reporting}: send exchangeRate with the order, or add the rate to the tenant's file`,
    { field: 'exchangeRate', value: currency },
  );
}

/** An amount in another currency at a rate, rounded once, half up. */
export function exchange({ amount }: Money, rate: string, currency: string): Money {
  return { amount: round(new Big(amount).times(rate), currency), currency };
}
