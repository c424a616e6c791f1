import { describe, expect, test, vi } from 'vitest';

const aws = ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
for (const name of ['TABLE_NAME', ...aws]) vi.stubEnv(name, 'any');
vi.stubEnv('TENANT', 'demo');
const { interactions } = await import('./interactions.ts');
const { orders } = await import('./orders.ts');
const { queryOf } = await import('./partition.ts');

const [tenant, customerId, threadId, state] = ['demo', 'cus_1', 'thr_1', 'OPEN'] as const;
const desc = { order: 'desc' } as const;
const latestFirst = true;

describe('the query of a partition', () => {
  test.each([
    [
      'orders of a customer',
      queryOf({ key: 'demo#cus_1', prefix: 'order#', latestFirst }),
      orders.query.orders({ tenant, customerId }).params(desc),
    ],
    [
      'open orders of a customer',
      queryOf({ index: 'gsi2', key: 'demo#cus_1#open', latestFirst }),
      orders.query.open({ tenant, customerId }).params(desc),
    ],
    [
      'orders in a state',
      queryOf({ index: 'gsi1', key: 'demo#orders#OPEN', latestFirst }),
      orders.query.byState({ tenant, state }).params(desc),
    ],
    [
      'a timeline',
      queryOf({ key: 'demo#cus_1', prefix: 'timeline#', latestFirst }),
      interactions.query.timeline({ tenant, customerId }).params(desc),
    ],
    [
      'a thread, earliest first',
      queryOf({ index: 'gsi2', key: 'demo#cus_1#thread#thr_1' }),
      interactions.query.byThread({ tenant, customerId, threadId }).params(),
    ],
  ])('is what electrodb makes of its entity: %s', (_, own, made) => {
    expect(own).toEqual(made);
    // Cursors hold a fingerprint, which knows the order of names too.
    expect(JSON.stringify(own.ExpressionAttributeValues)).toBe(
      JSON.stringify(made.ExpressionAttributeValues),
    );
  });
});
