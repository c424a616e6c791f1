import type { Api } from '../client/api.ts';
import { inBatches, type RowResult, sendRows } from '../import/batch.ts';
import { type DemoData, demoData } from './data.ts';
import type { Owner } from './people.ts';

/** How much came in. */
export interface Filled {
  readonly customers: number;
  readonly orders: number;
  readonly interactions: number;
  readonly consents: number;
}

interface User {
  readonly id: string;
  readonly groups: readonly string[];
  readonly teams: readonly string[];
}

interface Firm {
  readonly me: { readonly id: string };
  readonly users: { readonly nodes: readonly User[] } | null;
  readonly teams: readonly { readonly name: string }[] | null;
  readonly partners: readonly { readonly id: string }[] | null;
}

const firmQuery = `query DemoFirm {
  me { id } users(first: 100) { nodes { id groups teams } } teams { name } partners { id }
}`;

/**
 * Brings the demo data of a day in, as any client does. All of it is recognised when it comes again, so what was stopped
 * is completed by the same call.
 *
 * @throws Error with the first row that the API refuses
 */
export async function fill(api: Api, day: string): Promise<Filled> {
  const firm = await api<Firm>(firmQuery, {});
  const data = demoData({ day, owners: ownersOf(firm), partnerId: firm.partners?.[0]?.id });
  const [ids] = await Promise.all([
    createCustomers(api, data),
    send(api, 'recordProducts', 'RecordProductsInput', 'products', data.products),
    data.agreement && api(agreement, { input: data.agreement }),
  ]);
  const facts = <Kind extends 'consents' | 'orders' | 'interactions'>(kind: Kind) =>
    data.customers.flatMap(({ story }, n) => story[kind].map((fact) => ({ customerId: ids[n], ...fact })));
  const [consents, orders, interactions] = [facts('consents'), facts('orders'), facts('interactions')];
  await send(api, 'recordConsents', 'RecordConsentsInput', 'consents', consents);
  await Promise.all([
    send(api, 'placeOrders', 'PlaceOrdersInput', 'orders', orders),
    send(api, 'logInteractions', 'LogInteractionsInput', 'interactions', interactions),
  ]);
  return {
    customers: ids.length,
    orders: orders.length,
    interactions: interactions.length,
    consents: consents.length,
  };
}

/** Who sells has most customers, who serves has some in another team, and an admin the rest. */
function ownersOf({ me, users, teams }: Firm): Owner[] {
  const all = users?.nodes ?? [];
  const [seller, server, admin] = ['sales', 'service', 'admin'].map((group) =>
    all.find(({ groups }) => groups.includes(group)),
  );
  const other = teams?.map(({ name }) => name).find((name) => name !== seller?.teams[0]);
  return [
    { id: seller?.id ?? me.id, team: seller?.teams[0] },
    { id: server?.id ?? me.id, team: other },
    { id: admin?.id ?? me.id },
  ];
}

const agreement = `mutation DemoAgreement($input: CreateSharingAgreementInput!) {
  createSharingAgreement(input: $input) { id }
}`;

async function createCustomers(api: Api, { customers }: DemoData): Promise<string[]> {
  const inputs = customers.map(({ input }) => input);
  const results = await send(
    api,
    'createCustomers',
    'CreateCustomersInput',
    'customers',
    inputs,
    'customer { id }',
  );
  return results.map(({ customer }) => customer?.id ?? '');
}

interface Result extends RowResult {
  readonly customer?: { readonly id: string } | null;
}

/** Sends rows in batches of a hundred, one after the other, and gives all results. */
async function send(
  api: Api,
  mutation: string,
  inputType: string,
  member: string,
  rows: readonly object[],
  selection = '',
): Promise<Result[]> {
  const query = `mutation Demo($input: ${inputType}!) {
    answer: ${mutation}(input: $input) { results { index ${selection} error { code message info } } }
  }`;
  const all: Result[] = [];
  for await (const batch of inBatches(rows, { rows: 100, weight: 100 }, () => 1)) {
    const results = await sendRows(batch, async (part) => {
      const { answer } = await api<{ answer: { results: Result[] } }>(query, { input: { [member]: part } });
      return answer.results;
    });
    const refused = results.find(({ error }) => error);
    if (refused?.error) throw new Error(`${mutation}: ${refused.error.code}: ${refused.error.message}`);
    all.push(...results);
  }
  return all;
}
