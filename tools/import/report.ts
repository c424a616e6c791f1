import Big from 'big.js';
import type { ConsentCounts } from './consents.ts';
import { countryCode } from './countries.ts';
import type { CustomerOutcome } from './customers.ts';
import type { CustomerFacts } from './invoices.ts';
import type { OrderResult } from './orders.ts';
import type { ProductCounts } from './products.ts';

/** What an import did. */
export interface Summary {
  readonly lines: { read: number; taken: number; refused: number };
  /** Refused lines by reason. */
  readonly refusedBecause: Record<string, number>;
  readonly customers: { created: number; found: number; refused: number };
  /** `returns` counts those among created and found. */
  readonly invoices: { created: number; found: number; refused: number; returns: number };
  /** What the created and found invoices come to, as the API says. */
  totals: { amount: string; currency: string }[];
  /** Rows that give a customer another country than the first; the first was kept. */
  readonly otherCountries: { customer: string; first: string; other: string }[];
  /** Names that are no country, and of how many customers; their address was left empty. */
  readonly unknownCountries: Record<string, number>;
  /** Statements that were asked for; null when none were. */
  consents: ConsentCounts | null;
  /** Products that were asked for; null when none were. */
  products: ProductCounts | null;
  /** By how many days all dates were moved. */
  shiftedDays: number;
  /** Where the refused lines are; null when there are none. */
  rejectedFile: string | null;
  seconds: number;
  peakMemoryMb: number;
}

export function emptySummary(): Summary {
  return {
    lines: { read: 0, taken: 0, refused: 0 },
    refusedBecause: {},
    customers: { created: 0, found: 0, refused: 0 },
    invoices: { created: 0, found: 0, refused: 0, returns: 0 },
    totals: [],
    otherCountries: [],
    unknownCountries: {},
    consents: null,
    products: null,
    shiftedDays: 0,
    rejectedFile: null,
    seconds: 0,
    peakMemoryMb: 0,
  };
}

/** Counts lines that were refused for a reason. */
export function countRefused(summary: Summary, reason: string): void {
  summary.lines.refused++;
  summary.refusedBecause[reason] = (summary.refusedBecause[reason] ?? 0) + 1;
}

/** Counts an order that is in the CRM now. */
export function countOrder(summary: Summary, { created, order }: OrderResult, lines: number): void {
  if (!order) return;
  summary.lines.taken += lines;
  summary.invoices[created ? 'created' : 'found']++;
  if (order.kind === 'RETURN') summary.invoices.returns++;
  const { amount, currency } = order.total;
  const sum = summary.totals.find((total) => total.currency === currency);
  if (sum)
    sum.amount = new Big(sum.amount).plus(amount).toFixed(Math.max(decimals(sum.amount), decimals(amount)));
  else summary.totals.push({ amount, currency });
}

const decimals = (amount: string) => amount.split('.')[1]?.length ?? 0;

/** Counts the customers, and notes which countries they did not get. */
export function countCustomers(
  summary: Summary,
  customers: Iterable<CustomerFacts>,
  outcomes: ReadonlyMap<string, CustomerOutcome>,
): void {
  for (const { id, country, otherCountries } of customers) {
    const outcome = outcomes.get(id);
    if (!outcome || 'refusal' in outcome) summary.customers.refused++;
    else summary.customers[outcome.created ? 'created' : 'found']++;
    for (const other of otherCountries) summary.otherCountries.push({ customer: id, first: country, other });
    if (country && !countryCode(country)) {
      summary.unknownCountries[country] = (summary.unknownCountries[country] ?? 0) + 1;
    }
  }
}

/** The summary for people. */
export function toText(summary: Summary): string {
  const { lines, customers, invoices, shiftedDays } = summary;
  const n = (count: number) => count.toLocaleString('en');
  const because = Object.entries(summary.refusedBecause).map(([reason, count]) => `  ${reason}: ${n(count)}`);
  const others = summary.otherCountries.map(
    ({ customer, first, other }) => `  ${customer}: ${first}, not ${other}`,
  );
  const unknown = Object.entries(summary.unknownCountries).map(
    ([name, count]) => `  ${name}: ${n(count)} customers`,
  );
  const total = summary.totals.map(({ amount, currency }) => `${withCommas(amount)} ${currency}`).join(', ');
  return [
    `Lines      ${n(lines.read)} read, ${n(lines.taken)} taken, ${n(lines.refused)} refused`,
    ...because,
    `Customers  ${n(customers.created)} created, ${n(customers.found)} there already, ${n(customers.refused)} refused`,
    `Invoices   ${n(invoices.created)} created, ${n(invoices.found)} there already, ${n(invoices.refused)} refused; ` +
      `${n(invoices.returns)} are returns`,
    `Total      ${total || 'nothing'}`,
    ...countLines('Consents', summary.consents),
    ...countLines('Products', summary.products),
    ...(shiftedDays === 0 ? [] : [`Dates      moved by ${n(shiftedDays)} days`]),
    ...(others.length > 0 ? ['Customers with a second country; the first was kept', ...others] : []),
    ...(unknown.length > 0 ? ['Not a country, so left out', ...unknown] : []),
    ...(summary.rejectedFile ? [`Refused lines are in ${summary.rejectedFile}`] : []),
    `${summary.seconds.toFixed(1)} s, ${n(summary.peakMemoryMb)} MB at most`,
  ].join('\n');
}

/** The lines about what was recorded beside customers and invoices. */
export function countLines(what: string, counts: ConsentCounts | ProductCounts | null): string[] {
  if (!counts) return [];
  const n = (count: number) => count.toLocaleString('en');
  return [
    `${what.padEnd(10)} ${n(counts.recorded)} recorded or there already, ${n(counts.refused)} refused`,
    ...Object.entries(counts.refusedBecause).map(([reason, count]) => `  ${reason}: ${n(count)}`),
  ];
}

function withCommas(amount: string): string {
  const [whole = '', ...rest] = amount.split('.');
  return [whole.replace(/\B(?=(\d{3})+$)/g, ','), ...rest].join('.');
}
