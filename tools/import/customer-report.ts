import type { ConsentCounts } from './consents.ts';
import { countLines } from './report.ts';

/** What an import of customers did. */
export interface CustomerSummary {
  readonly rows: { read: number; taken: number; refused: number };
  /** Refused rows by reason. */
  readonly refusedBecause: Record<string, number>;
  /** `found` were there already, just as the file says or to be kept. */
  readonly customers: { created: number; updated: number; found: number };
  /** Statements that were asked for; null when none were. */
  consents: ConsentCounts | null;
  /** Names that are no country, and in how many rows; the address was left without. */
  readonly unknownCountries: Record<string, number>;
  /** Where the refused rows are; null when there are none. */
  rejectedFile: string | null;
  seconds: number;
  peakMemoryMb: number;
}

export function emptyCustomerSummary(): CustomerSummary {
  return {
    rows: { read: 0, taken: 0, refused: 0 },
    refusedBecause: {},
    customers: { created: 0, updated: 0, found: 0 },
    consents: null,
    unknownCountries: {},
    rejectedFile: null,
    seconds: 0,
    peakMemoryMb: 0,
  };
}

/** The summary for people. */
export function customersToText(summary: CustomerSummary): string {
  const { rows, customers } = summary;
  const n = (count: number) => count.toLocaleString('en');
  const counted = (counts: Record<string, number>) =>
    Object.entries(counts).map(([name, count]) => `  ${name}: ${n(count)}`);
  const unknown = counted(summary.unknownCountries);
  return [
    `Rows       ${n(rows.read)} read, ${n(rows.taken)} taken, ${n(rows.refused)} refused`,
    ...counted(summary.refusedBecause),
    `Customers  ${n(customers.created)} created, ${n(customers.updated)} updated, ${n(customers.found)} there already`,
    ...countLines('Consents', summary.consents),
    ...(unknown.length > 0 ? ['Not a country, so left out', ...unknown] : []),
    ...(summary.rejectedFile ? [`Refused rows are in ${summary.rejectedFile}`] : []),
    `${summary.seconds.toFixed(1)} s, ${n(summary.peakMemoryMb)} MB at most`,
  ].join('\n');
}
