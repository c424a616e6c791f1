import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Api } from '../client/api.ts';
import type { ImportOptions } from './args.ts';
import { inBatches } from './batch.ts';
import { type Columns, findColumns } from './columns.ts';
import { importConsents, type Statement } from './consents.ts';
import { type CsvRow, readCsv } from './csv.ts';
import { type CustomerOutcome, importCustomers } from './customers.ts';
import { gather, type Invoice, type Survey, survey } from './invoices.ts';
import { mostInBatch, type OrderResult, type Placing, sendOrders } from './orders.ts';
import { withPool } from './pool.ts';
import { importProducts } from './products.ts';
import type { Progress } from './progress.ts';
import { openRejected, type RejectedFile } from './rejected.ts';
import { countCustomers, countOrder, countRefused, emptySummary, type Summary } from './report.ts';
import type { Refusal } from './rows.ts';
import { daysToShift, shift, toUtc } from './times.ts';
import { WrongInput } from './wrong-input.ts';

/** What an import works with. */
export interface Surroundings {
  /** Called once, after the whole file was found readable. */
  readonly connect: () => Promise<Api>;
  readonly progress: Progress;
  /** A text that no other run has. */
  readonly run: string;
  /** The day of the import, as `2026-01-31`. */
  readonly today: string;
}

/**
 * Imports a file of invoice lines. It is read twice, so that what is kept in memory is a few words an invoice and a
 * customer, and so that a malformed file is refused before anything is sent.
 *
 * @throws WrongInput before anything is sent; ApiError or SignInError on the way.
 */
export async function importOrders(options: ImportOptions, surroundings: Surroundings): Promise<Summary> {
  const { progress, connect, run, today } = surroundings;
  const { columns, header, found } = await readFirst(options, progress);
  const rejected = await openRejected(options.rejectedFile, options.file, header);
  const summary = emptySummary();
  try {
    const api = await connect();
    const customerKind = options.customerKind ?? (columns.name === undefined ? 'COMPANY' : 'PERSON');
    progress.start('customers', found.customers.size);
    const customers = await importCustomers(
      [...found.customers.values()],
      { ...options, customerKind },
      { api, run, onDone: progress.advance },
    );
    countCustomers(summary, found.customers.values(), customers);
    summary.shiftedDays = shiftDays(options, found);
    const work = { options, columns, found, customers, api, rejected, summary, progress };
    await importBesides(work, today);
    await importInvoices(work);
  } finally {
    progress.stop();
    await rejected.close();
  }
  if (summary.lines.refused > 0) summary.rejectedFile = options.rejectedFile;
  return summary;
}

async function readFirst(
  { file, columns: mapping, timezone, products, charges }: ImportOptions,
  progress: Progress,
): Promise<{ header: readonly string[]; columns: Columns; found: Survey }> {
  const size = await stat(file).then(
    ({ size }) => size,
    () => 0,
  );
  progress.start('reading', size);
  const rows = readCsv(file, progress.advance);
  try {
    const first = await rows.next();
    if (first.done) throw new WrongInput(`${file} is empty: a header and rows are needed`);
    const header = first.value.values;
    const columns = findColumns(header, mapping);
    const isProduct = (code: string) => products && !charges.has(code);
    return { header, columns, found: await survey(rows, columns, timezone, isProduct) };
  } finally {
    await rows.return(undefined);
    progress.stop();
  }
}

interface Work {
  readonly options: ImportOptions;
  readonly columns: Columns;
  readonly found: Survey;
  readonly customers: ReadonlyMap<string, CustomerOutcome>;
  readonly api: Api;
  readonly rejected: RejectedFile;
  readonly summary: Summary;
  readonly progress: Progress;
}

