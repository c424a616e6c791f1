import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { SQSEvent } from 'aws-lambda';
import * as v from 'valibot';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { envelopeSchema } from '../../domain/events.ts';
import { type Created, startApi, users } from '../../test/support/api.ts';
import { demoTenant, policy } from '../../test/support/domain.ts';
import { type Fact, naiveScore } from '../../test/support/facts.ts';

const api = await startApi();
afterAll(() => api.aws.close());
const { handler } = await import('./handler.ts');
const { entriesOf } = await import('../relay/entries.ts');

let customer: Created;
beforeEach(async () => {
  api.aws.clear();
  const input = { kind: 'PERSON', name: 'Ada' };
  customer = await api.ask<Created>(users.nora, 'Mutation.createCustomer', { input });
  newMessages();
});

interface Message {
  readonly messageId: string;
  readonly body: string;
}

/** What queues of the bus got since the last time, as the relay would have put it. */
function newMessages(): Message[] {
  const entries = api.aws.takeRecords().flatMap(entriesOf);
  return entries.map(({ Detail }) => {
    const detail = JSON.parse(Detail ?? '');
    return { messageId: detail.id, body: JSON.stringify({ detail }) };
  });
}

const deliver = (...messages: readonly Message[]) => handler({ Records: messages } as unknown as SQSEvent);
const log = (occurredAt: string) =>
  api.ask<Created>(users.nora, 'Mutation.logInteraction', {
    input: { customerId: customer.id, channel: 'PHONE', direction: 'INBOUND', occurredAt },
  });
const place = (externalId: string, placedAt: string, quantity = '1') =>
  api.ask<Created>(users.nora, 'Mutation.placeOrder', {
    input: {
      customerId: customer.id,
      source: 'shop',
      externalId,
      kind: quantity.startsWith('-') ? 'RETURN' : 'SALE',
      placedAt,
      currency: 'GBP',
      lines: [{ code: 'A', quantity, unitPrice: '10' }],
    },
  });
const storedScore = () => api.aws.items().find(({ sk }) => sk?.S === 'view#score');
const seenScore = () =>
  api.ask<Record<string, unknown> | null>(users.nora, 'Customer.score', {}, { source: customer });

describe('scoring', () => {
  test('makes a score of what happened, which the customer’s view shows', async () => {
    const now = Date.now();
    const halfLifeAgo = new Date(now - policy.halfLifeDays * 86_400_000).toISOString();
    await log(halfLifeAgo);
    await place('1', halfLifeAgo, '2');
    await place('2', halfLifeAgo, '-1');

    expect(await seenScore()).toBeNull();
    expect(await deliver(...newMessages())).toEqual({ batchItemFailures: [] });

    const score = await seenScore();
    expect(score).toMatchObject({
      customerId: customer.id,
      recencyDays: 30,
      lastOrderAt: halfLifeAgo,
      frequency: 1,
      monetary: [{ currency: 'GBP', amount: '10.00' }],
      monetaryTotal: { currency: 'GBP', amount: '10.00' },
      stage: 'FIRST_TIME',
      above: [],
      version: 1,
    });
    expect(score?.engagement).toBeCloseTo((8 + 15) / 2, 3);
    const view = await api.ask<{ score: object }>(users.nora, 'Query.customer360', { id: customer.id });
    expect(view.score).toMatchObject({ frequency: 1, version: 1 });
  });

  test('is not shown to a salesperson of another team', async () => {
    await log('2026-10-01T10:00:00Z');
    await deliver(...newMessages());

    expect(await api.ask(users.sue, 'Customer.score', {}, { source: customer })).toBeNull();
  });

  test('writes nothing when the same is delivered again', async () => {
    await log('2026-10-01T10:00:00Z');
    await place('1', '2026-10-02T10:00:00Z');
    const messages = newMessages();
    await deliver(...messages);
    const before = storedScore();
    api.aws.takeConsumed();

    await deliver(...messages);
    await deliver(...messages.toReversed());

    expect(storedScore()).toEqual(before);
    expect(api.aws.takeConsumed().filter(({ write }) => write > 0)).toEqual([]);
  });

  test('says that the score changed, once a change, and does not react to it', async () => {
    await log('2026-10-01T10:00:00Z');
    await deliver(...newMessages());

    const messages = newMessages();
    const events = messages.map(({ body }) => JSON.parse(body).detail);
    expect(events.map(({ type }) => type)).toEqual(['crm.score.changed.v1', 'crm.customer.stage-changed.v1']);
    for (const event of events) expect(() => v.parse(envelopeSchema(event.type), event)).not.toThrow();
    await deliver(...messages);
    expect(newMessages()).toEqual([]);
  });

  test('ends at the score of all facts when many deliveries run at the same time', async () => {
    const facts: Fact[] = [];
    for (let n = 0; n < 8; n++) {
      const at = new Date(Date.UTC(2026, 8, 25 + n, n)).toISOString();
      await log(at);
      await place(`${n}`, at);
      facts.push(
        { kind: 'interaction', fact: { channel: 'PHONE', direction: 'INBOUND', occurredAt: at } },
        { kind: 'order', fact: { kind: 'SALE', placedAt: at, total: { amount: '10.00', currency: 'GBP' } } },
      );
    }
    const messages = newMessages();

    const answers = await Promise.all([...messages, ...messages].map((message) => deliver(message)));
    const failed = new Set(
      answers.flatMap(({ batchItemFailures }) => batchItemFailures.map((one) => one.itemIdentifier)),
    );
    await deliver(...messages.filter(({ messageId }) => failed.has(messageId)));

    const expected = naiveScore(facts, demoTenant);
    const { engagement } = storedScore() ?? {};
    expect(engagement?.M?.at?.S).toBe(expected.engagement?.at);
    expect(Number(engagement?.M?.value?.N)).toBeCloseTo(expected.engagement?.value ?? 0, 6);
    expect(await seenScore()).toMatchObject({
      frequency: 8,
      monetary: [{ currency: 'GBP', amount: '80.00' }],
    });
  });
});

