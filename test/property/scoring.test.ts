import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ScoringPolicy } from '../../domain/insights/standing.ts';
import { type DueTools, takeDue } from '../../functions/lifecycle/take-due.ts';
import { rescore } from '../../functions/scoring/rescore.ts';
import { demoTenant } from '../support/domain.ts';
import { anyFact, anySale, cancelled, type Fact, naiveScore, naiveStanding } from '../support/facts.ts';
import { cancellationOf, eventOf, type ScoringTable, scoringTable } from '../support/scoring-table.ts';

// Deliveries come at least once, in any order and several at a time. Whatever the schedule of their reads and writes,
// the score ends as the definition says: S(t) = Σ p·2^(−age/H) over all facts. Ticks of the clock come the same way, and
// what was told of stage and thresholds ends at where all facts and the latest tick put the customer. An order that is
// cancelled at whatever moment ends as if it had never counted.

/** Short enough that stages end, and thresholds are crossed, within the months of the facts. */
const policy: ScoringPolicy = {
  ...demoTenant,
  lifecycle: { lapsingAfterDays: 10, lapsedAfterDays: 30 },
  thresholds: { warm: 4, hot: 12 },
};

interface Story {
  /** What happened, to whom. */
  readonly happened: readonly { readonly customerId: string; readonly fact: Fact }[];
  /** Which orders are cancelled after they were placed, as often as they are told to be; contacts among them are not. */
  readonly withdrawn: readonly number[];
  /** Which events are delivered together, once more than the delivery that each event gets by itself. */
  readonly repeated: readonly (readonly number[])[];
  /** What the clock of scoring shows. */
  readonly clock: string;
  /** The times of the ticks, in the order in which they are handled; one more ends the story. */
  readonly ticks: readonly string[];
}

const moment = fc
  .date({ min: new Date('2025-11-01'), max: new Date('2026-05-01'), noInvalidDate: true })
  .map((date) => date.toISOString());

const story: fc.Arbitrary<Story> = fc
  .array(fc.record({ customerId: fc.constantFrom('cus_1', 'cus_2'), fact: anyFact }), {
    minLength: 1,
    maxLength: 10,
  })
  .chain((happened) =>
    fc.record({
      happened: fc.constant(happened),
      withdrawn: fc.array(fc.nat(happened.length - 1), { maxLength: 5 }),
      repeated: fc.array(fc.array(fc.nat(happened.length - 1), { minLength: 1, maxLength: 4 }), {
        maxLength: 5,
      }),
      clock: moment,
      ticks: fc.array(moment, { maxLength: 4 }),
    }),
  );

/** Nothing but sales, many of them at the same moments, some of which are cancelled. */
const cancelling: fc.Arbitrary<Story> = fc.array(anySale, { minLength: 1, maxLength: 5 }).chain((sales) =>
  fc.record({
    happened: fc.constant(sales.map((fact) => ({ customerId: 'cus_1', fact }))),
    withdrawn: fc.array(fc.nat(sales.length - 1), { minLength: 1, maxLength: 3 }),
    repeated: fc.constant([]),
    clock: moment,
    ticks: fc.constant([]),
  }),
);

/** A change of the tools that ought to be noticed. */
type Mutation = (tools: DueTools, table: ScoringTable) => DueTools;

const unchanged: Mutation = (tools) => tools;

/** Writes the facts and delivers their events, every read and write at a moment that the scheduler chooses. */
async function run(scheduler: fc.Scheduler, told: Story, mutate: Mutation) {
  const { happened, withdrawn, repeated, clock, ticks } = told;
  const table = scoringTable();
  const mutated = mutate(table.tools(policy, clock), table);
  const later =
    <A extends unknown[], R>(act: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await scheduler.schedule(Promise.resolve());
      return act(...args);
    };
  const tools: DueTools = {
    ...mutated,
    score: later(mutated.score),
    buckets: later(mutated.buckets),
    interactionFacts: later(mutated.interactionFacts),
    orderFacts: later(mutated.orderFacts),
    salesBuckets: later(mutated.salesBuckets),
    write: later(mutated.write),
    due: later(mutated.due),
  };
  const tick = (time: string) => takeDue(tools, { id: `tick at ${time}`, time }, () => true);

  const written = happened.map(({ customerId, fact }) =>
    scheduler.schedule(Promise.resolve()).then(() => table.record(customerId, fact)),
  );
  const cancellations = withdrawn.map(async (index) => {
    const one = happened[index] as Story['happened'][number];
    await written[index];
    await scheduler.schedule(Promise.resolve());
    table.replace(one.customerId, one.fact, cancelled(one.fact));
    await rescore(tools, [cancellationOf(one, index)]);
  });
  const deliveries = [...happened.map((_, index) => [index]), ...repeated];
  const handled = deliveries.map(async (indexes) => {
    await Promise.all(indexes.map((index) => written[index]));
    const events = indexes.map((index) => eventOf(happened[index] as Story['happened'][number], index));
    const byCustomer = Map.groupBy(events, ({ data }) => data.customerId);
    await Promise.all([...byCustomer.values()].map((group) => rescore(tools, group)));
  });
  const ticked = ticks.map((time) => scheduler.schedule(Promise.resolve()).then(() => tick(time)));
  await scheduler.waitFor(Promise.all([...handled, ...cancellations, ...ticked]));
  await scheduler.waitFor(tick(latest(told)));
  return table;
}