/** What is asked for beside customers and invoices. */
async function importBesides(work: Work, today: string): Promise<void> {
  const { options, found, customers, api, summary, progress } = work;
  const { source, file, concurrency, consents } = options;
  const sending = { api, concurrency, onDone: progress.advance };
  if (consents.length > 0) {
    progress.start('consents', customers.size * consents.length);
    const proof = `${basename(file)}, imported ${today}`;
    summary.consents = await importConsents(statements(work), { source, proof }, sending);
  }
  if (options.products) {
    progress.start('products', found.products.size);
    summary.products = await importProducts(found.products, source, sending);
  }
}

/**
 * What each customer granted, stated at the earliest invoice: that is the same whenever the file is imported, and before
 * anything the customer says later.
 */
function* statements({ options, found, customers, summary }: Work): Generator<Statement> {
  for (const { id, since } of found.customers.values()) {
    const outcome = customers.get(id);
    if (!outcome || !('customerId' in outcome)) continue;
    const statedAt = toUtc(shift(since, summary.shiftedDays), options.timezone);
    for (const grant of options.consents) yield { customerId: outcome.customerId, statedAt, ...grant };
  }
}

async function importInvoices(work: Work): Promise<void> {
  const { options, found, api, summary, progress } = work;
  progress.start('invoices', found.invoices.size);
  const batches = inBatches(placings(work), mostInBatch, ({ invoice }) => invoice.lines.length);
  await withPool(options.concurrency, async (start) => {
    for await (const batch of batches) {
      await start(async () => {
        await note(work, batch, await sendOrders(batch, { ...options, shiftDays: summary.shiftedDays }, api));
        progress.advance(batch.length);
      });
    }
  });
}

async function note(work: Work, batch: readonly Placing[], results: readonly OrderResult[]): Promise<void> {
  for (const [place, { invoice }] of batch.entries()) {
    const result = results[place];
    if (result?.order) countOrder(work.summary, result, invoice.lines.length);
    else
      await refuseInvoice(
        work,
        invoice,
        result?.error ?? { code: 'NO_ANSWER', message: 'no order came back' },
      );
  }
}

function shiftDays({ shiftDatesTo }: ImportOptions, { latest }: Survey): number {
  return shiftDatesTo === undefined || latest === undefined ? 0 : daysToShift(latest, shiftDatesTo);
}

/** The second reading: what is to be sent. What is not, is refused on the way. */
async function* placings(work: Work): AsyncGenerator<Placing> {
  const { options, columns, found, customers, summary } = work;
  const file = readCsv(options.file);
  await file.next();
  const rows = counted(file, summary);
  for await (const invoice of gather(rows, columns, found, (row, refusal) => refuseRow(work, row, refusal))) {
    const outcome = customers.get(invoice.customer);
    if (outcome && 'customerId' in outcome) yield { invoice, customerId: outcome.customerId };
    else await refuseAll(work, invoice, outcome?.refusal ?? { reason: 'no customer', detail: 'unknown' });
  }
}

async function* counted(rows: AsyncIterable<CsvRow>, summary: Summary): AsyncGenerator<CsvRow> {
  try {
    for await (const row of rows) {
      summary.lines.read++;
      yield row;
    }
  } catch (error) {
    if (!(error instanceof WrongInput)) throw error;
    throw new Error(`the file has changed since it was first read: ${error.message}`);
  }
}

async function refuseRow({ rejected, summary }: Work, row: CsvRow, refusal: Refusal): Promise<void> {
  countRefused(summary, refusal.reason);
  await rejected.add(row, refusal);
}

async function refuseInvoice(
  work: Work,
  invoice: Invoice,
  error: { code: string; message: string },
): Promise<void> {
  await refuseAll(work, invoice, {
    reason: error.code,
    detail: `invoice ${invoice.number} was refused: ${error.message}`,
  });
}

async function refuseAll(work: Work, invoice: Invoice, refusal: Refusal): Promise<void> {
  work.summary.invoices.refused++;
  for (const row of invoice.rows) await refuseRow(work, row, refusal);
}
