import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { DateTime } from 'luxon';

/** What a customer did, straight from the file: nothing here is shared with the import or the domain. */
export interface Truth {
  /** When each sale was placed, in ms. */
  readonly sales: number[];
  /** Sales less returns, each invoice rounded to pennies. */
  pennies: bigint;
  returns: number;
}

/**
 * Adds the file up by customer.
 *
 * @param today the local day, as `2026-01-31`, to which the latest invoice is moved.
 */
export function addUp(file: string, today: string, zone: string): Map<string, Truth> {
  const bytes = gunzipSync(readFileSync(file));
  const rows = (parse(bytes, { columns: true }) as Record<string, string>[]).filter((row) => row.CustomerID);
  const invoices = new Map<string, { customer: string; placed: string; tenThousandths: bigint }>();
  for (const row of rows) {
    const { InvoiceNo = '', CustomerID = '', InvoiceDate = '', Quantity = '', UnitPrice = '' } = row;
    const invoice = invoices.get(InvoiceNo) ?? {
      customer: CustomerID,
      placed: InvoiceDate,
      tenThousandths: 0n,
    };
    if (InvoiceDate < invoice.placed) invoice.placed = InvoiceDate;
    invoice.tenThousandths += BigInt(Quantity) * BigInt(Math.round(Number(UnitPrice) * 10_000));
    invoices.set(InvoiceNo, invoice);
  }

  const days = [...invoices.values()].map(({ placed }) => placed.slice(0, 10));
  const latest = days.sort().at(-1) ?? '';
  const shift = DateTime.fromISO(today).diff(DateTime.fromISO(latest), 'days').days;

  const truths = new Map<string, Truth>();
  for (const [number, { customer, placed, tenThousandths }] of invoices) {
    const id = String(Number(customer));
    const truth = truths.get(id) ?? { sales: [], pennies: 0n, returns: 0 };
    truths.set(id, truth);
    truth.pennies += roundHalfAwayFromZero(tenThousandths);
    if (number.startsWith('C')) truth.returns++;
    else
      truth.sales.push(
        DateTime.fromSQL(placed, { zone: 'utc' })
          .plus({ days: Math.round(shift) })
          .setZone(zone, { keepLocalTime: true })
          .toMillis(),
      );
  }
  return truths;
}

function roundHalfAwayFromZero(tenThousandths: bigint): bigint {
  return tenThousandths < 0n ? -((-tenThousandths + 50n) / 100n) : (tenThousandths + 50n) / 100n;
}

/** Σ p · 2^(−age/H) over all sales; a moment before the latest sale counts as that of the sale. */
export function engagementAt(
  now: number,
  sales: readonly number[],
  points: number,
  halfLifeDays: number,
): number {
  const at = Math.max(now, ...sales);
  return sales.reduce((sum, placed) => sum + points * 2 ** (-(at - placed) / (halfLifeDays * 86_400_000)), 0);
}

/** `-123456` pennies as `-1234.56`. */
export function toAmount(pennies: bigint): string {
  const digits = String(pennies < 0n ? -pennies : pennies).padStart(3, '0');
  return `${pennies < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
