import type { Api } from '../client/api.ts';
import type { CustomerKind, ImportOptions } from './args.ts';
import { inBatches, type RowError, type RowResult, sendRows } from './batch.ts';
import { countryCode } from './countries.ts';
import type { CustomerFacts } from './invoices.ts';
import { withPool } from './pool.ts';
import type { Refusal } from './rows.ts';

/** What became of a customer: the id in the CRM, or why there is none. */
export type CustomerOutcome =
  | { readonly customerId: string; readonly created: boolean }
  | { readonly refusal: Refusal };

const createCustomers = `mutation ImportCustomers($input: CreateCustomersInput!) {
  createCustomers(input: $input) { results { index customer { id } error { code message info } } }
}`;

const findCustomer = `query FindImportedCustomer($identity: IdentityInput!) {
  customerByIdentity(identity: $identity) { id }
}`;

interface CustomerResult extends RowResult {
  readonly customer?: { readonly id: string } | null;
}

/**
 * Adds the customers, each recognised by its id in the source; who is there already is found and left as is.
 *
 * @param run tells this run from others: within it a request that is sent again is the same request, whereas a
 *   customer of an earlier run is found by identity, whatever was asked for then.
 * @param onDone is told how many customers are done.
 */
export async function importCustomers(
  customers: readonly CustomerFacts[],
  options: Pick<ImportOptions, 'source' | 'concurrency'> & { customerKind: CustomerKind },
  { api, run, onDone }: { api: Api; run: string; onDone: (count: number) => void },
): Promise<Map<string, CustomerOutcome>> {
  const outcomes = new Map<string, CustomerOutcome>();
  const batches = inBatches(customers, { rows: 100, weight: 100 }, () => 1);
  await withPool(options.concurrency, async (start) => {
    for await (const batch of batches) {
      await start(async () => {
        const inputs = batch.map((customer) => toInput(customer, options, run));
        const results = await sendRows(inputs, (rows) => create(rows, api));
        for (const [place, customer] of batch.entries()) {
          outcomes.set(customer.id, await readOutcome(results[place], customer, options.source, api));
        }
        onDone(batch.length);
      });
    }
  });
  return outcomes;
}

async function create(customers: readonly ReturnType<typeof toInput>[], api: Api): Promise<CustomerResult[]> {
  type Data = { createCustomers: { results: CustomerResult[] } };
  const answer = await api<Data>(createCustomers, { input: { customers } });
  return answer.createCustomers.results;
}

function toInput(
  { id, country, name, email }: CustomerFacts,
  options: { source: string; customerKind: CustomerKind },
  run: string,
) {
  const code = countryCode(country);
  return {
    clientRequestId: `${run}/${id}`,
    kind: options.customerKind,
    via: 'IMPORT',
    name: name || `Customer ${id}`,
    identities: [identityOf(id, options.source), ...(email ? [{ kind: 'EMAIL', value: email }] : [])],
    ...(code ? { address: { country: code } } : {}),
  };
}

const identityOf = (id: string, source: string) => ({ kind: 'EXTERNAL_ID', value: id, source });

async function readOutcome(
  result: CustomerResult | undefined,
  { id }: CustomerFacts,
  source: string,
  api: Api,
): Promise<CustomerOutcome> {
  if (result?.customer) return { customerId: result.customer.id, created: true };
  const error = result?.error ?? { code: 'NO_ANSWER', message: 'the API did not say why' };
  const known = error.code === 'CUSTOMER.IDENTITY_TAKEN' ? customerIdIn(error) : undefined;
  if (known) return { customerId: known, created: false };
  if (/^CUSTOMER\..*_TAKEN$/.test(error.code)) {
    const { customerByIdentity } = await api<{ customerByIdentity: { id: string } | null }>(findCustomer, {
      identity: identityOf(id, source),
    });
    if (customerByIdentity) return { customerId: customerByIdentity.id, created: false };
  }
  return { refusal: { reason: error.code, detail: `customer ${id} was refused: ${error.message}` } };
}

function customerIdIn({ info }: RowError): string | undefined {
  const { customerId } = JSON.parse(info ?? '{}') as { customerId?: string };
  return customerId;
}
