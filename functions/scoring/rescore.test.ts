import { describe, expect, test } from 'vitest';
import type { CustomerEvent } from '../../domain/events.ts';
import { policy } from '../../test/support/domain.ts';
import type { Fact } from '../../test/support/facts.ts';
import { eventOf, scoringTable } from '../../test/support/scoring-table.ts';
import { periodsOf, rescore, type Tools } from './rescore.ts';

const call = (occurredAt: string): Fact => ({
  kind: 'interaction',
  fact: { channel: 'PHONE', direction: 'INBOUND', occurredAt },
});
const sale = (placedAt: string): Fact => ({
  kind: 'order',
  fact: { kind: 'SALE', placedAt, total: { amount: '10.00', currency: 'GBP' } },
});
const deliver = (index: number, fact: Fact) => eventOf({ customerId: 'cus_1', fact }, index);

/** Tools that note what they were asked for. */
function observed(tools: Tools) {
  const asked: string[] = [];
  const written: Parameters<Tools['write']>[] = [];
  const observing: Tools = {
    ...tools,
    score: (...args) => {
      asked.push('score');
      return tools.score(...args);
    },
    interactionFacts: (...args) => {
      asked.push(`interactions of ${args[1]}`);
      return tools.interactionFacts(...args);
    },
    orderFacts: (...args) => {
      asked.push(`orders of ${args[1]}`);
      return tools.orderFacts(...args);
    },
    write: (...args) => {
      written.push(args);
      return tools.write(...args);
    },
  };
  return { asked, written, tools: observing };
}

describe('periodsOf', () => {
  test('are the days of interactions and the months of orders, each once', () => {
    const events = [
      call('2026-11-22T23:00:00.000Z'),
      call('2026-11-22T01:00:00.000Z'),
      sale('2026-11-22T01:00:00.000Z'),
      sale('2026-11-01T00:00:00.000Z'),
      call('2026-11-23T00:00:00.000Z'),
    ].map((fact, index) => deliver(index, fact));

    expect(periodsOf(events)).toEqual([
      { kind: 'interactions', period: '2026-11-22' },
      { kind: 'orders', period: '2026-11' },
      { kind: 'interactions', period: '2026-11-23' },
    ]);
  });
});

describe('rescore', () => {
  const fact = call('2026-11-22T12:00:00.000Z');

  test('reads the score first, then only the periods of the events', async () => {
    const table = scoringTable();
    table.record('cus_1', fact);
    const { asked, tools } = observed(table.tools(policy));

    await rescore(tools, [deliver(0, fact), deliver(1, sale('2026-10-01T00:00:00.000Z'))]);

    expect(asked).toEqual(['score', 'interactions of 2026-11-22', 'orders of 2026-10']);
  });

  test('writes the score with its buckets, and a stamp that says which event caused it', async () => {
    const table = scoringTable();
    table.record('cus_1', fact);
    const { written, tools } = observed(table.tools(policy));

    await rescore(tools, [deliver(7, fact)]);

    const [score, buckets, change] = written[0] ?? [];
    expect(score).toMatchObject({ version: 1, engagement: { at: '2026-11-22T12:00:00.000Z' } });
    expect(score?.engagement?.value).toBeCloseTo(8, 9);
    expect(buckets).toEqual([expect.objectContaining({ kind: 'interactions', period: '2026-11-22' })]);
    expect(change).toEqual({
      id: 'chg_1',
      at: '2026-11-22T12:00:00.000Z',
      actor: 'fn_scoring',
      reason: 'scoring',
      correlationId: 'req_7',
      causationId: 'evt_7',
      events: [
        {
          type: 'crm.score.changed.v1',
          subject: 'cus_1',
          sequence: 1,
          data: { customerId: 'cus_1', at: '2026-11-22T12:00:00.000Z' },
        },
      ],
    });
  });

  test('writes nothing when the score says the same already', async () => {
    const table = scoringTable();
    table.record('cus_1', fact);
    const { written, tools } = observed(table.tools(policy));
    await rescore(tools, [deliver(0, fact)]);

    await rescore(tools, [deliver(0, fact), deliver(0, fact)]);

    expect(written).toHaveLength(1);
  });

  test('starts again when the score was changed meanwhile', async () => {
    const table = scoringTable();
    table.record('cus_1', fact);
    const late = sale('2026-11-23T00:00:00.000Z');
    let disturbed = false;
    const tools = table.tools(policy);
    const disturbing: Tools = {
      ...tools,
      write: async (...args) => {
        if (!disturbed) {
          disturbed = true;
          table.record('cus_1', late);
          await rescore(tools, [deliver(1, late)]);
        }
        return tools.write(...args);
      },
    };

    await rescore(disturbing, [deliver(0, fact)]);

    expect(table.refusedWrites()).toBe(1);
    expect(table.scoreOf('cus_1')).toMatchObject({ version: 2, frequency: 1 });
  });

  test('gives up after 20 attempts, so that the events are delivered again', async () => {
    const table = scoringTable();
    table.record('cus_1', fact);
    const { asked, tools } = observed({ ...table.tools(policy), write: async () => false });

    await expect(rescore(tools, [deliver(0, fact)])).rejects.toThrow('cus_1 changed 20 times');
    expect(asked.filter((what) => what === 'score')).toHaveLength(20);
  });

  test('reacts to no event that its own write caused, nor to none at all', async () => {
    const { asked, tools } = observed(scoringTable().tools(policy));
    const own = {
      ...deliver(0, fact),
      type: 'crm.score.changed.v1',
      data: { customerId: 'cus_1', at: '2026-11-22T12:00:00.000Z' },
    } as CustomerEvent;

    await rescore(tools, [own]);
    await rescore(tools, []);

    expect(asked).toEqual([]);
  });
});
