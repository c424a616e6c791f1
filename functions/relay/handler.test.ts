import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import * as v from 'valibot';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type EventType, envelopeSchema } from '../../domain/events.ts';
import { type Created, startApi, users } from '../../test/support/api.ts';
import type { BusEntry } from '../../test/support/aws.ts';

const api = await startApi();
afterAll(() => api.aws.close());
const { handler } = await import('./handler.ts');

beforeEach(() => {
  api.aws.clear();
  api.aws.busRefuses(() => false);
  api.aws.takeBusCalls();
  api.aws.takeFailures();
});

const mutate = (field: string, input: object) => api.ask<Created>(users.nora, `Mutation.${field}`, { input });
const relay = (Records: readonly DynamoDBRecord[]) => handler({ Records } as DynamoDBStreamEvent);
const idOf = ({ Detail }: BusEntry): string => JSON.parse(Detail).id;

/** What the stream says about what happens meanwhile. */
async function streamed(happens: () => Promise<unknown>): Promise<DynamoDBRecord[]> {
  api.aws.takeRecords();
  await happens();
  return api.aws.takeRecords();
}

async function customersAdded(count: number): Promise<DynamoDBRecord[]> {
  return streamed(async () => {
    for (let n = 0; n < count; n++) await mutate('createCustomer', { kind: 'PERSON', name: `${n}` });
  });
}

describe('relay', () => {
  test('puts one event on the bus for each thing that happened, as the contract says', async () => {
    const records = await streamed(async () => {
      const identities = [{ kind: 'EMAIL', value: 'ada@example.com' }];
      const { id: customerId } = await mutate('createCustomer', { kind: 'PERSON', name: 'Ada', identities });
      await mutate('updateCustomer', { id: customerId, name: 'Ada Byron', removeIdentities: identities });
      await mutate('logInteraction', {
        customerId,
        channel: 'EMAIL',
        direction: 'INBOUND',
        body: 'x'.repeat(3000),
      });
      await mutate('placeOrder', {
        customerId,
        source: 'shop',
        externalId: '1',
        kind: 'SALE',
        placedAt: '2026-01-01T00:00:00Z',
        currency: 'GBP',
        lines: Array(250).fill({ code: 'A', quantity: '1', unitPrice: '1' }),
      });
    });

    const answer = await relay(records);

    const entries = api.aws.takeBusCalls().flat();
    expect(records.length).toBeGreaterThan(8);
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(entries.map(({ DetailType }) => DetailType)).toEqual([
      'crm.customer.created.v1',
      'crm.customer.updated.v1',
      'crm.interaction.logged.v1',
      'crm.order.placed.v1',
    ]);
    for (const entry of entries) {
      const schema = envelopeSchema(entry.DetailType as EventType);
      expect(() => v.parse(schema, JSON.parse(entry.Detail))).not.toThrow();
      expect(entry).toMatchObject({ Source: 'fidelia', EventBusName: 'bus-test' });
    }
  });

  test('puts ten entries a call, in the order of the stream', async () => {
    const records = await customersAdded(25);

    await relay(records);

    const calls = api.aws.takeBusCalls();
    expect(calls.map((entries) => entries.length)).toEqual([10, 10, 5]);
    expect(calls.flat().map(idOf)).toEqual(
      records.map(({ dynamodb }) => `${dynamodb?.NewImage?.change?.M?.id?.S}-0`),
    );
  });

  test('reports the first record of which an entry was not taken, and puts the others', async () => {
    const records = await customersAdded(25);
    const nth = (n: number) => records[n]?.dynamodb?.NewImage?.id?.S ?? '';
    api.aws.busRefuses(({ Detail }) => Detail.includes(nth(21)) || Detail.includes(nth(13)));

    const answer = await relay(records);

    expect(answer).toEqual({
      batchItemFailures: [{ itemIdentifier: records[13]?.dynamodb?.SequenceNumber }],
    });
    expect(api.aws.takeBusCalls().map((entries) => entries.length)).toEqual([10, 10, 5]);
  });

  describe('sets aside what can never be put, and goes on:', () => {
    const recordsOf = ({ body }: { body: { payload: string } }) => JSON.parse(body.payload).Records;

    test('an event that the bus cannot take', async () => {
      const records = await customersAdded(12);
      const poison = records[4];
      api.aws.busRefuses(
        ({ Detail }) => Detail.includes(poison?.dynamodb?.NewImage?.id?.S ?? '') && 'MalformedDetail',
      );

      expect(await relay(records)).toEqual({ batchItemFailures: [] });

      const failures = api.aws.takeFailures();
      expect(failures.map(({ key }) => key)).toEqual([`relay/${poison?.eventID}`]);
      expect(failures[0]?.body).toMatchObject({ reason: 'the bus answers MalformedDetail' });

      api.aws.busRefuses(() => false);
      api.aws.takeBusCalls();
      await relay(failures.flatMap(recordsOf));
      expect(api.aws.takeBusCalls().flat().map(idOf)).toEqual([
        `${poison?.dynamodb?.NewImage?.change?.M?.id?.S}-0`,
      ]);
    });

    test('a change that cannot be read', async () => {
      const records = await streamed(async () => {
        const item = { pk: { S: 'demo#x' }, sk: { S: 'x' }, change: { M: { id: { S: 'chg_x' } } } };
        api.aws.dynamodb('PutItem', { Item: item });
        await mutate('createCustomer', { kind: 'PERSON', name: 'Ada' });
      });

      expect(await relay(records)).toEqual({ batchItemFailures: [] });

      expect(api.aws.takeBusCalls().flat()).toHaveLength(1);
      expect(api.aws.takeFailures().flatMap(recordsOf)).toEqual([JSON.parse(JSON.stringify(records[0]))]);
    });

    test('but nothing that may pass the next time', async () => {
      const records = await customersAdded(3);
      api.aws.busRefuses(() => 'ThrottlingException');

      expect(await relay(records)).toEqual({
        batchItemFailures: [{ itemIdentifier: records[0]?.dynamodb?.SequenceNumber }],
      });
      expect(api.aws.takeFailures()).toEqual([]);
    });
  });

  test('repeats the same ids when a batch is tried again', async () => {
    const records = await customersAdded(3);

    await relay(records);
    await relay(records.slice(1));

    const [first, again] = api.aws.takeBusCalls().map((entries) => entries.map(idOf));
    expect(again).toEqual(first?.slice(1));
  });

  test('calls nobody when nothing happened', async () => {
    const { id } = await mutate('createCustomer', { kind: 'PERSON', name: 'Ada' });
    const records = await streamed(async () => {
      const [profile] = api.aws.items();
      api.aws.dynamodb('PutItem', { Item: { ...profile, nameKey: { S: 're-keyed' } } });
      api.aws.dynamodb('PutItem', { Item: { pk: { S: `demo#${id}` }, sk: { S: 'backfill' } } });
      api.aws.clear();
    });

    expect(await relay(records)).toEqual({ batchItemFailures: [] });
    expect(records.map(({ eventName }) => eventName)).toEqual(['MODIFY', 'INSERT', 'REMOVE', 'REMOVE']);
    expect(api.aws.takeBusCalls()).toEqual([]);
  });
});