describe('the index of what falls due', () => {
  test('has a score until nothing changes by time alone any more', async () => {
    await place('1', new Date(Date.now() - 86_400_000).toISOString());
    await deliver(...newMessages());
    const due = storedScore();
    await api.ask<Created>(users.nora, 'Mutation.createCustomer', { input: { kind: 'PERSON', name: 'Eve' } });

    expect(due?.gsi2pk?.S).toMatch(/^demo#due#(0\d|1[0-5])$/);
    expect(due?.gsi2sk?.S).toBe(`${due?.nextDueAt?.S}#${customer.id}`);

    api.aws.clear();
    customer = await api.ask<Created>(users.nora, 'Mutation.createCustomer', {
      input: { kind: 'PERSON', name: 'Old' },
    });
    newMessages();
    await place('2', '2020-01-01T00:00:00Z');
    await deliver(...newMessages());
    expect(storedScore()).toMatchObject({ stage: { S: 'LAPSED' } });
    expect(storedScore()).not.toHaveProperty('gsi2pk');
  });
});

describe('the units of one event', () => {
  const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();

  /** Copies the customer's only order into other months of 16 years, and the only interaction into other days. */
  function makeHistory(count: number) {
    const copies = (prefix: string, rekey: (n: number, at: string) => Record<string, AttributeValue>) => {
      const original = api.aws.items().find(({ sk }) => sk?.S?.startsWith(prefix));
      for (let n = 0; n < count; n++) {
        const at = new Date(Date.UTC(2010, n % 192, 1 + (n % 28), 0, n)).toISOString();
        api.aws.dynamodb('PutItem', { Item: { ...original, ...rekey(n, at) } });
      }
    };
    copies('order#', (n, at) => ({ sk: { S: `order#${at}#ord_${n}` }, placedAt: { S: at } }));
    copies('timeline#', (n, at) => ({ sk: { S: `timeline#0${n}` }, occurredAt: { S: at } }));
  }

  async function measure(history: number): Promise<{ read: number; write: number }> {
    await log(hoursAgo(4));
    await place('first', hoursAgo(3));
    await deliver(...newMessages());
    makeHistory(history);
    newMessages();
    await log(hoursAgo(2));
    await place('second', hoursAgo(1));
    const messages = newMessages().filter(({ body }) => /interaction.logged|order.placed/.test(body));
    expect(messages).toHaveLength(2);
    api.aws.takeConsumed();

    await deliver(...messages);

    const consumed = api.aws.takeConsumed();
    return {
      read: consumed.reduce((sum, one) => sum + one.read, 0),
      write: consumed.reduce((sum, one) => sum + one.write, 0),
    };
  }

  test('do not grow with the history: 2,000 earlier facts cost what 10 cost', async () => {
    const short = await measure(10);
    api.aws.clear();
    const input = { kind: 'PERSON', name: 'Eve' };
    customer = await api.ask<Created>(users.nora, 'Mutation.createCustomer', { input });
    newMessages();
    const long = await measure(2000);

    expect(long).toEqual(short);
    expect(short).toEqual({ read: 5, write: 11 });
  });
});
