import Big from 'big.js';

/** An amount in a currency, exact: a decimal string with the currency's own number of decimals. */
export interface Money {
  readonly amount: string;
  readonly currency: string;
}

/** The currencies of ISO 4217 as the runtime knows them. */
export const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

// The minor units of ISO 4217 that are not 2 (https://www.six-group.com/en/products-services/financial-information/data-standards.html).
// Intl gives the decimals that shops of a country show: none for HUF, whose amounts have two.
const decimalsOf: ReadonlyMap<string, number> = new Map([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'
    .split(' ')
    .map((code) => [code, 0] as const),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3] as const),
]);

/** How many decimals amounts of a currency have: 2 for GBP, 0 for JPY, 3 for KWD. */
export function minorDigits(currency: string): number {
  return decimalsOf.get(currency) ?? 2;
}

/** Rounds an exact amount to the currency's decimals, half up: away from zero at the middle. */
export function round(amount: Big, currency: string): string {
  const digits = minorDigits(currency);
  // toFixed alone would leave the sign on what it rounds to zero.
  return amount.round(digits, Big.roundHalfUp).toFixed(digits);
}

/** The sum of decimal amounts of one currency, exact. */
export function add(currency: string, ...amounts: readonly string[]): string {
  return amounts.reduce((sum, amount) => sum.plus(amount), new Big(0)).toFixed(minorDigits(currency));
}

/** `a` less `b`, exact. */
export function subtract(currency: string, a: string, b: string): string {
  return new Big(a).minus(b).toFixed(minorDigits(currency));
}
