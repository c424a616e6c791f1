import type { Columns } from './columns.ts';
import type { CsvRow } from './csv.ts';
import { isRefusal, type Line, type Refusal, readRow } from './rows.ts';
import { type FileTime, isBefore } from './times.ts';

/** What the first reading keeps of an invoice. */
export interface InvoiceFacts {
  /** Of its first line. */
  readonly customer: string;
  /** Of its earliest line. */
  placedAt: FileTime;
  /** The line in the file after which the invoice is complete. */
  lastLine: number;
}

/** What the first reading keeps of a customer. */
export interface CustomerFacts {
  readonly id: string;
  /** Each the first that a row gives, or ''. */
  country: string;
  name: string;
  email: string;
  /** Countries that later rows give instead. */
  readonly otherCountries: Set<string>;
  /** The time of the earliest invoice. */
  since: FileTime;
}

/** What must be known of the whole file before anything is sent. */
export interface Survey {
  readonly invoices: ReadonlyMap<string, InvoiceFacts>;
  readonly customers: ReadonlyMap<string, CustomerFacts>;
  /** What the file first calls each product, by code; empty unless it is asked for. */
  readonly products: ReadonlyMap<string, string>;
  /** The time of the latest invoice; undefined when no row can be taken. */
  readonly latest: FileTime | undefined;
}

/** The first reading: where each invoice ends, when it was, whose it is, and who the customers are. */
export async function survey(
  rows: AsyncIterable<CsvRow>,
  columns: Columns,
  timezone: string,
  isProduct: (code: string) => boolean = () => false,
): Promise<Survey> {
  const invoices = new Map<string, InvoiceFacts>();
  const customers = new Map<string, CustomerFacts>();
  const products = new Map<string, string>();
  for await (const row of rows) {
    const line = readRow(row, columns);
    if (isRefusal(line) || isOfAnother(line, invoices.get(line.invoice))) continue;
    noteInvoice(invoices, line, row.line, timezone);
    noteCustomer(customers, line, timezone);
    if (isProduct(line.code)) products.set(line.code, products.get(line.code) || line.description);
  }
  let latest: FileTime | undefined;
  for (const { placedAt } of invoices.values()) {
    if (latest === undefined || isBefore(latest, placedAt, timezone)) latest = placedAt;
  }
  return { invoices, customers, products, latest };
}

function isOfAnother(line: Line, invoice: InvoiceFacts | undefined): boolean {
  return invoice !== undefined && invoice.customer !== line.customer;
}

function noteInvoice(
  invoices: Map<string, InvoiceFacts>,
  line: Line,
  lastLine: number,
  timezone: string,
): void {
  const known = invoices.get(line.invoice);
  if (known === undefined) {
    invoices.set(line.invoice, { customer: line.customer, placedAt: line.placedAt, lastLine });
    return;
  }
  known.lastLine = lastLine;
  if (isBefore(line.placedAt, known.placedAt, timezone)) known.placedAt = line.placedAt;
}

function noteCustomer(customers: Map<string, CustomerFacts>, line: Line, timezone: string): void {
  const { customer: id, country, name, email, placedAt: since } = line;
  const known = customers.get(id);
  if (known === undefined) {
    customers.set(id, { id, country, name, email, otherCountries: new Set(), since });
    return;
  }
  known.name ||= name;
  known.email ||= email;
  known.country ||= country;
  if (isBefore(since, known.since, timezone)) known.since = since;
  if (country && country !== known.country) known.otherCountries.add(country);
}

/** An invoice with all its lines, and the rows they came from. */
export interface Invoice extends InvoiceFacts {
  readonly number: string;
  readonly lines: readonly Line[];
  readonly rows: readonly CsvRow[];
}

/**
 * The second reading: gathers lines, which need not stand together, and gives each invoice when its last line has come.
 *
 * @param onRefused is told of each row that is not taken.
 */
export async function* gather(
  rows: AsyncIterable<CsvRow>,
  columns: Columns,
  { invoices }: Survey,
  onRefused: (row: CsvRow, refusal: Refusal) => Promise<void>,
): AsyncGenerator<Invoice> {
  const open = new Map<string, { lines: Line[]; rows: CsvRow[] }>();
  for await (const row of rows) {
    const line = readRow(row, columns);
    if (isRefusal(line)) {
      await onRefused(row, line);
      continue;
    }
    const facts = invoices.get(line.invoice);
    if (facts === undefined) throw new Error(`line ${row.line} has changed since the file was first read`);
    if (isOfAnother(line, facts)) {
      const detail = `invoice ${line.invoice} is customer ${facts.customer}'s, this row names ${line.customer}`;
      await onRefused(row, { reason: "another customer's invoice", detail });
      continue;
    }
    const gathered = open.get(line.invoice) ?? { lines: [], rows: [] };
    gathered.lines.push(line);
    gathered.rows.push(row);
    if (row.line < facts.lastLine) {
      open.set(line.invoice, gathered);
      continue;
    }
    open.delete(line.invoice);
    yield { number: line.invoice, ...facts, ...gathered };
  }
}
