import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createCopier } from './copies.ts';
import type { Item } from './stored.ts';

const customerId = 'cus_01M8A64CKFKWNEWGNH3DJQQZ1C';
const orderId = 'ord_7Q8A64CKFKWNEWGNH3DJQQZ1CM';
const sample = { customerId, orderIds: [orderId], mark: '7770000000' };

const shardOf = (id: string) =>
  String((createHash('sha256').update(id).digest()[0] ?? 0) % 16).padStart(2, '0');
const item = (pk: string, sk: string, more: Record<string, string> = {}): Item => ({
  pk: { S: pk },
  sk: { S: sk },
  ...Object.fromEntries(Object.entries(more).map(([name, S]) => [name, { S }])),
});
const score = item(`demo#${customerId}`, 'view#score', {
  customerId,
  shard: shardOf(customerId),
  gsi2pk: `demo#due#${shardOf(customerId)}`,
});
const items = [
  { ...item(`demo#${customerId}`, 'view#profile', { name: 'Ada 7770000000' }), change: { S: 'news' } },
  item('demo#identity#EMAIL||ada.7770000000', 'customer', { customerId }),
  item(`demo#${orderId}`, 'lines#1', { customerId }),
  item('demo#usr_1', 'notification#1', { customerId }),
  score,
];

test('a copy has the same items under ids and addresses of its own', () => {
  const [profile, identity, lines] = createCopier(sample, items).items(42);

  expect(profile?.pk?.S).toBe('demo#cus_01M8A64CKFKWNE000000000042');
  expect(profile?.name?.S).toBe('Ada 7770000042');
  expect(identity?.pk?.S).toBe('demo#identity#EMAIL||ada.7770000042');
  expect(identity?.customerId?.S).toBe('cus_01M8A64CKFKWNE000000000042');
  expect(lines?.pk?.S).toBe('demo#ord_7Q8A64CKFKWNEW000000000042');
});

test('what is not under a key of the sample is not copied, and nothing follows from a copy', () => {
  const copies = createCopier(sample, items).items(1);

  expect(copies).toHaveLength(4);
  expect(copies.some(({ change }) => change)).toBe(false);
});

test('no two copies have a key in common', () => {
  const copier = createCopier(sample, items);
  const keys = [0, 1, 2, 9_999_999].flatMap((number) =>
    copier.items(number).map(({ pk, sk }) => `${pk?.S} ${sk?.S}`),
  );

  expect(new Set(keys).size).toBe(keys.length);
});

test('what falls due is in the shard of its customer, as functions put it', () => {
  const copy = createCopier(sample, items).items(7)[3];

  expect(copy?.shard?.S).toBe(shardOf(copy?.customerId?.S ?? ''));
  expect(copy?.gsi2pk?.S).toBe(`demo#due#${copy?.shard?.S}`);
});

test('a sample in another shard than the rule says is refused', () => {
  const moved = { ...score, shard: { S: shardOf(customerId) === '00' ? '01' : '00' } };

  expect(() => createCopier(sample, [moved])).toThrow('bring the rule here in step');
});
