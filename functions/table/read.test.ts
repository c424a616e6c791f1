import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { AwsError } from '../../local/aws.ts';
import { type Created, type Page, pagesOf, startApi, users } from '../../test/support/api.ts';
import { type Disturbance, undisturbed } from '../../test/support/aws.ts';

const api = await startApi();
afterAll(() => api.aws.close());
const tableName = api.aws.environment.TABLE_NAME;
const { getCustomers } = await import('./customers.ts');
const { orderFactsOf } = await import('./orders.ts');

beforeEach(() => {
  api.aws.disturb(undisturbed);
  api.aws.clear();
});

const create = (name: string) =>
  api.ask<Created>(users.nora, 'Mutation.createCustomer', { input: { kind: 'PERSON', name } });
const place = (customerId: string, externalId: string) =>
  api.ask<Created>(users.nora, 'Mutation.placeOrder', {
    input: {
      customerId,
      source: 'shop',
      externalId,
      kind: 'SALE',
      placedAt: `2026-01-0${externalId}T00:00:00Z`,
      currency: 'GBP',
      lines: [{ code: 'A', quantity: '1', unitPrice: '1' }],
    },
  });

interface Answer {
  readonly Responses: Record<string, Record<string, unknown>[]>;
}

/** The answer of a batch that had no room for any of these keys. */
const leftOver = (keys: readonly { readonly pk: string; readonly sk: string }[]) => ({
  Responses: { [tableName]: [] },
  UnprocessedKeys: { [tableName]: { Keys: keys.map(({ pk, sk }) => ({ pk: { S: pk }, sk: { S: sk } })) } },
});

/** Ends every page of a query after one item, as a limit of 1 MB may. */
const onePerPage: Disturbance = (action, run) => run(action === 'Query' ? { Limit: 1 } : {});

describe('a read that DynamoDB answers in parts', () => {
  test('of several items asks again for what was left over', async () => {
    const customers = [await create('Ada'), await create('Bob'), await create('Eve')];
    let calls = 0;
    api.aws.disturb((action, run) => {
      const answer = run() as Answer;
      if (action !== 'BatchGetItem' || calls++ > 0) return answer;
      const [table = '', rows = []] = Object.entries(answer.Responses)[0] ?? [];
      const Keys = rows.slice(1).map(({ pk, sk }) => ({ pk, sk }));
      return { Responses: { [table]: rows.slice(0, 1) }, UnprocessedKeys: { [table]: { Keys } } };
    });

    const found = await getCustomers(customers.map(({ id }) => id));

    expect(calls).toBe(2);
    expect([...found.keys()].sort()).toEqual(customers.map(({ id }) => id).sort());
  });

  test('of several items is tried again while the table has had enough, with longer and longer waits', async () => {
    const { id } = await create('Ada');
    const waits: number[] = [];
    const timer = vi.spyOn(globalThis, 'setTimeout');
    let calls = 0;
    api.aws.disturb((action, run) =>
      action === 'BatchGetItem' && calls++ < 3 ? leftOver([{ pk: `demo#${id}`, sk: 'view#profile' }]) : run(),
    );
    const random = vi.spyOn(Math, 'random').mockReturnValue(0.5);

    const found = await getCustomers([id]);

    waits.push(
      ...timer.mock.calls.map(([, wait]) => wait ?? 0).filter((wait) => [10, 20, 40].includes(wait)),
    );
    timer.mockRestore();
    random.mockRestore();
    expect([...found.keys()]).toEqual([id]);
    expect(calls).toBe(4);
    expect(waits).toEqual([10, 20, 40]);
  });

  test.each([
    ['leaves everything over', () => leftOver([{ pk: 'demo#cus_1', sk: 'view#profile' }])],
    [
      'throttles everything',
      () => {
        throw new AwsError('ProvisionedThroughputExceededException', 'Slow down');
      },
    ],
  ])('of several items is refused with CUSTOMER.BUSY when the table %s for long', async (_, answer) => {
    const { id } = await create('Ada');
    const random = vi.spyOn(Math, 'random').mockReturnValue(0);
    let calls = 0;
    api.aws.disturb((action, run) => {
      if (action !== 'BatchGetItem') return run();
      if (calls++ > 50) throw new Error('It is tried without an end');
      return answer();
    });

    const refused = await api.refusal(users.nora, 'Query.customer', { id });

    random.mockRestore();
    expect(refused).toMatchObject({ code: 'CUSTOMER.BUSY', info: { retryAfterMs: 1000 } });
  });

  test('of all facts goes on to the last', async () => {
    const { id } = await create('Ada');
    for (const externalId of ['1', '2', '3']) await place(id, externalId);
    api.aws.disturb(onePerPage);

    expect(await orderFactsOf(id, '2026-01')).toHaveLength(3);
  });

  test('of a page fills the page, and knows whether there is more', async () => {
    const source = await create('Ada');
    for (const externalId of ['1', '2', '3']) await place(source.id, externalId);
    api.aws.disturb(onePerPage);
    const orders = (args: object) => api.ask<Page<Created>>(users.nora, 'Customer.orders', args, { source });

    const two = await orders({ first: 2 });
    const all = await pagesOf((after) => orders({ first: 2, after }));

    expect(two.nodes.map(({ externalId }) => externalId)).toEqual(['3', '2']);
    expect(two.pageInfo.hasNextPage).toBe(true);
    expect(all.map(({ externalId }) => externalId)).toEqual(['3', '2', '1']);
  });
});
