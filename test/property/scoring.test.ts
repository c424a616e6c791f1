import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rescore, type Tools } from '../../functions/scoring/rescore.ts';
import { policy } from '../support/domain.ts';
import { anyFact, type Fact, naiveScore } from '../support/facts.ts';
import { eventOf, type ScoringTable, scoringTable } from '../support/scoring-table.ts';

// Deliveries come at least once, in any order and several at a time. Whatever the schedule of their reads and writes,
// the score ends as the definition says: S(t) = Σ p·2^(−age/H) over all facts.

interface Story {
  /** What happened, to whom. */
  readonly happened: readonly { readonly customerId: string; readonly fact: Fact }[];
  /** Which events are delivered together, once more than the delivery that each event gets by itself. */
  readonly repeated: readonly (readonly number[])[];
}

const story: fc.Arbitrary<Story> = fc
  .array(fc.record({ customerId: fc.constantFrom('cus_1', 'cus_2'), fact: anyFact }), {
    minLength: 1,
    maxLength: 10,
  })
  .chain((happened) =>
    fc.record({
      happened: fc.constant(happened),
      repeated: fc.array(fc.array(fc.nat(happened.length - 1), { minLength: 1, maxLength: 4 }), {
        maxLength: 5,
      }),
    }),
  );

/** A change of the tools that ought to be noticed. */
type Mutation = (tools: Tools, table: ScoringTable) => Tools;

const unchanged: Mutation = (tools) => tools;

/** Writes the facts and delivers their events, every read and write at a moment that the scheduler chooses. */
async function run(scheduler: fc.Scheduler, { happened, repeated }: Story, mutate: Mutation) {
  const table = scoringTable();
  const mutated = mutate(table.tools(policy), table);
  const later =
    <A extends unknown[], R>(act: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await scheduler.schedule(Promise.resolve());
      return act(...args);
    };
  const tools: Tools = {
    ...mutated,
    score: later(mutated.score),
    buckets: later(mutated.buckets),
    interactionFacts: later(mutated.interactionFacts),
    orderFacts: later(mutated.orderFacts),
    write: later(mutated.write),
  };

  const written = happened.map(({ customerId, fact }) =>
    scheduler.schedule(Promise.resolve()).then(() => table.record(customerId, fact)),
  );
  const deliveries = [...happened.map((_, index) => [index]), ...repeated];
  const handled = deliveries.map(async (indexes) => {
    await Promise.all(indexes.map((index) => written[index]));
    const events = indexes.map((index) => eventOf(happened[index] as Story['happened'][number], index));
    const byCustomer = Map.groupBy(events, ({ data }) => data.customerId);
    await Promise.all([...byCustomer.values()].map((group) => rescore(tools, group)));
  });
  await scheduler.waitFor(Promise.all(handled));
  return table;
}

function assess(table: ScoringTable, { happened }: Story) {
  for (const customerId of new Set(happened.map((one) => one.customerId))) {
    const facts = happened.filter((one) => one.customerId === customerId).map(({ fact }) => fact);
    const expected = naiveScore(facts, policy);
    const { engagement, version: _, ...rest } = table.scoreOf(customerId);

    expect(rest).toEqual({ ...without(expected, 'engagement'), customerId });
    expect(engagement?.at).toBe(expected.engagement?.at);
    const value = expected.engagement?.value ?? 0;
    expect(Math.abs((engagement?.value ?? 0) - value)).toBeLessThanOrEqual(value * 1e-6);
  }
}

function without<T extends object, K extends keyof T>(whole: T, name: K): Omit<T, K> {
  const { [name]: _, ...rest } = whole;
  return rest;
}

const convergence = (mutate: Mutation, seen: (table: ScoringTable) => void = () => {}) =>
  fc.asyncProperty(fc.scheduler(), story, async (scheduler, told) => {
    const table = await run(scheduler, told, mutate);
    seen(table);
    assess(table, told);
  });

describe('scoring', () => {
  test('ends at the score of all facts, however deliveries repeat, change places and interleave', async () => {
    let refused = 0;

    await fc.assert(
      convergence(unchanged, (table) => {
        refused += table.refusedWrites();
      }),
      { numRuns: 1000 },
    );

    expect(refused).toBeGreaterThan(100);
  });

  const mutants: readonly (readonly [string, Mutation])[] = [
    [
      'writes whatever the version',
      (tools, table) => ({ ...tools, write: async (score, changed) => table.overwrite(score, changed) }),
    ],
    [
      'writes the buckets even when the score was changed',
      (tools, table) => ({
        ...tools,
        write: async (score, changed, change) => {
          const done = await tools.write(score, changed, change);
          if (!done) table.overwrite(table.scoreOf(score.customerId), changed);
          return done;
        },
      }),
    ],
    [
      'reads facts that are a moment old',
      (tools, table) => ({
        ...tools,
        interactionFacts: async (customerId, day) => table.interactionsBut(1, customerId, day),
        orderFacts: async (customerId, month) => table.ordersBut(1, customerId, month),
      }),
    ],
    [
      'forgets what a bucket said before',
      (tools) => ({
        ...tools,
        buckets: async (customerId, periods) =>
          periods.map((period) => ({ ...period, customerId, weight: 0, sales: 0, monetary: {} })),
      }),
    ],
  ];

  test.each(mutants)('would be caught if it %s', async (_, mutate) => {
    const outcome = await fc.check(convergence(mutate), { numRuns: 300, endOnFailure: true });

    expect(outcome.failed).toBe(true);
  });
});
