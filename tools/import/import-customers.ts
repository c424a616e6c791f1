import { basename } from 'node:path';
import type { Api } from '../client/api.ts';
import type { CustomerImportOptions } from './args.ts';
import { inBatches, type RowResult, sendRows } from './batch.ts';
import { importConsents, type Statement } from './consents.ts';
import { type CsvRow, readCsv } from './csv.ts';
import { type CustomerColumns, findCustomerColumns } from './customer-columns.ts';
import { differences, findKnown, type KnownCustomer, mostLookedFor } from './customer-match.ts';
import { type CustomerSummary, emptyCustomerSummary } from './customer-report.ts';
import { type CustomerRow, isRefused, readCustomerRow } from './customer-rows.ts';
import type { Surroundings } from './import-orders.ts';
import { withPool } from './pool.ts';
import { openRejected, type RejectedFile } from './rejected.ts';
import type { Refusal } from './rows.ts';
import { WrongInput } from './wrong-input.ts';

interface Work {
  readonly options: CustomerImportOptions;
  readonly api: Api;
  readonly run: string;
  readonly rejected: RejectedFile;
  readonly summary: CustomerSummary;
  readonly statements: Statement[];
}

/**
 * Imports a file of customers. Who is there already is found and brought up to date, or kept; so the same file again
 * changes nothing. The file is read twice, so that a malformed one is refused before anything is sent.
 *
 * @throws WrongInput before anything is sent; ApiError or SignInError on the way.
 */
export async function importCustomerFile(
  options: CustomerImportOptions,
  { progress, connect, run, today }: Surroundings,
): Promise<CustomerSummary> {
  const { header, columns, count } = await readFirst(options);
  const rejected = await openRejected(options.rejectedFile, options.file, header);
  const summary = emptyCustomerSummary();
  try {
    const api = await connect();
    const work: Work = { options, api, run, rejected, summary, statements: [] };
    progress.start('customers', count);
    const batches = inBatches(
      customerRows(work, columns),
      { rows: mostLookedFor, weight: mostLookedFor },
      () => 1,
    );
    await withPool(options.concurrency, async (start) => {
      for await (const batch of batches) {
        await start(async () => {
          await bring(work, batch);
          progress.advance(batch.length);
        });
      }
    });
    if (options.consents.length > 0 || columns.consents.size > 0) {
      progress.start('consents', work.statements.length);
      summary.consents = await importConsents(
        work.statements,
        { source: options.source, proof: `${basename(options.file)}, imported ${today}` },
        { api, concurrency: options.concurrency, onDone: progress.advance },
      );
    }
  } finally {
    progress.stop();
    await rejected.close();
  }
  if (summary.rows.refused > 0) summary.rejectedFile = options.rejectedFile;
  return summary;
}

async function readFirst({ file, columns: mapping, consents, statedAt }: CustomerImportOptions) {
  let count = 0;
  const rows = readCsv(file);
  const first = await rows.next();
  if (first.done) throw new WrongInput(`${file} is empty: a header and rows are needed`);
  const header = first.value.values;
  const columns = findCustomerColumns(header, mapping);
  if (consents.length > 0 && !statedAt && columns.fields.consentedAt === undefined) {
    throw new WrongInput(
      '--consent needs to know when: give --stated-at 2026-01-31, or a column consentedAt in the file',
    );
  }
  for await (const _ of rows) count++;
  return { header, columns, count };
}

/** The rows that can be taken; of two rows of one customer the first. The others are refused on the way. */
async function* customerRows(work: Work, columns: CustomerColumns): AsyncGenerator<CustomerRow> {
  const { options, summary } = work;
  const lineOf = new Map<string, number>();
  const file = readCsv(options.file);
  await file.next();
  for await (const row of file) {
    summary.rows.read++;
    const read = readCustomerRow(row, columns, options);
    if (isRefused(read)) {
      await refuse(work, row, read);
      continue;
    }
    const keys = read.identities.map(({ kind, value }) => `${kind} ${value}`);
    const twice = keys.find((key) => lineOf.has(key));
    if (twice) {
      const detail = `line ${lineOf.get(twice)} has the same ${twice}: make one row of the two`;
      await refuse(work, row, { reason: 'second row of a customer', detail });
      continue;
    }
    for (const key of keys) lineOf.set(key, row.line);
    if (read.unknownCountry) {
      const { unknownCountries } = summary;
      unknownCountries[read.unknownCountry] = (unknownCountries[read.unknownCountry] ?? 0) + 1;
    }
    yield read;
  }
}

/** How often a customer is compared again whom somebody else changed in between. */
const attempts = 4;

