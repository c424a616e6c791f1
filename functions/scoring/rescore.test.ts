import { describe, expect, test } from 'vitest';
import type { CustomerEvent } from '../../domain/events.ts';
import { demoTenant } from '../../test/support/domain.ts';
import type { Fact } from '../../test/support/facts.ts';
import { eventOf, scoringTable } from '../../test/support/scoring-table.ts';
import { periodsOf, rescore } from './rescore.ts';
import type { Tools } from './settle.ts';

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
    const { asked, tools } = observed(table.tools(demoTenant));

    await rescore(tools, [deliver(0, fact), deliver(1, sale('2026-10-01T00:00:00.000Z'))]);

    expect(asked).toEqual(['score', 'interactions of 2026-11-22', 'orders of 2026-10']);
  });

  test('writes the score with its buckets, and a stamp that says which event caused it', async () => {
    const table = scoringTable();
    table.record('cus_1', fact);
    const { written, tools } = observed(table.tools(demoTenant));

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
        {
          type: 'crm.customer.stage-changed.v1',
          subject: 'cus_1',
          sequence: 1,
          data: { customerId: 'cus_1', stage: 'PROSPECT', at: '2026-11-22T12:00:00.000Z' },
        },
      ],
    });
  });

  test('tells another stage and the threshold that was crossed with the change of the score', async () => {
    const table = scoringTable();
    const sales = ['2026-11-18', '2026-11-19', '2026-11-20', '2026-11-21', '2026-11-22'].map((day) =>
      sale(`${day}T00:00:00.000Z`),
    );
    for (const [index, one] of sales.entries()) {
      table.record('cus_1', one);
      await rescore(table.tools(demoTenant), [deliver(index, one)]);
    }

    expect(table.toldOf('cus_1').map(({ type, data }) => ({ type, ...data }))).toMatchObject([
      { type: 'crm.score.changed.v1' },
      { type: 'crm.customer.stage-changed.v1', stage: 'FIRST_TIME' },
      { type: 'crm.score.changed.v1' },
      { type: 'crm.customer.stage-changed.v1', stage: 'ACTIVE', previousStage: 'FIRST_TIME' },
      { type: 'crm.score.changed.v1' },
      { type: 'crm.score.changed.v1' },
      { type: 'crm.score.changed.v1' },
      { type: 'crm.score.threshold-crossed.v1', threshold: 'hot', to: 'ABOVE' },
    ]);
  });

  test('writes, but tells nobody, when only what falls due next is another', async () => {
    const table = scoringTable();
    table.record('cus_1', sale('2026-11-22T00:00:00.000Z'));
    const event = deliver(0, sale('2026-11-22T00:00:00.000Z'));
    await rescore(table.tools(demoTenant), [event]);
    const { written, tools } = observed(
      table.tools({ ...demoTenant, lifecycle: { lapsingAfterDays: 10, lapsedAfterDays: 20 } }),
    );

    await rescore(tools, [event]);

    expect(written).toEqual([[expect.objectContaining({ version: 2 }), [], undefined]]);
    expect(table.scoreOf('cus_1').nextDueAt).toBe('2026-12-02T00:00:00.001Z');
  });

  test('judges at no earlier clock than it told last', async () => {
    const table = scoringTable();
    const first = sale('2026-01-01T00:00:00.000Z');
    table.record('cus_1', first);
    await rescore(table.tools(demoTenant, '2026-05-01T00:00:00.000Z'), [deliver(0, first)]);
    const contact = call('2026-01-02T00:00:00.000Z');
    table.record('cus_1', contact);

    await rescore(table.tools(demoTenant, '2026-02-01T00:00:00.000Z'), [deliver(1, contact)]);

    expect(table.scoreOf('cus_1')).toMatchObject({
      stage: 'LAPSING',
      evaluatedAt: '2026-05-01T00:00:00.000Z',
      version: 2,
    });
  });

  test.each([
    ['IMPORT when all events were imported', ['IMPORT', 'IMPORT'], 'IMPORT'],
    ['API when one was not', ['IMPORT', 'API'], undefined],
    ['API when the events do not say', [undefined, undefined], undefined],
  ] as const)('says that it came by %s', async (_, vias, via) => {
    const table = scoringTable();
    table.record('cus_1', fact);
    const events = vias.map((one, index) => ({ ...deliver(index, fact), ...(one ? { via: one } : {}) }));

    await rescore(table.tools(demoTenant), events);

    expect(table.changes().map((change) => change.via)).toEqual([via]);
  });

  test('tells of imported periods as imported, though something new came with them', async () => {
    const table = scoringTable();
    const [imported, fresh] = [sale('2025-01-01T00:00:00.000Z'), call('2026-02-01T00:00:00.000Z')];
    for (const one of [imported, fresh]) table.record('cus_1', one);
    const events = [deliver(0, fresh), { ...deliver(1, imported), via: 'IMPORT' as const }];

    await rescore(table.tools(demoTenant, '2026-02-01T00:00:00.000Z'), events);

    const told = table.changes().map(({ via, events }) => [via, ...events.map(({ type }) => type)]);
    expect(told).toEqual([
      ['IMPORT', 'crm.score.changed.v1', 'crm.customer.stage-changed.v1'],
      [undefined, 'crm.score.changed.v1'],
    ]);
    expect(table.scoreOf('cus_1')).toMatchObject({ stage: 'LAPSED', frequency: 1 });
  });

  test('says that it came by API when something was due by time as well', async () => {
    const table = scoringTable();
    const first = sale('2026-01-01T00:00:00.000Z');
    table.record('cus_1', first);
    await rescore(table.tools(demoTenant, '2026-01-01T00:00:00.000Z'), [deliver(0, first)]);
    table.record('cus_1', call('2026-01-02T00:00:00.000Z'));
    const imported = { ...deliver(1, call('2026-01-02T00:00:00.000Z')), via: 'IMPORT' as const };

    await rescore(table.tools(demoTenant), [imported]);

    expect(table.changes().map((change) => change.via)).toEqual([undefined, undefined]);
    expect(table.toldOf('cus_1').at(-1)?.data).toMatchObject({ stage: 'LAPSED' });
  });

  test('writes nothing when the score says the same already', async () => {
    const table = scoringTable();
    table.record('cus_1', fact);
    const { written, tools } = observed(table.tools(demoTenant));
    await rescore(tools, [deliver(0, fact)]);

    await rescore(tools, [deliver(0, fact), deliver(0, fact)]);

    expect(written).toHaveLength(1);
  });

  test('writes nothing of a customer whose facts are gone', async () => {
    const table = scoringTable();

    await rescore(table.tools(demoTenant), [deliver(0, fact)]);

    expect(table.scoreOf('cus_1').version).toBe(0);
    expect(table.changes()).toEqual([]);
  });

  test('starts again when the score was changed meanwhile', async () => {
    const table = scoringTable();
    table.record('cus_1', fact);
    const late = sale('2026-11-23T00:00:00.000Z');
    let disturbed = false;
    const tools = table.tools(demoTenant);
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
    const { asked, tools } = observed({ ...table.tools(demoTenant), write: async () => false });

    await expect(rescore(tools, [deliver(0, fact)])).rejects.toThrow('cus_1 changed 20 times');
    expect(asked.filter((what) => what === 'score')).toHaveLength(20);
  });

  test('reacts to no event that its own write caused, nor to none at all', async () => {
    const { asked, tools } = observed(scoringTable().tools(demoTenant));
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
