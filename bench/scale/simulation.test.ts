import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contact, roomy } from './fixture.ts';
import { simulate } from './simulation.ts';

const slowScoring = {
  ...roomy,
  consumers: { scoring: { batchSize: 10, concurrency: 1, visibilitySeconds: 180, maxReceives: 5 } },
};

test('where there is room, all is taken and nothing waits longer than it is on its way', () => {
  const outcome = simulate(contact, roomy, { perSecond: 100, seconds: 60 });

  expect(outcome.refused).toBe(0);
  expect(outcome.accepted).toBeGreaterThan(5500);
  expect(outcome.waited).toEqual({});
  expect(outcome.held).toEqual([]);
  expect(outcome.doneAfter - outcome.takenAfter).toBeLessThan(5);
});

test('what a request needs and does not get, refuses it', () => {
  const outcome = simulate(contact, { ...roomy, appsyncTokens: 50 }, { perSecond: 100, seconds: 60 });

  expect(outcome.accepted).toBe(50 * 60);
  expect(outcome.refused).toBeGreaterThan(2500);
  expect(outcome.held).toEqual([{ name: 'AppSync: request tokens', seconds: 60 }]);
});

test('what a consumer needs and does not get, only makes its messages wait', () => {
  // One batch of ten in 100 ms are 100 a second.
  const outcome = simulate(contact, slowScoring, { perSecond: 400, seconds: 60 });

  expect(outcome.refused).toBe(0);
  expect(outcome.waited.scoring).toBeGreaterThan(15_000);
  expect(outcome.held[0]?.name).toBe('scoring: batches at once');
  expect(outcome.doneAfter).toBeGreaterThan(230);
});

test('a queue is polled more and more', () => {
  const polled = {
    ...roomy,
    pollingGain: 5,
    consumers: { scoring: { batchSize: 10, concurrency: 100, visibilitySeconds: 180, maxReceives: 5 } },
  };
  const outcome = simulate(contact, polled, { perSecond: 5000, seconds: 60 });

  expect(outcome.waited.scoring).toBeGreaterThan(5000);
  expect(outcome.held[0]?.seconds).toBeLessThan(40);
});

test('who waits is refused nothing, and brings all', () => {
  const load = { perSecond: 400, seconds: 60, waits: true };
  const outcome = simulate(contact, { ...roomy, appsyncTokens: 100 }, load);

  expect([outcome.accepted, outcome.refused, outcome.takenAfter]).toEqual([24_000, 0, 240]);
});

test('a new table bears more each half hour', () => {
  const load = { perSecond: 2000, seconds: 3600, waits: true };
  const table = { ...roomy, tableWrites: 40_000 };

  const fresh = simulate(contact, table, { ...load, newTable: { writes: 4000 } });

  expect(fresh.takenAfter).toBeGreaterThan(simulate(contact, table, load).takenAfter);
  expect(fresh.held[0]?.name).toBe('DynamoDB: writes of the table');
});

test('what gets dearer with what was done stops what shares its partition', () => {
  const dearer = (done: number) => ({ stage: 'scoring', read: done / 100 });
  const scarce = { ...roomy, tableReads: 3000 };
  const load = { perSecond: 100, seconds: 600 };

  expect(simulate(contact, scarce, load).refused).toBe(0);
  expect(simulate(contact, scarce, { ...load, dearer }).refused).toBeGreaterThan(30_000);
});

describe('whatever comes', () => {
  const scarcity = fc.record({
    appsyncTokens: fc.integer({ min: 10, max: 500 }),
    tableWrites: fc.integer({ min: 50, max: 2000 }),
    eventInvocations: fc.integer({ min: 10, max: 500 }),
  });
  const load = fc.record({
    perSecond: fc.integer({ min: 10, max: 400 }),
    seconds: fc.integer({ min: 1, max: 30 }),
  });

  test('the same seed gives the same outcome', () => {
    fc.assert(
      fc.property(scarcity, load, fc.integer(), (scarce, coming, seed) => {
        const once = () => simulate(contact, { ...roomy, ...scarce }, coming, seed);
        expect(once()).toEqual(once());
      }),
      { numRuns: 50 },
    );
  });

  test('what came was taken or refused, and about as much came as on average', () => {
    fc.assert(
      fc.property(scarcity, load, (scarce, coming) => {
        const { accepted, refused } = simulate(contact, { ...roomy, ...scarce }, coming);
        const average = coming.perSecond * coming.seconds;
        expect(Math.abs(accepted + refused - average)).toBeLessThanOrEqual(0.1 * average + 1);
      }),
      { numRuns: 50 },
    );
  });

  test('where everything has room, the same is brought, and in no longer time', () => {
    fc.assert(
      fc.property(scarcity, load, (scarce, coming) => {
        const wanted = { ...coming, waits: true };
        const tight = simulate(contact, { ...roomy, ...scarce }, wanted);
        const wide = simulate(contact, roomy, wanted);
        expect(wide.accepted).toBe(tight.accepted);
        expect(wide.takenAfter).toBeLessThanOrEqual(tight.takenAfter);
      }),
      { numRuns: 50 },
    );
  });
});
