import { expect, test } from 'vitest';
import { nearest } from './nearest.ts';

const options = ['customer.name', 'customer.givenName', 'order.total'];

test.each([
  ['customer.nmae', 'customer.name'],
  ['customer.name', 'customer.name'],
  ['CUSTOMER.GIVENNAME', 'customer.givenName'],
  ['total', undefined],
  ['order.totl', 'order.total'],
  ['something else altogether', undefined],
  ['', undefined],
])('%j is spelled most like %j', (given, meant) => {
  expect(nearest(given, options)).toBe(meant);
});

test('nothing is like anything where there are no options', () => {
  expect(nearest('customer.name', [])).toBeUndefined();
});
