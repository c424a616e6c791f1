import { describe, expect, test } from 'vitest';
import { demoTenant } from '../../test/support/domain.ts';
import { cancelled, type Fact } from '../../test/support/facts.ts';
import {
  cancellationOf,
  eventOf,
  type ScoringTable,
  scoringTable,
} from '../../test/support/scoring-table.ts';
import { periodsOf, rescore } from './rescore.ts';
import type { Tools } from './settle.ts';

/** So low that two sales are above it, and one is not. */
const firm = { ...demoTenant, thresholds: { hot: 20 } };

const sale = (day: string): Fact => ({
  kind: 'order',
  fact: { kind: 'SALE', placedAt: `${day}T10:00:00.000Z`, total: { amount: '10.00', currency: 'GBP' } },
});
const placing = (fact: Fact, index = 0) => eventOf({ customerId: 'cus_1', fact }, index);
const cancelling = (fact: Fact, index = 0) => cancellationOf({ customerId: 'cus_1', fact }, index);

async function place(table: ScoringTable, ...facts: readonly Fact[]): Promise<void> {
  for (const fact of facts) {
    table.record('cus_1', fact);
    await rescore(table.tools(firm), [placing(fact)]);
  }
}

async function cancel(table: ScoringTable, fact: Fact, tools: Tools = table.tools(firm)): Promise<void> {
  table.replace('cus_1', fact, cancelled(fact));
  await rescore(tools, [cancelling(fact)]);
}

describe('an order that is cancelled', () => {
  test('is looked for in the month in which it was placed', () => {
    expect(periodsOf([cancelling(sale('2026-10-31'))])).toEqual([{ kind: 'orders', period: '2026-10' }]);
  });

  test('is looked for, unlike one that is fulfilled and goes on counting', () => {
    const event = cancelling(sale('2026-10-31'));
    const fulfilled = { ...event, data: { ...event.data, state: 'FULFILLED' } } as typeof event;

    expect(periodsOf([fulfilled])).toEqual([]);
  });

  test('counts no more, and the stage and thresholds that it made are told to be over', async () => {
    const table = scoringTable();
    const [first, second] = [sale('2026-11-20'), sale('2026-11-21')];
    await place(table, first, second);
    expect(table.scoreOf('cus_1')).toMatchObject({ frequency: 2, stage: 'ACTIVE', above: ['hot'] });

    await cancel(table, second);

    expect(table.scoreOf('cus_1')).toMatchObject({
      frequency: 1,
      lastOrderAt: '2026-11-20T10:00:00.000Z',
      monetary: { GBP: '10.00' },
      stage: 'FIRST_TIME',
      above: [],
    });
    expect(table.scoreOf('cus_1').previousOrderAt).toBeUndefined();
    expect(table.toldOf('cus_1').slice(-3)).toMatchObject([
      { type: 'crm.score.changed.v1' },
      { type: 'crm.customer.stage-changed.v1', data: { stage: 'FIRST_TIME', previousStage: 'ACTIVE' } },
      { type: 'crm.score.threshold-crossed.v1', data: { threshold: 'hot', to: 'BELOW' } },
    ]);
  });

  test('gives its place among the two latest to the sale before, from whatever month', async () => {
    const table = scoringTable();
    const [march, july, may] = [sale('2025-03-01'), sale('2025-07-01'), sale('2025-05-01')];
    const latest = sale('2026-11-01');
    await place(table, march, july, may, latest);

    await cancel(table, latest);
    expect(table.scoreOf('cus_1')).toMatchObject({
      lastOrderAt: '2025-07-01T10:00:00.000Z',
      previousOrderAt: '2025-05-01T10:00:00.000Z',
    });
    await cancel(table, july);
    expect(table.scoreOf('cus_1')).toMatchObject({
      lastOrderAt: '2025-05-01T10:00:00.000Z',
      previousOrderAt: '2025-03-01T10:00:00.000Z',
    });
    await cancel(table, march);
    expect(table.scoreOf('cus_1')).toMatchObject({ lastOrderAt: '2025-05-01T10:00:00.000Z', frequency: 1 });
    expect(table.scoreOf('cus_1').previousOrderAt).toBeUndefined();
  });

  test('makes the buckets of other months be read only when it was among the two latest', async () => {
    const table = scoringTable();
    const facts = [sale('2025-03-01'), sale('2025-05-01'), sale('2025-07-01')];
    await place(table, ...facts);
    const asked: string[] = [];
    const real = table.tools(firm);
    const tools: Tools = {
      ...real,
      salesBuckets: (customerId) => {
        asked.push(customerId);
        return real.salesBuckets(customerId);
      },
    };
    const [oldest, , newest] = facts;

    await cancel(table, oldest as Fact, tools);
    expect(asked).toEqual([]);
    await cancel(table, newest as Fact, tools);
    expect(asked).toEqual(['cus_1']);
  });

  test('writes nothing when it is told again', async () => {
    const table = scoringTable();
    const fact = sale('2026-11-20');
    await place(table, fact);
    await cancel(table, fact);
    const { version } = table.scoreOf('cus_1');

    await rescore(table.tools(firm), [cancelling(fact), placing(fact)]);

    expect(table.scoreOf('cus_1').version).toBe(version);
  });

  test('does not count when it was read before it was cancelled and is written after that changed nothing', async () => {
    const table = scoringTable();
    const [other, fact] = [sale('2026-11-20'), sale('2026-11-10')];
    await place(table, other);
    table.record('cus_1', fact);
    const told = table.changes().length;
    const real = table.tools(firm);
    let isFirst = true;
    const late: Tools = {
      ...real,
      write: async (...args) => {
        if (isFirst) {
          isFirst = false;
          await cancel(table, fact);
        }
        return real.write(...args);
      },
    };

    await rescore(late, [placing(fact)]);

    expect(table.scoreOf('cus_1')).toMatchObject({ frequency: 1, monetary: { GBP: '10.00' } });
    expect(table.refusedWrites()).toBe(1);
    expect(table.changes().length).toBe(told);
  });
});
