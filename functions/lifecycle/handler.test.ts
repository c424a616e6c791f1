import type { Context, SQSEvent } from 'aws-lambda';
import * as v from 'valibot';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type Envelope, envelopeSchema } from '../../domain/events.ts';
import { type Created, startApi, users } from '../../test/support/api.ts';

const api = await startApi();
afterAll(() => api.aws.close());
const { handler } = await import('./handler.ts');
const scoring = (await import('../scoring/handler.ts')).handler;
const { entriesOf } = await import('../relay/entries.ts');

const dayMs = 86_400_000;
const placedAt = new Date(Math.floor(Date.now() / 1000) * 1000).toISOString();
/** A time as a scheduled event has it: in seconds. */
const daysOn = (days: number) =>
  new Date(Date.parse(placedAt) + days * dayMs + 1000).toISOString().replace('.000Z', 'Z');

/** What the bus got since the last time. */
const news = (): Envelope[] =>
  api.aws
    .takeRecords()
    .flatMap(entriesOf)
    .map(({ Detail }) => JSON.parse(Detail ?? ''));

/** A scheduled event as a rule puts it into a queue. */
const tick = (time: string, n = 0) => ({
  messageId: `message ${n}`,
  body: JSON.stringify({
    version: '0',
    id: `tick ${n}`,
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: '111111111111',
    time,
    region: 'eu-west-2',
    resources: ['arn:aws:events:eu-west-2:111111111111:rule/lifecycle'],
    detail: {},
  }),
});
const deliver = (messages: readonly { messageId: string; body: string }[], leftMs = 60_000) =>
  handler(
    { Records: messages } as unknown as SQSEvent,
    { getRemainingTimeInMillis: () => leftMs } as Context,
  );
const storedScores = () => api.aws.items().filter(({ sk }) => sk?.S === 'view#score');

async function buy(customers: number): Promise<void> {
  for (let n = 0; n < customers; n++) {
    const input = { kind: 'PERSON', name: `Ada ${n}` };
    const { id } = await api.ask<Created>(users.nora, 'Mutation.createCustomer', { input });
    const lines = [{ code: 'A', quantity: '1', unitPrice: '10' }];
    const order = {
      customerId: id,
      source: 'shop',
      externalId: `${n}`,
      kind: 'SALE',
      currency: 'GBP',
      lines,
    };
    await api.ask(users.nora, 'Mutation.placeOrder', { input: { ...order, placedAt } });
  }
  const Records = news().map((detail) => ({ messageId: detail.id, body: JSON.stringify({ detail }) }));
  expect(await scoring({ Records } as unknown as SQSEvent)).toEqual({ batchItemFailures: [] });
  news();
}

beforeEach(() => {
  api.aws.clear();
  news();
});

describe('lifecycle', () => {
  test('tells of customers in all shards what time has done, once', async () => {
    await buy(40);
    expect(new Set(storedScores().map(({ gsi2pk }) => gsi2pk?.S)).size).toBeGreaterThan(8);

    expect(await deliver([tick(daysOn(90))])).toEqual({ batchItemFailures: [] });
    await deliver([tick(daysOn(90)), tick(daysOn(90), 1), tick(daysOn(89), 2)]);

    const told = news();
    expect(told).toHaveLength(40);
    for (const event of told) {
      expect(() => v.parse(envelopeSchema('crm.customer.stage-changed.v1'), event)).not.toThrow();
      expect(event.data).toMatchObject({ stage: 'LAPSING', previousStage: 'FIRST_TIME' });
    }
    expect(new Set(told.map(({ subject }) => subject)).size).toBe(40);
  });

  test('takes ticks that come together as the latest of them, and empties the index in the end', async () => {
    await buy(1);

    await deliver([tick(daysOn(400)), tick(daysOn(90), 1)]);

    expect(news().map(({ data }) => data)).toMatchObject([{ stage: 'LAPSING' }, { stage: 'LAPSED' }]);
    expect(storedScores()[0]).not.toHaveProperty('gsi2pk');
  });

  test('writes nothing when nothing is due', async () => {
    await buy(1);
    api.aws.takeConsumed();

    await deliver([tick(daysOn(89))]);

    expect(api.aws.takeConsumed().filter(({ write }) => write > 0)).toEqual([]);
    expect(news()).toEqual([]);
  });

  test('does nothing when its time is nearly out, and leaves it to the next tick', async () => {
    await buy(1);

    expect(await deliver([tick(daysOn(90))], 4000)).toEqual({ batchItemFailures: [] });
    expect(news()).toEqual([]);
    await deliver([tick(daysOn(90), 1)]);
    expect(news()).toHaveLength(1);
  });

  test('tells nobody when only the place in the index was wrong', async () => {
    await buy(1);
    const [score] = storedScores();
    const due = '2026-01-01T00:00:00.000Z';
    const gsi2sk = { S: `${due}#${score?.customerId?.S}` };
    api.aws.dynamodb('PutItem', { Item: { ...score, nextDueAt: { S: due }, gsi2sk } });
    news();

    await deliver([tick(daysOn(1))]);

    expect(news()).toEqual([]);
    expect(storedScores()[0]?.nextDueAt).toEqual(score?.nextDueAt);
    expect(storedScores()[0]?.gsi2sk).toEqual(score?.gsi2sk);
  });

  test.each([
    ['no JSON', 'no JSON'],
    ['no time', JSON.stringify({ id: 'tick', detail: {} })],
    ['a time that is none', JSON.stringify({ id: 'tick', time: 'noon' })],
    ['no id', JSON.stringify({ time: daysOn(90) })],
  ])('gives back a message with %s', async (_, body) => {
    expect(await deliver([{ messageId: 'odd', body }])).toEqual({
      batchItemFailures: [{ itemIdentifier: 'odd' }],
    });
  });
});
