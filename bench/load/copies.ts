import { createApi } from '../../tools/client/api.ts';
import { openTables } from '../units/load.ts';
import { emailOf, interaction } from './operations.ts';

/** A customer of the firm that copies are made of. */
export interface Sample {
  readonly customerId: string;
  readonly orderIds: readonly string[];
  /** What its addresses and the numbers of its orders hold, and nothing else; copies have other digits at its end. */
  readonly mark: string;
}

const mark = '7770000000';

const makeCustomer = `mutation Make($input: CreateCustomerInput!) { made: createCustomer(input: $input) { id } }`;
const logInteractions = `mutation Make($input: LogInteractionsInput!) {
  made: logInteractions(input: $input) { results { error { message } } }
}`;
const placeOrder = `mutation Make($input: PlaceOrderInput!) { made: placeOrder(input: $input) { id } }`;

/** Makes the sample through the API; what follows from it comes later. */
export async function makeSample(url: string, token: string, interactions: number): Promise<Sample> {
  const api = createApi({ url, token: async () => token });
  const make = async <Made>(query: string, input: object) =>
    (await api<{ made: Made }>(query, { input })).made;
  const { id: customerId } = await make<{ id: string }>(makeCustomer, {
    kind: 'PERSON',
    name: `Zoe ${mark}`,
    identities: [{ kind: 'EMAIL', value: emailOf(Number(mark)) }],
    via: 'IMPORT',
  });
  await make(logInteractions, {
    interactions: Array.from({ length: interactions }, (_, n) => ({
      ...interaction(customerId, n),
      subject: 'About an order',
      occurredAt: new Date(Date.now() - n * 3_600_000).toISOString(),
      via: 'IMPORT',
    })),
  });
  const { id: orderId } = await make<{ id: string }>(placeOrder, {
    customerId,
    source: 'bench',
    externalId: mark,
    kind: 'SALE',
    placedAt: new Date(Date.now() - 86_400_000).toISOString(),
    currency: 'GBP',
    lines: [{ code: 'TEA', description: 'Tea, 100 g', quantity: '4', unitPrice: '3.25' }],
    via: 'IMPORT',
  });
  return { customerId, orderIds: [orderId], mark };
}

/**
 * Writes so many copies of the sample into the tables of a stack that does not run, as a restore would: nothing follows
 * from them.
 *
 * @param folder where the stack keeps its data
 * @returns the customers' ids
 */
export async function addCopies(
  folder: string,
  tableName: string,
  sample: Sample,
  count: number,
): Promise<string[]> {
  const tables = openTables(folder, tableName);
  try {
    const copier = tables.copierOf(sample);
    await tables.write(copier, 1, count);
    return Array.from({ length: count }, (_, index) => copier.named(sample.customerId, index + 1));
  } finally {
    tables.close();
  }
}
