import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ScoringPolicy } from '../../domain/insights/standing.ts';
import { demoTenant, now, policy } from '../../test/support/domain.ts';
import { anyFact, type Fact, naiveScore, naiveStanding } from '../../test/support/facts.ts';
import { eventOf, type ScoringTable, scoringTable } from '../../test/support/scoring-table.ts';
import { rescore } from './rescore.ts';
import type { Tools } from './settle.ts';

const slow: ScoringPolicy = { ...demoTenant, engagement: { ...policy, key: 'slow', halfLifeDays: 45 } };
const fast: ScoringPolicy = {
  ...demoTenant,
  engagement: { ...policy, key: 'fast', halfLifeDays: 2, points: { ...policy.points, sale: 3 } },
};

const callOn = (day: number): Fact => ({
  kind: 'interaction',
  fact: {
    channel: 'PHONE',
    direction: 'INBOUND',
    occurredAt: new Date(Date.UTC(2026, 0, 1 + day, 12)).toISOString(),
  },
});

async function tell(table: ScoringTable, facts: readonly Fact[], under: ScoringPolicy): Promise<void> {
  for (const [index, fact] of facts.entries()) {
    table.record('cus_1', fact);
    await rescore(table.tools(under), [eventOf({ customerId: 'cus_1', fact }, index)]);
  }
}

function assess(table: ScoringTable, facts: readonly Fact[], under: ScoringPolicy): void {
  const expected = naiveScore(facts, under);
  const score = table.scoreOf('cus_1');
  expect(score).toMatchObject({
    frequency: expected.frequency,
    monetary: expected.monetary,
    policy: under.engagement.key,
  });
  expect(score.reporting).toEqual(expected.reporting);
  expect(score.previousOrderAt).toBe(expected.previousOrderAt);
  expect(score.engagement?.at).toBe(expected.engagement?.at);
  const value = expected.engagement?.value ?? 0;
  expect(Math.abs((score.engagement?.value ?? 0) - value)).toBeLessThanOrEqual(Math.max(value * 1e-6, 1e-5));
}

/** A score or bucket without what was not kept once. */
function asItWas<T extends object>(stored: T): T {
  const { previousOrderAt, previousSaleAt, reporting, stage, above, nextDueAt, evaluatedAt, ...rest } =
    stored as T & Record<string, unknown>;
  return rest as unknown as T;
}

describe('when the policy of the tenant has changed', () => {
  test('the next event counts the whole history under the new one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyFact, { minLength: 1, maxLength: 12 }),
        fc.array(anyFact, { minLength: 1, maxLength: 12 }),
        async (before, after) => {
          const table = scoringTable();

          await tell(table, before, slow);
          await tell(table, after, fast);

          assess(table, [...before, ...after], fast);
        },
      ),
    );
  });

  test('the next event gives a score from before stages and reporting currency all that it lacks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyFact, { minLength: 1, maxLength: 12 }), anyFact, async (before, last) => {
        const table = scoringTable();
        const tools = table.tools(slow);
        const asOnce: Tools = {
          ...tools,
          write: (score, changed, change) => tools.write(asItWas(score), changed.map(asItWas), change),
        };
        for (const [index, fact] of before.entries()) {
          table.record('cus_1', fact);
          await rescore(asOnce, [eventOf({ customerId: 'cus_1', fact }, index)]);
        }

        await tell(table, [last], fast);

        const facts = [...before, last];
        assess(table, facts, fast);
        expect(table.scoreOf('cus_1')).toMatchObject(naiveStanding(facts, now, fast));
      }),
    );
  });

  test('a history of more periods than one write can hold is counted in several', async () => {
    const history = Array.from({ length: 200 }, (_, day) => callOn(day));
    const table = scoringTable();
    await tell(table, history, slow);
    const version = table.scoreOf('cus_1').version;

    await tell(table, [callOn(200)], fast);

    assess(table, [...history, callOn(200)], fast);
    expect(table.scoreOf('cus_1').recounting).toBeUndefined();
    expect(table.scoreOf('cus_1').version).toBe(version + 3);
  });

  test('tells stage and thresholds when all is counted, and not before', async () => {
    const history = Array.from({ length: 200 }, (_, day) => callOn(day));
    const table = scoringTable();
    await tell(table, history, slow);
    const before = table.changes().length;

    await tell(table, [callOn(200)], { ...fast, thresholds: { any: 1e-30 } });

    expect(
      table
        .changes()
        .slice(before)
        .map(({ events }) => events.map(({ type }) => type)),
    ).toEqual([
      ['crm.score.changed.v1'],
      ['crm.score.changed.v1'],
      ['crm.score.changed.v1', 'crm.score.threshold-crossed.v1'],
    ]);
  });

  test('a count that was cut off is gone on with at the next event', async () => {
    const history = Array.from({ length: 200 }, (_, day) => callOn(day));
    const table = scoringTable();
    await tell(table, history, slow);
    const tools = table.tools(fast);
    let writes = 0;
    const dying = {
      ...tools,
      write: async (...args: Parameters<typeof tools.write>) => {
        if (writes++ > 0) throw new Error('killed');
        return tools.write(...args);
      },
    };
    const last = eventOf({ customerId: 'cus_1', fact: callOn(199) }, 199);

    await expect(rescore(dying, [last])).rejects.toThrow('killed');
    expect(table.scoreOf('cus_1').recounting).toBe(true);
    await rescore(tools, [last]);

    assess(table, history, fast);
  });
});

test('facts decades apart come to a score, however short the half-life', async () => {
  const daily = { ...demoTenant, engagement: { ...policy, key: 'daily', halfLifeDays: 1 } };
  const call = { channel: 'PHONE', direction: 'INBOUND' } as const;
  const facts: Fact[] = [
    { kind: 'interaction', fact: { ...call, occurredAt: '1990-06-01T12:00:00.000Z' } },
    {
      kind: 'order',
      fact: {
        kind: 'RETURN',
        placedAt: '2026-06-01T12:00:00.000Z',
        total: { amount: '-5.00', currency: 'GBP' },
      },
    },
    { kind: 'interaction', fact: { ...call, occurredAt: '2026-06-02T12:00:00.000Z' } },
    { kind: 'interaction', fact: { ...call, occurredAt: '1970-06-02T12:00:00.000Z' } },
  ];
  const table = scoringTable();

  await tell(table, facts, daily);

  assess(table, facts, daily);
});
