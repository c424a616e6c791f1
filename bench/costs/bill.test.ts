import { expect, test } from 'vitest';
import { type Entry, usageOf } from '../units/usage.ts';
import { readAssumptions } from './assumptions.ts';
import { quantitiesOf, type Terms } from './bill.ts';
import { billOf } from './operation.ts';

const terms: Terms = {
  assumptions: { ...readAssumptions(), billedMilliseconds: { relay: 20, default: 50 } },
  memory: { customers: 1024, relay: 512, scoring: 512 },
};
const entries: Entry[] = [
  { by: 'relay', what: 'delivery', amount: 10 },
  { by: 'scoring', what: 'delivery', amount: 10 },
  { by: 'scoring', what: 'write', amount: 4 },
  { by: 'relay', what: 'published', amount: 3 },
  { by: 'partner-sharing', what: 'shared', amount: 1 },
  { by: 'bus', what: 'message', amount: 10 },
  { by: 'live-updates', what: 'signal', amount: 2 },
];

test('seconds of a function weigh as its memory', () => {
  const { 'lambda.request': requests, 'lambda.gbSecond': seconds } = quantitiesOf(usageOf(entries), terms, 1);

  expect(requests).toBe(20);
  expect(seconds).toBeCloseTo(10 * 0.5 * 0.02 + 10 * 0.5 * 0.05, 10);
});

test('events on the buses of partners are paid for like those on the own one', () => {
  expect(quantitiesOf(usageOf(entries), terms, 1)['events.published']).toBe(4);
});

test('a message is sent alone, and received and removed with the others of its batch', () => {
  const usage = usageOf(entries);

  expect(quantitiesOf(usage, terms, 1)['sqs.request']).toBe(30);
  expect(quantitiesOf(usage, terms, 10)['sqs.request']).toBe(12);
  expect(quantitiesOf(usage, terms, 10)['lambda.request']).toBe(2);
});

test('what tells subscribers is an operation of the API, whoever listens', () => {
  const { 'appsync.operation': operations, 'waf.request': requests } = quantitiesOf(
    usageOf(entries),
    terms,
    1,
  );

  expect([operations, requests]).toEqual([2, 2]);
});

test('a function that no template has is refused', () => {
  const usage = usageOf([{ by: 'gone', what: 'delivery', amount: 1 }]);

  expect(() => quantitiesOf(usage, terms, 1)).toThrow('No template has a function gone');
});

test('a row of a batch pays its part of the request', () => {
  const request = usageOf([
    { by: 'customers', what: 'delivery', amount: 1 },
    { by: 'customers', what: 'write', amount: 50 },
  ]);
  const bill = billOf({ name: 'x', field: 'Mutation.x', rows: 10, request, after: usageOf(entries) }, terms);

  expect(bill.request['appsync.operation']).toBe(0.1);
  expect(bill.request['lambda.request']).toBe(0.1);
  expect(bill.request['dynamodb.write']).toBe(5);
  expect(bill.after['dynamodb.write']).toBe(0.4);
});
