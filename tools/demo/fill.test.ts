import { expect, test } from 'vitest';
import type { Api } from '../client/api.ts';
import { fill } from './fill.ts';

const firm = {
  me: { id: 'usr_admin' },
  users: {
    nodes: [
      { id: 'usr_sales', groups: ['sales'], teams: ['north'] },
      { id: 'usr_admin', groups: ['admin'], teams: [] },
    ],
  },
  teams: [{ name: 'north' }, { name: 'south' }],
  partners: [{ id: 'par_carrier' }, { id: 'par_wholesaler' }],
};

type Row = Readonly<Record<string, unknown>>;

/** An API that takes everything, or refuses what a test names. */
function fakeApi(refuses: (row: Row) => boolean = () => false) {
  const sent: { mutation: string; rows: readonly Row[] }[] = [];
  const api: Api = async <Data>(query: string, variables: Record<string, unknown>) => {
    const [, mutation] = /answer: (\w+)/.exec(query) ?? [];
    const input = variables.input as Row | undefined;
    if (!input) return firm as Data;
    const rows = mutation ? (Object.values(input)[0] as Row[]) : [input];
    sent.push({ mutation: mutation ?? 'createSharingAgreement', rows });
    const results = rows.map((row, index) =>
      refuses(row)
        ? { index, error: { code: 'INPUT.INVALID', message: 'phone: no number' } }
        : { index, customer: { id: `cus_${row.clientRequestId}` } },
    );
    return { answer: { results } } as Data;
  };
  return { api, sent };
}

test('customers, products and the agreement come first, then what they consented to, then what happened', async () => {
  const { api, sent } = fakeApi();
  const filled = await fill(api, '2026-11-25');

  const order = [...new Set(sent.map(({ mutation }) => mutation))];
  expect(order.slice(0, 3).sort()).toEqual(['createCustomers', 'createSharingAgreement', 'recordProducts']);
  expect(order[3]).toBe('recordConsents');
  const rows = (mutation: string) =>
    sent.filter((one) => one.mutation === mutation).flatMap((one) => one.rows);
  expect(filled).toEqual({
    customers: rows('createCustomers').length,
    orders: rows('placeOrders').length,
    interactions: rows('logInteractions').length,
    consents: rows('recordConsents').length,
  });
  expect(sent.every(({ rows }) => rows.length <= 100)).toBe(true);
  expect(
    rows('placeOrders').filter(({ customerId }) => !/^cus_demo\/customer\/\d+$/.test(`${customerId}`)),
  ).toEqual([]);
  expect(new Set(rows('createCustomers').map(({ ownerId, team }) => `${ownerId} ${team}`))).toEqual(
    new Set(['usr_sales north', 'usr_admin south', 'usr_admin undefined']),
  );
  expect(rows('createSharingAgreement')).toMatchObject([{ partnerId: 'par_carrier' }]);
});

test('what is sent again is the same', async () => {
  const [first, second] = [fakeApi(), fakeApi()];
  await fill(first.api, '2026-11-25');
  await fill(second.api, '2026-11-25');

  const key = ({ mutation, rows }: { mutation: string; rows: readonly Row[] }) =>
    mutation + JSON.stringify(rows);
  expect(second.sent.map(key).sort()).toEqual(first.sent.map(key).sort());
});

test('a row that the API refuses ends it, with what the API says', async () => {
  const { api } = fakeApi((row) => row.clientRequestId === 'demo/customer/1003');

  await expect(fill(api, '2026-11-25')).rejects.toThrow('createCustomers: INPUT.INVALID: phone: no number');
});
