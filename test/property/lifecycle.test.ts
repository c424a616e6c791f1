import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ScoringPolicy } from '../../domain/insights/standing.ts';
import { type DueTools, takeDue } from '../../functions/lifecycle/take-due.ts';
import { rescore } from '../../functions/scoring/rescore.ts';
import { demoTenant } from '../support/domain.ts';
import type { Fact } from '../support/facts.ts';
import { eventOf, scoringTable } from '../support/scoring-table.ts';

// Time is moved forward by the clock that a tick brings along. Whatever the ticks' sizes, order, repetition and
// interleaving, each thing that time does is told once, and as of the millisecond at which it became true.

const dayMs = 86_400_000;
const began = Date.parse('2026-01-01T00:00:00.000Z');
const at = (days: number, ms = 0) => new Date(began + days * dayMs + ms).toISOString();
const policy: ScoringPolicy = {
  ...demoTenant,
  engagement: { ...demoTenant.engagement, halfLifeDays: 30 },
  lifecycle: { lapsingAfterDays: 90, lapsedAfterDays: 180 },
  thresholds: { hot: 12, lukewarm: 24 / 2 ** 4 },
};
const sale: Fact = {
  kind: 'order',
  fact: { kind: 'SALE', placedAt: at(0), total: { amount: '10.00', currency: 'GBP' } },
};
/** Two sales of 12 points at the same moment: 24, 12 after 30 days, 1.5 after 120. */
const twelvePoints = {
  ...policy,
  engagement: { ...policy.engagement, points: { ...policy.engagement.points, sale: 12 } },
};

const ticks = fc.array(
  fc.oneof(
    fc
      .integer({ min: 0, max: 400 * 24 * 60 })
      .map((minutes) => new Date(began + minutes * 60_000).toISOString()),
    fc.constantFrom(at(30), at(30, -1), at(90), at(90, 1), at(120), at(180), at(180, 1)),
  ),
  { maxLength: 30 },
);
const repeated = fc.array(fc.nat(29), { maxLength: 10 });

async function customerWithTwoSales() {
  const table = scoringTable();
  for (const index of [0, 1]) {
    table.record('cus_1', sale);
    await rescore(table.tools(twelvePoints, at(0)), [eventOf({ customerId: 'cus_1', fact: sale }, index)]);
  }
  const before = table.toldOf('cus_1').length;
  const toldByTime = () =>
    table
      .toldOf('cus_1')
      .slice(before)
      .map(({ data }) => data);
  return { table, tools: table.tools(twelvePoints), toldByTime };
}

const expected = [
  { customerId: 'cus_1', threshold: 'hot', to: 'BELOW', at: at(30) },
  { customerId: 'cus_1', stage: 'LAPSING', previousStage: 'ACTIVE', at: at(90, 1) },
  { customerId: 'cus_1', threshold: 'lukewarm', to: 'BELOW', at: at(120) },
  { customerId: 'cus_1', stage: 'LAPSED', previousStage: 'LAPSING', at: at(180, 1) },
];

const tickAt = (tools: DueTools, time: string) => takeDue(tools, { id: time, time }, () => true);

test('ACTIVE, LAPSING and LAPSED are each told once as time moves on, whatever the ticks', async () => {
  await fc.assert(
    fc.asyncProperty(ticks, repeated, async (times, again) => {
      const { tools, toldByTime } = await customerWithTwoSales();
      for (const time of [...times, ...again.flatMap((index) => times[index] ?? [])]) {
        await tickAt(tools, time);
      }
      const reached = times.toSorted().at(-1) ?? at(0);

      expect(toldByTime()).toEqual(expected.filter((one) => one.at <= reached));
      await tickAt(tools, at(1000));
      expect(toldByTime()).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

test('ticks that are handled at the same time tell nothing twice, and in the order of time', async () => {
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), ticks, async (scheduler, times) => {
      const { table, tools, toldByTime } = await customerWithTwoSales();
      const later =
        <A extends unknown[], R>(act: (...args: A) => Promise<R>) =>
        async (...args: A): Promise<R> => {
          await scheduler.schedule(Promise.resolve());
          return act(...args);
        };
      const late = { ...tools, score: later(tools.score), write: later(tools.write), due: later(tools.due) };

      await scheduler.waitFor(Promise.all([...times, at(1000)].map((time) => tickAt(late, time))));

      refused += table.refusedWrites();
      expect(toldByTime()).toEqual(expected);
    }),
    { numRuns: 500 },
  );
  expect(refused).toBeGreaterThan(100);
});

test('nothing is left to do when all is told', async () => {
  const { table, tools } = await customerWithTwoSales();
  await tickAt(tools, at(1000));
  const { version } = table.scoreOf('cus_1');

  await tickAt(tools, at(2000));

  expect(table.scoreOf('cus_1')).toMatchObject({ version, stage: 'LAPSED', above: [] });
  expect(table.scoreOf('cus_1').nextDueAt).toBeUndefined();
});
