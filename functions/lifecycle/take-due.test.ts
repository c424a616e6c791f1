import { describe, expect, test } from 'vitest';
import type { ScoringPolicy } from '../../domain/insights/standing.ts';
import { demoTenant } from '../../test/support/domain.ts';
import type { Fact } from '../../test/support/facts.ts';
import { eventOf, scoringTable } from '../../test/support/scoring-table.ts';
import { rescore } from '../scoring/rescore.ts';
import { type DueTools, takeDue } from './take-due.ts';

const sale: Fact = {
  kind: 'order',
  fact: { kind: 'SALE', placedAt: '2026-01-01T00:00:00.000Z', total: { amount: '10.00', currency: 'GBP' } },
};
const lapsing = '2026-04-01T00:00:00.001Z';
const lapsed = '2026-06-30T00:00:00.001Z';
const tick = (time: string) => ({ id: `tick at ${time}`, time });
const always = () => true;

/** Customers who have bought once, as scoring left them on that day. */
async function bought(...customerIds: string[]) {
  const table = scoringTable();
  for (const customerId of customerIds) {
    table.record(customerId, sale);
    const tools = table.tools(demoTenant, '2026-01-01T00:00:00.000Z');
    await rescore(tools, [eventOf({ customerId, fact: sale }, 0)]);
  }
  const before = table.changes().length;
  return { table, tools: table.tools(demoTenant), told: () => table.changes().slice(before) };
}

describe('takeDue', () => {
  test('tells what time has done, with the clock of the tick and the moment at which it did', async () => {
    const { table, tools, told } = await bought('cus_1');

    await takeDue(tools, tick('2026-04-01T00:01:00.000Z'), always);

    expect(told()).toEqual([
      {
        id: 'chg_1',
        at: '2026-04-01T00:01:00.000Z',
        actor: 'fn_lifecycle',
        reason: 'lifecycle',
        correlationId: 'tick at 2026-04-01T00:01:00.000Z',
        causationId: 'tick at 2026-04-01T00:01:00.000Z',
        events: [
          {
            type: 'crm.customer.stage-changed.v1',
            subject: 'cus_1',
            sequence: 2,
            data: { customerId: 'cus_1', stage: 'LAPSING', previousStage: 'FIRST_TIME', at: lapsing },
          },
        ],
      },
    ]);
    expect(table.scoreOf('cus_1')).toMatchObject({ stage: 'LAPSING', nextDueAt: lapsed, version: 2 });
  });

  test.each([
    ['before it is due', '2026-04-01T00:00:00.000Z', 0],
    ['at the millisecond', lapsing, 1],
    ['long after all of it was due', '2027-01-01T00:00:00.000Z', 2],
  ])('%s tells it so many times: %s, %i', async (_, time, times) => {
    const { tools, told } = await bought('cus_1');

    await takeDue(tools, tick(time), always);
    await takeDue(tools, tick(time), always);

    expect(told()).toHaveLength(times);
  });

  test('undoes nothing with a tick that comes late', async () => {
    const { table, tools, told } = await bought('cus_1');
    await takeDue(tools, tick('2027-01-01T00:00:00.000Z'), always);

    await takeDue(tools, tick('2026-04-02T00:00:00.000Z'), always);

    expect(told()).toHaveLength(2);
    expect(table.scoreOf('cus_1').stage).toBe('LAPSED');
  });

  test('reads on to the last page of a shard', async () => {
    const { table, tools } = await bought('cus_1', 'cus_2');
    const paged: DueTools = {
      ...tools,
      shards: ['all'],
      due: async (_shard, _until, after) =>
        after ? { customerIds: ['cus_2'] } : { customerIds: ['cus_1'], next: 'a page' },
    };

    await takeDue(paged, tick(lapsing), always);

    expect([table.scoreOf('cus_1').stage, table.scoreOf('cus_2').stage]).toEqual(['LAPSING', 'LAPSING']);
  });

  test('leaves to the next tick what there is no time for', async () => {
    const { tools, told } = await bought('cus_1', 'cus_2');
    let left = 1;

    await takeDue(tools, tick(lapsing), () => left-- > 0);
    expect(told()).toHaveLength(1);
    await takeDue(tools, tick(lapsed), always);
    expect(told()).toHaveLength(4);
  });

  test('goes on with the others when it fails on a customer, and fails at the end', async () => {
    const { table, tools } = await bought('cus_1', 'cus_2');
    const failing: DueTools = {
      ...tools,
      write: async (score, ...rest) => {
        if (score.customerId === 'cus_1') throw new Error('the table is busy');
        return tools.write(score, ...rest);
      },
    };

    await expect(takeDue(failing, tick(lapsing), always)).rejects.toThrow('What was due of 1 customers');

    expect(table.scoreOf('cus_1').stage).toBe('FIRST_TIME');
    expect(table.scoreOf('cus_2').stage).toBe('LAPSING');
  });

  test('believes the score and not the index, which may be a moment old', async () => {
    const { table, tools, told } = await bought('cus_1');
    const stale: DueTools = { ...tools, due: async () => ({ customerIds: ['cus_1', 'cus_unknown'] }) };

    await takeDue(stale, tick('2026-02-01T00:00:00.000Z'), always);

    expect(told()).toEqual([]);
    expect(table.scoreOf('cus_1').version).toBe(1);
  });

  test('moves a customer in the index, and tells nobody, when the tenant waits longer now', async () => {
    const { table, told } = await bought('cus_1');
    const patient = { ...demoTenant, lifecycle: { lapsingAfterDays: 100, lapsedAfterDays: 180 } };

    await takeDue(table.tools(patient), tick(lapsing), always);

    expect(told()).toEqual([]);
    expect(table.scoreOf('cus_1')).toMatchObject({ version: 2, nextDueAt: '2026-04-11T00:00:00.001Z' });
  });

  test('counts a score anew when the policy of the tenant has changed', async () => {
    const { table, told } = await bought('cus_1');
    const engagement = {
      ...demoTenant.engagement,
      key: 'new',
      points: { ...demoTenant.engagement.points, sale: 3 },
    };
    const policy: ScoringPolicy = { ...demoTenant, engagement };

    await takeDue(table.tools(policy), tick(lapsing), always);

    expect(table.scoreOf('cus_1')).toMatchObject({ policy: 'new', stage: 'LAPSING' });
    expect(table.scoreOf('cus_1').engagement?.value).toBeCloseTo(3, 9);
    expect(told().map(({ events }) => events.map(({ type }) => type))).toEqual([
      ['crm.score.changed.v1', 'crm.customer.stage-changed.v1'],
    ]);
  });
});