async function bring(work: Work, rows: readonly CustomerRow[]): Promise<void> {
  let open = rows;
  for (let attempt = 1; open.length > 0; attempt++) {
    const known = await findKnown(open, work.api);
    const pairs: Pair[] = [];
    for (const [place, row] of open.entries()) {
      const match = known[place];
      if (match && 'reason' in match) await refuse(work, row.row, match);
      else pairs.push({ row, known: match });
    }
    const taken = await create(
      work,
      pairs.flatMap(({ row, known }) => (known ? [] : [row])),
    );
    const stale = await update(work, pairs, attempt);
    // Who has just taken an identity is found now; whose identity it was before is somebody else for ever.
    const again = [...(attempt === 1 ? taken : []), ...(attempt < attempts ? stale : [])];
    for (const one of [...taken, ...stale]) {
      if (!again.includes(one)) await refuse(work, one.row.row, one.refusal);
    }
    open = again.map(({ row }) => row);
  }
}

/** A row that may be taken when its customer is looked for again. */
interface Missed {
  readonly row: CustomerRow;
  readonly refusal: Refusal;
}

interface CustomerResult extends RowResult {
  readonly customer?: { readonly id: string } | null;
}

const mutationOf = (name: string) => `mutation ImportCustomerFile($input: ${name}Input!) {
  answer: ${name.charAt(0).toLowerCase()}${name.slice(1)}(input: $input) {
    results { index customer { id } error { code message info } }
  }
}`;

async function send(api: Api, mutation: string, inputs: readonly object[]): Promise<CustomerResult[]> {
  type Data = { answer: { results: CustomerResult[] } };
  return sendRows(inputs, async (customers) => {
    const { answer } = await api<Data>(mutation, { input: { customers } });
    return answer.results;
  });
}

/** @returns the rows an identity of which has another customer */
async function create(work: Work, rows: readonly CustomerRow[]): Promise<Missed[]> {
  const { options, api, run } = work;
  const inputs = rows.map(({ row, profile, identities, address, attributes }) => ({
    kind: options.customerKind ?? (profile.familyName ? 'PERSON' : 'COMPANY'),
    name: profile.name ?? `Customer ${identities[0]?.value}`,
    ...profile,
    identities,
    ...(Object.keys(address).length > 0 ? { address } : {}),
    ...(Object.keys(attributes).length > 0 ? { attributes: JSON.stringify(attributes) } : {}),
    via: 'IMPORT',
    clientRequestId: `${run}/${row.line}`,
  }));
  const results = await send(api, mutationOf('CreateCustomers'), inputs);
  const taken: Missed[] = [];
  for (const [place, row] of rows.entries()) {
    const { customer, error } = results[place] ?? {};
    if (customer) take(work, row, customer.id, 'created');
    else if (error?.code.endsWith('_TAKEN')) taken.push({ row, refusal: refusalOf(error) });
    else await refuse(work, row.row, refusalOf(error));
  }
  return taken;
}

interface Pair {
  readonly row: CustomerRow;
  readonly known: KnownCustomer | undefined;
}

/** @returns the rows whose customer has changed since it was read */
async function update(work: Work, pairs: readonly Pair[], attempt: number): Promise<Missed[]> {
  const { options, api, run } = work;
  const changes = pairs.flatMap(({ row, known }) => {
    if (!known) return [];
    const changed = options.keep ? undefined : differences(known, row);
    if (changed) return [{ row, known, changed }];
    take(work, row, known.id, 'found');
    return [];
  });
  const inputs = changes.map(({ row, known, changed }) => ({
    ...changed,
    id: known.id,
    expectedVersion: known.version,
    via: 'IMPORT',
    clientRequestId: `${run}/${row.row.line}/${attempt}`,
  }));
  const results = await send(api, mutationOf('UpdateCustomers'), inputs);
  const stale: Missed[] = [];
  for (const [place, { row, known }] of changes.entries()) {
    const { error } = results[place] ?? {};
    if (results[place]?.customer) take(work, row, known.id, 'updated');
    else if (error?.code === 'CUSTOMER.VERSION_STALE') stale.push({ row, refusal: refusalOf(error) });
    else await refuse(work, row.row, refusalOf(error));
  }
  return stale;
}

function take(
  { summary, statements }: Work,
  { grants, statedAt }: CustomerRow,
  customerId: string,
  how: keyof CustomerSummary['customers'],
): void {
  summary.rows.taken++;
  summary.customers[how]++;
  for (const grant of grants) if (statedAt) statements.push({ customerId, statedAt, ...grant });
}

async function refuse({ summary, rejected }: Work, row: CsvRow, refusal: Refusal): Promise<void> {
  summary.rows.refused++;
  summary.refusedBecause[refusal.reason] = (summary.refusedBecause[refusal.reason] ?? 0) + 1;
  await rejected.add(row, refusal);
}

const refusalOf = (error: RowResult['error']): Refusal =>
  error
    ? { reason: error.code, detail: error.message }
    : { reason: 'NO_ANSWER', detail: 'the API did not say why' };
