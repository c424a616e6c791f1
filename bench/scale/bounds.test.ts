import fc from 'fast-check';
import { expect, test } from 'vitest';
import { usageOf } from '../units/usage.ts';
import { bearsOf, boundsOf, relaySeconds, tightestFirst } from './bounds.ts';
import { contact, roomy } from './fixture.ts';
import { asRaised, ofOneCustomer } from './setup.ts';
import { workOf } from './work.ts';

const bears = (setup: typeof roomy, key: string, work = contact): number | undefined => {
  const bound = boundsOf(work, setup).find((one) => one.key === key);
  return bound && bearsOf(bound);
};

test.each([
  ['appsyncTokens', { appsyncTokens: 3000 }, 3000],
  ['tableWrites', { tableWrites: 700 }, 100],
  ['tableReads', { tableReads: 400 }, 100],
  ['dueIndex', { partitionWrites: 1000 }, 16_000],
  ['putEvents', { putEvents: 10 }, 50],
  ['eventInvocations', { eventInvocations: 500 }, 500],
] as const)('%s bears as many contacts as each takes of it', (key, scarce, expected) => {
  expect(bears({ ...roomy, ...scarce }, key)).toBeCloseTo(expected, 6);
});

test('a consumer bears its batches at once, as long as each takes', () => {
  const consumers = { scoring: { batchSize: 10, concurrency: 4, visibilitySeconds: 1, maxReceives: 1 } };

  expect(bears({ ...roomy, consumers }, 'scoring')).toBeCloseTo((4 * 10) / 0.1, 6);
});

test('what tells subscribers takes of what requests take', () => {
  const consumers = {
    ...roomy.consumers,
    'live-updates': { ...roomy.consumers.scoring },
  } as typeof roomy.consumers;
  const told = { ...contact, signals: 2, deliveries: { ...contact.deliveries, 'live-updates': 2 } };

  expect(bears({ ...roomy, consumers, appsyncTokens: 3000 }, 'appsyncTokens', told)).toBe(1000);
});

test('the relay puts a batch on the bus in as many calls as its events need', () => {
  // 67 events of 100 records are 7 calls.
  expect(relaySeconds(contact, roomy)).toBeCloseTo(7 * 0.02 + 0.01, 6);
  expect(bears({ ...roomy, shards: 3 }, 'relay')).toBeCloseTo((3 * 100) / 0.15 / 3, 6);
});

test('the agreements are read once for a batch, whatever is counted of single events', () => {
  const shared = {
    ...contact,
    deliveries: { 'partner-sharing': 1 },
    units: { 'partner-sharing': { read: 5, write: 1 } },
  };
  const consumers = { 'partner-sharing': { ...roomy.consumers.scoring } } as typeof roomy.consumers;
  const setup = { ...roomy, consumers, partitionReads: 3000, tableReads: 510 };

  expect(bears(setup, 'agreements', shared)).toBeCloseTo(30_000, 6);
  // One unit for the request, four and a tenth of the agreements' for sharing.
  expect(bears(setup, 'tableReads', shared)).toBeCloseTo(100, 6);
});

test('orders that come into a state write all to one partition, whole kilobytes of each', () => {
  const order = { ...contact, orders: 1 };

  expect(bears({ ...roomy, partitionWrites: 1000 }, 'orderStates', order)).toBe(500);
  expect(bears({ ...roomy, partitionWrites: 1000 }, 'orderStates')).toBeUndefined();
});

test('what a kind of work takes nothing of does not bound it', () => {
  const keys = boundsOf(contact, roomy).map(({ key }) => key);

  expect(keys).not.toContain('mails');
  expect(keys).not.toContain('agreements');
});

test('the tightest bound stands first', () => {
  const [first, second] = tightestFirst(contact, { ...roomy, tableWrites: 7, appsyncTokens: 2 });

  expect([first?.key, second?.key]).toEqual(['tableWrites', 'appsyncTokens']);
});

test('more of anything never makes a bound tighter', () => {
  const keys = ['appsyncTokens', 'tableWrites', 'putEvents', 'eventInvocations', 'shards'] as const;
  const tightest = (setup: typeof roomy) => bearsOf(tightestFirst(contact, setup)[0] as never);
  fc.assert(
    fc.property(fc.constantFrom(...keys), fc.integer({ min: 1, max: 1e6 }), (key, more) => {
      const scarce = { ...roomy, [key]: 10 };
      expect(tightest({ ...scarce, [key]: 10 + more })).toBeGreaterThanOrEqual(tightest(scarce));
    }),
  );
});

test('raising sets what was asked for, and splits the table as its writes need', () => {
  const raised = asRaised(roomy);

  expect(raised.consumers.scoring?.concurrency).toBe(77);
  expect(raised.relay.parallelization).toBe(10);
  expect(asRaised({ ...roomy, partitionWrites: 1000 }).shards).toBe(5000);
});

test('one customer has one partition, in which the agreements are not', () => {
  const shared = {
    ...contact,
    deliveries: { 'partner-sharing': 1 },
    units: { 'partner-sharing': { read: 5, write: 1 } },
  };
  const setup = { ...ofOneCustomer(roomy), consumers: { 'partner-sharing': roomy.consumers.scoring } };
  const reads = boundsOf(shared, setup as typeof roomy).find(({ key }) => key === 'tableReads');

  expect(reads?.name).toBe("DynamoDB: reads of the customer's partition");
  expect(reads?.draws).toEqual({ request: 1, 'partner-sharing': 4 });
});

test('the work of a row is its part of what was measured', () => {
  const usage = { readUnits: 10, writeUnits: 20, published: 0, shared: 0, messages: 0, signals: 0, mails: 0 };
  const work = workOf(
    {
      ...{ name: 'x', field: 'Mutation.x', rows: 10 },
      request: { ...usage, units: {}, deliveries: { customers: 1 } },
      after: {
        ...usage,
        messages: 30,
        units: { scoring: { read: 10, write: 20 } },
        deliveries: { relay: 20 },
      },
    },
    100,
  );

  expect(work).toMatchObject({ requests: 0.01, answers: 0.01, records: 2, messages: 3 });
  expect(work.request).toEqual({ read: 1, write: 2 });
  expect(work.units.scoring).toEqual({ read: 1, write: 2 });
});

test.each([
  ['Mutation.placeOrder', 1],
  ['Mutation.placeOrders', 1],
  ['Mutation.updateOrder', 1],
  ['Mutation.logInteraction', 0],
])('%s brings %i orders into a state', (field, orders) => {
  const nothing = usageOf([]);

  expect(workOf({ name: 'x', field, rows: 1, request: nothing, after: nothing }).orders).toBe(orders);
});
