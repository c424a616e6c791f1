import Big from 'big.js';

/** An amount in a currency, exact: a decimal string with the currency's own number of decimals. */
export interface Money {
  readonly amount: string;
  readonly currency: string;
}

/** The currencies of ISO 4217 as the runtime knows them. */
export const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

const decimalsOf = new Map<string, number>();

/** How many decimals amounts of a currency have: 2 for GBP, 0 for JPY, 3 for KWD. */
export function minorDigits(currency: string): number {
  const known = decimalsOf.get(currency);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  decimalsOf.set(currency, digits);
  return digits;
}

/** Rounds an exact amount to the currency's decimals, half up: away from zero at the middle. */
export function round(amount: Big, currency: string): string {
  return amount.toFixed(minorDigits(currency), Big.roundHalfUp);
}

/** The sum of decimal amounts of one currency, exact. */
export function add(currency: string, ...amounts: readonly string[]): string {
  return amounts.reduce((sum, amount) => sum.plus(amount), new Big(0)).toFixed(minorDigits(currency));
}

/** `a` less `b`, exact. */
export function subtract(currency: string, a: string, b: string): string {
  return new Big(a).minus(b).toFixed(minorDigits(currency));
}
