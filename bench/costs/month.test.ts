import { expect, test } from 'vitest';
import { readUnits } from '../units/file.ts';
import { readAssumptions } from './assumptions.ts';
import { bytesOfACustomer, monthOf } from './month.ts';
import { readPrices, totalOf } from './prices.ts';

const units = readUnits();
const assumptions = readAssumptions();
const list = readPrices();

test('ten times the customers do and keep ten times as much, and the stack stands there for the same', () => {
  const [some, more] = [monthOf(100_000, units, assumptions), monthOf(1_000_000, units, assumptions)];

  expect(totalOf(list, more.activity)).toBeCloseTo(10 * totalOf(list, some.activity), 6);
  expect(totalOf(list, more.storage)).toBeCloseTo(10 * totalOf(list, some.storage), 6);
  expect(more.standing).toEqual(some.standing);
});

test('a firm without activity pays for what stands there, and for what is kept', () => {
  const quiet = { ...assumptions, monthlyPerCustomer: {}, monthlyPerUser: {}, minutesConnectedPerUser: 0 };
  const { activity, storage } = monthOf(10_000, units, quiet);

  expect(totalOf(list, activity)).toBe(0);
  expect(totalOf(list, storage)).toBeGreaterThan(0);
});

test('users beyond those that Cognito gives for nothing are not guessed at', () => {
  const { standing } = monthOf(10_001_000, units, assumptions);

  expect(standing['cognito.user']).toBe(1);
  expect(() => totalOf(list, standing)).toThrow('cognito.user');
});

test('an assumption about what is no operation is refused', () => {
  const wrong = { ...assumptions, monthlyPerCustomer: { 'sing a song': 1 } };

  expect(() => monthOf(1000, units, wrong)).toThrow('"sing a song", which is no operation');
});

test('a customer takes more with each month that is kept, by as much as its contacts do', () => {
  const kept = (monthsKept: number) =>
    bytesOfACustomer(
      { stored: { small: { contacts: 1, bytes: 1000 }, rich: { contacts: 11, bytes: 6000 } } },
      { ...assumptions, monthsKept, monthlyPerCustomer: { 'log a contact': 2 } },
    );

  expect([kept(0), kept(1), kept(12)]).toEqual([1000, 2000, 13_000]);
});