const latest = ({ clock, ticks }: Story): string => [clock, ...ticks].sort().at(-1) ?? clock;

/** When the plain comparison sees a fall, too: the engine takes one as fallen some milliseconds before (`threshold.ts`). */
const soonAfter = (due: string) => new Date(Date.parse(due) + 10).toISOString();

function assess(table: ScoringTable, story: Story) {
  const happened = story.happened.map(({ customerId, fact }, index) => ({
    customerId,
    fact: story.withdrawn.includes(index) ? cancelled(fact) : fact,
  }));
  for (const customerId of new Set(happened.map((one) => one.customerId))) {
    const facts = happened.filter((one) => one.customerId === customerId).map(({ fact }) => fact);
    const expected = naiveScore(facts, policy);
    const score = table.scoreOf(customerId);
    const { engagement, version, stage, above, nextDueAt, evaluatedAt, ...rest } = score;

    expect(rest).toEqual({ ...without(expected, 'engagement'), customerId });
    expect(engagement?.at).toBe(expected.engagement?.at);
    const value = expected.engagement?.value ?? 0;
    expect(Math.abs((engagement?.value ?? 0) - value)).toBeLessThanOrEqual(Math.max(value, 1) * 1e-6);

    if (version === 0) continue;
    expect({ stage, above }).toEqual(naiveStanding(facts, latest(story), policy));
    if (nextDueAt) expect(naiveStanding(facts, soonAfter(nextDueAt), policy)).not.toEqual({ stage, above });
    expect(lastTold(table, customerId)).toEqual({ stage, above });
  }
}

/** Where the events put the customer; each has to go on from the one before, and at no earlier clock. */
function lastTold(table: ScoringTable, customerId: string) {
  let stage: string | undefined;
  let clock = '';
  const above = new Set<string>();
  for (const event of table.toldOf(customerId)) {
    if (event.type === 'crm.customer.stage-changed.v1') {
      expect(event.data.at >= clock).toBe(true);
      clock = event.data.at;
      expect(event.data.previousStage).toBe(stage);
      expect(event.data.stage).not.toBe(stage);
      stage = event.data.stage;
    }
    if (event.type === 'crm.score.threshold-crossed.v1') {
      const { threshold, to, at } = event.data;
      expect(at >= clock).toBe(true);
      clock = at;
      expect(above.has(threshold)).toBe(to === 'BELOW');
      if (to === 'ABOVE') above.add(threshold);
      else above.delete(threshold);
    }
  }
  return { stage, above: [...above].sort() };
}

function without<T extends object, K extends keyof T>(whole: T, name: K): Omit<T, K> {
  const { [name]: _, ...rest } = whole;
  return rest;
}

const convergence = (
  mutate: Mutation,
  stories: fc.Arbitrary<Story>,
  seen: (table: ScoringTable) => void = () => {},
) =>
  fc.asyncProperty(fc.scheduler(), stories, async (scheduler, told) => {
    const table = await run(scheduler, told, mutate);
    seen(table);
    assess(table, told);
  });

describe('scoring', () => {
  test('ends at the score and the standing of all facts, however deliveries repeat, change places and interleave', async () => {
    let refused = 0;

    await fc.assert(
      convergence(unchanged, story, (table) => {
        refused += table.refusedWrites();
      }),
      { numRuns: 1000 },
    );

    expect(refused).toBeGreaterThan(100);
  });

  test('ends as if what was cancelled had never counted, whenever it is cancelled', async () => {
    await fc.assert(convergence(unchanged, cancelling), { numRuns: 1000 });
  });

  const mutants: readonly (readonly [string, Mutation])[] = [
    [
      'writes whatever the version',
      (tools, table) => ({ ...tools, write: async (...args) => table.overwrite(...args) }),
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
    [
      'forgets the sale before the last',
      (tools) => ({
        ...tools,
        write: (score, ...rest) => tools.write(without(score, 'previousOrderAt'), ...rest),
      }),
    ],
    [
      'forgets what it told',
      (tools) => ({ ...tools, score: async (id) => without(await tools.score(id), 'stage') }),
    ],
    ['passes over a shard of what is due', (tools) => ({ ...tools, shards: ['01'] })],
    [
      'lets the clock go back',
      (tools) => ({ ...tools, score: async (id) => without(await tools.score(id), 'evaluatedAt') }),
    ],
  ];

  const mutantsThatCancel: typeof mutants = [
    [
      'does not look for the sale before a cancelled one',
      (tools) => ({ ...tools, salesBuckets: async () => [] }),
    ],
    [
      'counts what was cancelled',
      (tools) => ({
        ...tools,
        orderFacts: async (...args) =>
          (await tools.orderFacts(...args)).map((fact) => without(fact, 'state')),
      }),
    ],
  ];

  const isCaught = async (mutate: Mutation, stories: fc.Arbitrary<Story>) =>
    (await fc.check(convergence(mutate, stories), { numRuns: 500, endOnFailure: true })).failed;

  test.each(mutants)('would be caught if it %s', async (_, mutate) => {
    expect(await isCaught(mutate, story)).toBe(true);
  });

  test.each(mutantsThatCancel)('would be caught if it %s', async (_, mutate) => {
    expect(await isCaught(mutate, cancelling)).toBe(true);
  });
});
