import { createApi } from '../../tools/client/api.ts';
import { emailOf, type Firm, interaction, nameOf } from './operations.ts';

/** How much there is to be before anything is measured. */
export interface FillSize {
  readonly customers: number;
  readonly interactionsEach: number;
  readonly ordersEach: number;
}

const rows = 100;
/** How many batches are on the way at once. */
const lanes = 8;

const createCustomers = `mutation Fill($input: CreateCustomersInput!) {
  createCustomers(input: $input) { results { customer { id } error { code message } } }
}`;
const logInteractions = `mutation Fill($input: LogInteractionsInput!) {
  logInteractions(input: $input) { results { error { code message } } }
}`;
const placeOrders = `mutation Fill($input: PlaceOrdersInput!) {
  placeOrders(input: $input) { results { error { code message } } }
}`;

interface Results<Row> {
  readonly results: readonly (Row & { readonly error: unknown })[];
}

/**
 * Makes the firm through the API: customers with an e-mail address, interactions and open orders with each, as an import
 * does it.
 *
 * @throws Error with the first row that was refused
 */
export async function fill(url: string, token: string, size: FillSize): Promise<Firm> {
  const api = createApi({ url, token: async () => token });

  /** Sends `count` rows in batches and gives what each answer holds, in order. */
  async function send<Row>(count: number, query: string, list: string, rowOf: (n: number) => object) {
    const answers: (readonly Row[])[] = [];
    let next = 0;
    const lane = async () => {
      for (let batch = next++; batch * rows < count; batch = next++) {
        const length = Math.min(rows, count - batch * rows);
        const input = { [list]: Array.from({ length }, (_, index) => rowOf(batch * rows + index)) };
        const data = await api<Record<string, Results<Row>>>(query, { input });
        const results = Object.values(data)[0]?.results ?? [];
        const refused = results.find(({ error }) => error);
        if (refused) throw new Error(`a row was refused: ${JSON.stringify(refused)}`);
        answers[batch] = results;
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    return answers.flat();
  }

  const made = await send<{ customer: { id: string } }>(
    size.customers,
    createCustomers,
    'customers',
    (n) => ({
      clientRequestId: `fill-${n}`,
      kind: 'PERSON',
      name: nameOf(n),
      identities: [{ kind: 'EMAIL', value: emailOf(n) }],
      via: 'IMPORT',
    }),
  );
  const customerIds = made.map(({ customer }) => customer.id);
  const customerOf = (n: number) => customerIds[n % customerIds.length] as string;
  const began = Date.now() - 90 * 86_400_000;
  const minute = (n: number) => new Date(began + n * 60_000).toISOString();
  await send(size.customers * size.interactionsEach, logInteractions, 'interactions', (n) => ({
    ...interaction(customerOf(n), n),
    occurredAt: minute(n),
    via: 'IMPORT',
  }));
  await send(size.customers * size.ordersEach, placeOrders, 'orders', (n) => ({
    customerId: customerOf(n),
    source: 'bench',
    externalId: `order-${n}`,
    kind: 'SALE',
    placedAt: minute(n),
    currency: 'GBP',
    lines: [
      { code: 'TEA', description: 'Tea, 100 g', quantity: '4', unitPrice: '3.25' },
      { code: 'CUP', description: 'Cup with saucer', quantity: '2', unitPrice: '8.50' },
    ],
    via: 'IMPORT',
  }));
  return { customerIds, withAddress: size.customers };
}
