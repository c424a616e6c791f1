import { afterAll, expect, test } from 'vitest';
import { startEnvironment } from '../../test/support/api.ts';

const aws = await startEnvironment();
afterAll(() => aws.close());
const { dueIn, shardOf, shards } = await import('./due.ts');
const { writeScore } = await import('./scores.ts');

test('customers are spread evenly over 16 shards', () => {
  const counts = new Map<string, number>();
  for (let n = 0; n < 16_000; n++)
    counts.set(shardOf(`cus_${n}`), (counts.get(shardOf(`cus_${n}`)) ?? 0) + 1);

  expect([...counts.keys()].sort()).toEqual([...shards]);
  expect(Math.min(...counts.values())).toBeGreaterThan(850);
});

test('a shard gives what is due in pages, earliest first, to the moment and not beyond', async () => {
  const ids = Array.from({ length: 4000 }, (_, n) => `cus_${n}`).filter((id) => shardOf(id) === '07');
  const due = (n: number) => new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString();
  const some = ids.slice(0, 150);
  for (const [n, customerId] of some.entries()) {
    await writeScore({ customerId, frequency: 1, monetary: {}, nextDueAt: due(n), version: 1 }, []);
  }

  const first = await dueIn('07', due(120));
  const second = await dueIn('07', due(120), first.next);

  expect(first.customerIds).toEqual(some.slice(0, 100));
  expect(second.customerIds).toEqual(some.slice(100, 121));
  expect(second.next).toBeUndefined();
});
