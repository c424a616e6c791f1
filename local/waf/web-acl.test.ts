import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRateCounter } from './rate.ts';
import type { Scope } from './scope.ts';
import { createWebAcl, type RateRule } from './web-acl.ts';

const second = 1000;
const block: RateRule = { name: 'rate', limit: 10, windowSeconds: 60, action: 'BLOCK' };
const plain = { method: 'POST', headers: {} };
const times = (count: number, call: () => boolean) => Array.from({ length: count }, call);

test('an address is blocked beyond the limit of the window, and no other one', () => {
  let now = 0;
  const admits = createWebAcl([block], () => now);

  expect(times(10, () => admits('1.1.1.1', plain))).toEqual(Array(10).fill(true));
  now += 30 * second;
  expect(admits('1.1.1.1', plain)).toBe(false);
  expect(admits('2.2.2.2', plain)).toBe(true);
});

test('it passes again when what it asked, blocked or not, lies behind the window', () => {
  let now = 0;
  const admits = createWebAcl([block], () => now);
  times(20, () => admits('1.1.1.1', plain));

  now += 59 * second;
  expect(admits('1.1.1.1', plain)).toBe(false);
  now += 2 * second;
  expect(admits('1.1.1.1', plain)).toBe(true);
  now += 3600 * second;
  expect(admits('1.1.1.1', plain)).toBe(true);
});

test('a rule that counts lets pass, and one that comes after a block does not count', () => {
  let now = 0;
  const count: RateRule = { ...block, action: 'COUNT' };
  const late: RateRule = { ...block, limit: 12, windowSeconds: 120 };
  const counting = createWebAcl([count], () => now);
  const admits = createWebAcl([block, late], () => now);

  expect(times(30, () => counting('1.1.1.1', plain))).not.toContain(false);
  times(30, () => admits('1.1.1.1', plain));
  now += 61 * second;
  expect(admits('1.1.1.1', plain)).toBe(true);
});

test('a rule neither counts nor blocks what its scope leaves out, and two share out all requests', () => {
  const scope: Scope = {
    matches: [
      { field: { header: 'authorization' }, position: 'STARTS_WITH', text: 'AWS4', lowercase: false },
      { field: 'METHOD', position: 'EXACTLY', text: 'POST', lowercase: false },
    ],
    negated: true,
  };
  const admits = createWebAcl(
    [
      { ...block, scope },
      { ...block, limit: 30, scope: { ...scope, negated: false } },
    ],
    () => 0,
  );
  const signed = { authorization: 'AWS4-HMAC-SHA256' };
  const asUser = () => admits('1.1.1.1', { method: 'POST', headers: { authorization: 'a token' } });
  const asService = () => admits('1.1.1.1', { method: 'POST', headers: signed });

  expect(times(20, asService)).not.toContain(false);
  expect(times(11, asUser)).toEqual([...Array(10).fill(true), false]);
  expect(admits('1.1.1.1', plain)).toBe(false);
  expect(admits('1.1.1.1', { method: 'GET', headers: signed })).toBe(false);
  expect(times(11, asService)).toEqual([...Array(10).fill(true), false]);
});

test('a count is that of the requests in the window, whatever their times', () => {
  const slot = 2 * second;
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 40 * second }), { maxLength: 60 }), (waits) => {
      let now = 1_000_000;
      const counter = createRateCounter(60, () => now);
      const seen: number[] = [];
      for (const wait of waits) {
        now += wait;
        seen.push(Math.floor(now / slot));
        const from = Math.floor(now / slot) - 30;

        expect(counter.count('a')).toBe(seen.filter((at) => at > from).length);
      }
    }),
  );
});

test('of more addresses than are followed, the one seen first is forgotten', () => {
  const counter = createRateCounter(60, () => 0);
  counter.count('first');
  for (let index = 0; index < 10_000; index++) counter.count(`other ${index}`);

  expect(counter.count('first')).toBe(1);
  expect(counter.count('other 9999')).toBe(2);
});
