import { marshall } from '@aws-sdk/util-dynamodb';
import type { SQSEvent } from 'aws-lambda';
import * as v from 'valibot';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { SharingAgreement } from '../../domain/partners/agreement.ts';
import type { ShareableEvent } from '../../domain/partners/shareable.ts';
import { shareableFields } from '../../domain/partners/shareable.ts';
import { sharedEventSchema } from '../../domain/partners/shared-event.ts';
import { partnerSharingGrants } from '../../infra/grants.ts';
import { AwsError } from '../../local/aws.ts';
import { type Created, type Page, startApi, users } from '../../test/support/api.ts';
import { type BusEntry, undisturbed } from '../../test/support/aws.ts';
import { consent, consentsItem } from '../../test/support/sharing.ts';

const api = await startApi();
afterAll(() => api.aws.close());
const { handler } = await import('./handler.ts');
const { entriesOf } = await import('../relay/entries.ts');

const { admin, nora } = users;
let customer: Created;

beforeEach(async () => {
  api.aws.clear();
  api.aws.busRefuses(() => false);
  api.aws.disturb(undisturbed);
  api.aws.takeBusCalls();
  customer = await mutate('createCustomer', {
    kind: 'PERSON',
    name: 'Ada Byron',
    identities: [
      { kind: 'EMAIL', value: 'ada@example.com' },
      { kind: 'EXTERNAL_ID', source: 'shop', value: '17850' },
    ],
    address: { city: 'London', country: 'GB' },
  });
  newMessages();
});

const mutate = (field: string, input: object) => api.ask<Created>(nora, `Mutation.${field}`, { input });
const agree = (changes: object = {}) =>
  api.ask<SharingAgreement>(admin, 'Mutation.createSharingAgreement', {
    input: {
      partnerId: 'par_carrier',
      purpose: 'delivery of ordered goods',
      events: ['crm.order.placed.v1'],
      fields: ['customer.name', 'customer.address.country', 'customer.phones', 'order.total'],
      validFrom: '2020-01-01T00:00:00Z',
      validUntil: '2099-01-01T00:00:00Z',
      ...changes,
    },
  });
const end = ({ id }: SharingAgreement) => api.ask(admin, 'Mutation.endSharingAgreement', { input: { id } });

/** The consents in force of the customer, as they lie beside the profile. */
function says(...statements: Parameters<typeof consent>[0][]): void {
  api.aws.dynamodb('PutItem', { Item: consentsItem(customer.id, statements.map(consent)) });
}

const place = (lines: readonly object[] = [{ code: 'A', quantity: '6', unitPrice: '2.55' }]) =>
  mutate('placeOrder', {
    customerId: customer.id,
    source: 'shop',
    externalId: `${lines.length}`,
    kind: 'SALE',
    placedAt: '2026-01-01T00:00:00Z',
    currency: 'GBP',
    lines,
  });

interface Message {
  readonly messageId: string;
  readonly body: string;
}

/** What the queue of the function got since the last time, as the relay would have put it. */
function newMessages(more: object = {}): Message[] {
  return api.aws
    .takeRecords()
    .flatMap(entriesOf)
    .filter(({ DetailType }) => DetailType !== 'crm.agreement.changed.v1')
    .map(({ Detail }) => {
      const detail = JSON.parse(Detail ?? '');
      return { messageId: detail.id, body: JSON.stringify({ detail, ...more }) };
    });
}

const deliver = (...messages: readonly Message[]) =>
  api.within(partnerSharingGrants, () => handler({ Records: messages } as unknown as SQSEvent));
const detailOf = ({ Detail }: BusEntry) => JSON.parse(Detail);
const sent = () => api.aws.takeBusCalls().flat();
const shares = async () =>
  (await api.ask<Page<Record<string, unknown>>>(nora, 'Customer.shares', {}, { source: customer })).nodes;
const done = { batchItemFailures: [] };

describe('partner sharing', () => {
  test('sends what the agreement lists to the bus of the partner, as the contract says', async () => {
    const { id: agreementId } = await agree();
    says({});
    const order = await place();
    const messages = newMessages();

    expect(await deliver(...messages)).toEqual(done);

    const [entry, ...others] = sent();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      EventBusName: 'fidelia-demo-partner-carrier',
      Source: 'fidelia/demo',
      DetailType: 'fidelia.order.placed.v1',
    });
    const event = detailOf(entry as BusEntry);
    expect(v.parse(sharedEventSchema('crm.order.placed.v1'), event)).toEqual(event);
    expect(event).toEqual({
      specversion: '1.0',
      id: expect.stringMatching(/^shr_/),
      source: 'fidelia/demo',
      type: 'fidelia.order.placed.v1',
      time: JSON.parse(messages[0]?.body ?? '').detail.time,
      subject: expect.stringMatching(/^ref_/),
      sequence: 1,
      agreement: { id: agreementId, version: 1, purpose: 'delivery of ordered goods' },
      customerRef: expect.stringMatching(/^ref_/),
      data: {
        customer: { name: 'Ada Byron', address: { country: 'GB' }, phones: [] },
        order: { total: { amount: '15.30', currency: 'GBP' } },
      },
    });
    expect(entry?.Detail).not.toContain(customer.id.slice(4));
    expect(entry?.Detail).not.toContain(order.id.slice(4));
    expect(await shares()).toEqual([
      {
        id: event.id,
        customerId: customer.id,
        partnerId: 'par_carrier',
        agreementId,
        agreementVersion: 1,
        purpose: 'delivery of ordered goods',
        event: 'crm.order.placed.v1',
        subjectId: order.id,
        fields: ['customer.name', 'customer.address.country', 'customer.phones', 'order.total'],
        sharedAt: expect.any(String),
      },
    ]);
  });

  test('sends each event of the catalogue, every field of it', async () => {
    const events: ShareableEvent[] = [
      'crm.customer.created.v1',
      'crm.customer.updated.v1',
      'crm.order.placed.v1',
      'crm.order.changed.v1',
      'crm.interaction.logged.v1',
    ];
    await agree({ events, fields: Object.keys(shareableFields) });
    says({});
    await mutate('updateCustomer', { id: customer.id, familyName: 'Byron' });
    const { id } = await place();
    await mutate('updateOrder', { id, state: 'FULFILLED' });
    const contact = { channel: 'PHONE', direction: 'INBOUND', subject: 'Asks for a quote', body: 'Secret' };
    await mutate('logInteraction', { customerId: customer.id, ...contact });

    expect(await deliver(...newMessages())).toEqual(done);

    const seen = sent().map(detailOf);
    expect(seen.map(({ type }) => type)).toEqual([
      'fidelia.customer.updated.v1',
      'fidelia.order.placed.v1',
      'fidelia.order.changed.v1',
      'fidelia.interaction.logged.v1',
    ]);
    expect(seen[2].data.order).toEqual({
      externalId: '1',
      source: 'shop',
      kind: 'SALE',
      state: 'FULFILLED',
      placedAt: '2026-01-01T00:00:00.000Z',
      total: { amount: '15.30', currency: 'GBP' },
      lineCount: 1,
      lines: [{ code: 'A', quantity: '6', unitPrice: '2.55' }],
    });
    expect(seen[2]).toMatchObject({ subject: seen[1].subject, sequence: 2 });
    expect(seen[3].data.interaction).toMatchObject({ channel: 'PHONE', subject: 'Asks for a quote' });
    expect(JSON.stringify(seen)).not.toContain('Secret');
    expect(new Set(seen.map(({ customerRef }) => customerRef)).size).toBe(1);
    expect(seen[0].subject).toBe(seen[0].customerRef);
    expect(seen[1].subject).not.toBe(seen[1].customerRef);
  });

  test('tells the stage of a customer as it is', async () => {
    await agree({ events: ['crm.customer.stage-changed.v1'], fields: ['customer.stage'] });
    says({});
    const score = { pk: `demo#${customer.id}`, sk: 'view#score', stage: 'LAPSING' };
    api.aws.dynamodb('PutItem', { Item: marshall(score) });
    const data = { customerId: customer.id, stage: 'ACTIVE', at: '2026-01-01T00:00:00.000Z' };
    const detail = { id: 'evt_1', type: 'crm.customer.stage-changed.v1', subject: customer.id, data };
    const body = { detail: { ...detail, tenant: 'demo', time: data.at, sequence: 3 } };

    await deliver({ messageId: '1', body: JSON.stringify(body) });

    expect(sent().map(detailOf)).toMatchObject([{ data: { customer: { stage: 'LAPSING' } } }]);
  });

  test('knows a customer to each partner by another reference', async () => {
    await agree();
    await agree({ partnerId: 'par_wholesaler' });
    says({});
    await place();

    await deliver(...newMessages());

    const seen = sent();
    expect(seen.map(({ EventBusName }) => EventBusName).sort()).toEqual([
      'fidelia-demo-partner-carrier',
      'fidelia-demo-partner-wholesaler',
    ]);
    const references = seen.map(detailOf).flatMap(({ customerRef, subject }) => [customerRef, subject]);
    expect(new Set(references).size).toBe(4);
  });

  test('shares imported facts as well', async () => {
    await agree();
    says({});
    await place();
    const messages = newMessages().map(({ messageId, body }) => {
      const { detail } = JSON.parse(body);
      return { messageId, body: JSON.stringify({ detail: { ...detail, via: 'IMPORT' } }) };
    });

    await deliver(...messages);

    expect(sent()).toHaveLength(1);
  });

  test('sends an order of 1,000 lines whole, and one that has no room without its lines', async () => {
    await agree({ fields: ['order.lineCount', 'order.lines'] });
    says({});
    const line = { code: 'C'.repeat(64), quantity: '1', unitPrice: '1' };
    await place(Array(1000).fill({ ...line, description: 'x'.repeat(256) }));
    await place(Array(999).fill({ ...line, code: '☃'.repeat(64), description: '☃'.repeat(256) }));

    expect(await deliver(...newMessages())).toEqual(done);

    const [whole, without] = sent().map(detailOf);
    expect(whole.data.order.lines).toHaveLength(1000);
    expect(without).toMatchObject({ leftOut: ['order.lines'], data: { order: { lineCount: 999 } } });
    expect(without.data.order.lines).toBeUndefined();
    const recorded = (await shares()).map(({ fields }) => fields);
    expect(recorded).toContainEqual(['order.lineCount', 'order.lines']);
    expect(recorded).toContainEqual(['order.lineCount']);
  });

  test('shows what was shared to nobody but the partner: the log of the firm keeps names of fields alone', async () => {
    await agree();
    says({});
    await place();

    await deliver(...newMessages());

    const record = api.aws.items().find(({ sk }) => sk?.S?.startsWith('share#'));
    expect(JSON.stringify(record)).not.toMatch(/Byron|15\.30/);
  });
});

describe('nothing leaves, and nothing is recorded,', () => {
  const nothing = async (...messages: readonly Message[]) => {
    expect(await deliver(...messages)).toEqual(done);
    expect(sent()).toEqual([]);
    expect(await shares()).toEqual([]);
  };

  test('without consent', async () => {
    await agree();
    await place();
    await nothing(...newMessages());
  });

  test.each([
    ['consent is for another purpose', [{ purpose: 'SERVICE' }]],
    ['consent is for another partner', [{ partnerId: 'par_wholesaler' }]],
    ['consent was withdrawn', [{ state: 'WITHDRAWN' }]],
    [
      'consent was withdrawn for the partner',
      [{}, { partnerId: 'par_carrier', state: 'WITHDRAWN', statedAt: '2026-02-01T00:00:00.000Z' }],
    ],
  ] as const)('when %s', async (_, statements) => {
    await agree();
    says(...statements);
    await place();
    await nothing(...newMessages());
  });

  test.each([
    ['lists another event', { events: ['crm.interaction.logged.v1'] }],
    ['has expired', { validUntil: '2021-01-01T00:00:00Z' }],
    ['does not hold yet', { validFrom: '2098-01-01T00:00:00Z' }],
  ])('when the agreement %s', async (_, changes) => {
    await agree(changes);
    says({});
    await place();
    await nothing(...newMessages());
  });

  test('when the agreement was ended a moment ago', async () => {
    const agreement = await agree();
    says({});
    await place();
    const messages = newMessages();
    await end(agreement);
    await nothing(...messages);
  });

  test('when an update changed nothing that is shared', async () => {
    await agree({ events: ['crm.customer.updated.v1'] });
    says({});
    await mutate('updateCustomer', { id: customer.id, ownerId: 'usr_ned', team: 'north' });
    await nothing(...newMessages());
  });

  test('of a replay', async () => {
    await agree();
    says({});
    await place();
    await nothing(...newMessages({ 'replay-name': 'again' }));
  });

  test('of what is not there any more', async () => {
    await agree();
    says({});
    const { id } = await place();
    const messages = newMessages();
    const [order] = api.aws.items().filter(({ sk }) => sk?.S?.endsWith(`#${id}`));
    api.aws.dynamodb('DeleteItem', { Key: { pk: order?.pk, sk: order?.sk } });
    await nothing(...messages);
  });

  test('to a partner that the tenant has no more', async () => {
    const { id } = await agree();
    const [row] = api.aws.items().filter(({ sk, pk }) => sk?.S === id && pk?.S === 'demo#agreements');
    api.aws.dynamodb('PutItem', { Item: { ...row, partnerId: { S: 'par_gone' } } });
    says({});
    await place();
    await nothing(...newMessages());
  });
});

test('an event that no agreement covers costs one query, and reads nothing of the customer', async () => {
  await agree({ events: ['crm.interaction.logged.v1'] });
  says({});
  await place();
  const messages = newMessages();
  api.aws.takeConsumed();

  await deliver(...messages);

  expect(api.aws.takeConsumed().map(({ action }) => action)).toEqual(['Query']);
});

test('agreements are one query, and consent, profile, order and lines one call', async () => {
  await agree({ fields: ['customer.name', 'customer.stage', 'order.lines'] });
  says({});
  await place();
  const messages = newMessages();
  api.aws.takeConsumed();

  await deliver(...messages);

  expect(api.aws.takeConsumed().map(({ action }) => action)).toEqual(['Query', 'BatchGetItem', 'PutItem']);
});

describe('what fails comes again:', () => {
  const failed = (message: Message | undefined) => ({
    batchItemFailures: [{ itemIdentifier: message?.messageId }],
  });
  let message: Message | undefined;
  beforeEach(async () => {
    await agree();
    await agree({ partnerId: 'par_wholesaler', fields: ['order.total'] });
    says({});
    await place();
    [message] = newMessages();
  });
  const deliverIt = () => (message ? deliver(message) : Promise.reject(new Error('There is none')));
  const idsByBus = () =>
    new Map(sent().map((entry) => [entry.EventBusName, detailOf(entry).id as string] as const));

  test.each(['InternalFailure', 'ThrottlingException', 'MalformedDetail'])(
    'an entry that a bus refuses with %s, under the same id',
    async (code) => {
      api.aws.busRefuses(({ EventBusName }) => EventBusName.endsWith('wholesaler') && code);
      expect(await deliverIt()).toEqual(failed(message));
      const first = idsByBus();
      api.aws.busRefuses(() => false);

      expect(await deliverIt()).toEqual(done);

      expect(idsByBus()).toEqual(first);
      expect(first.size).toBe(2);
      expect(await shares()).toHaveLength(2);
    },
  );

  test('what was recorded, when the function died before it left', async () => {
    api.aws.busRefuses(() => {
      throw new AwsError('AccessDeniedException', 'as if the function was killed');
    });
    expect(await deliverIt()).toEqual(failed(message));
    const recorded = await shares();
    expect(recorded).toHaveLength(2);
    api.aws.busRefuses(() => false);
    api.aws.takeBusCalls();

    expect(await deliverIt()).toEqual(done);

    expect([...idsByBus().values()].sort()).toEqual(recorded.map(({ id }) => id).sort());
    expect(await shares()).toEqual(recorded);
  });

  test('but not when it could not be recorded: then nothing has left', async () => {
    api.aws.disturb((action, run) => {
      if (action === 'PutItem') throw new AwsError('AccessDeniedException', 'as if the table was away');
      return run();
    });

    expect(await deliverIt()).toEqual(failed(message));
    expect(sent()).toEqual([]);
  });

  test('and after consent was withdrawn, nothing more leaves', async () => {
    api.aws.busRefuses(() => true);
    expect(await deliverIt()).toEqual(failed(message));
    api.aws.busRefuses(() => false);
    api.aws.takeBusCalls();
    says({ state: 'WITHDRAWN' });

    expect(await deliverIt()).toEqual(done);
    expect(sent()).toEqual([]);
  });

  test('and no field leaves that its record does not name', async () => {
    api.aws.busRefuses(() => true);
    await deliverIt();
    api.aws.busRefuses(() => false);
    api.aws.takeBusCalls();
    const agreements = await api.ask<Page<SharingAgreement>>(admin, 'Query.sharingAgreements', {
      partnerId: 'par_carrier',
    });
    const input = { id: agreements.nodes[0]?.id, fields: ['customer.name', 'customer.emails'] };
    await api.ask(admin, 'Mutation.updateSharingAgreement', { input });

    await deliverIt();

    const carried = sent()
      .filter(({ EventBusName }) => EventBusName.endsWith('carrier'))
      .map(detailOf);
    expect(carried).toMatchObject([{ agreement: { version: 1 }, data: { customer: { name: 'Ada Byron' } } }]);
    expect(JSON.stringify(carried)).not.toContain('ada@example.com');
  });

  test('a repeated delivery, also at the same time, has the same ids and one record each', async () => {
    await Promise.all([deliverIt(), deliverIt(), deliverIt()]);
    await deliverIt();

    const entries = sent();
    expect(entries).toHaveLength(8);
    expect(new Set(entries.map((entry) => detailOf(entry).id)).size).toBe(2);
    expect(await shares()).toHaveLength(2);
  });

  test('one customer’s failure leaves the others alone', async () => {
    const first = customer;
    customer = await mutate('createCustomer', { kind: 'PERSON', name: 'Eve' });
    says({});
    newMessages();
    await place([
      { code: 'B', quantity: '1', unitPrice: '1' },
      { code: 'C', quantity: '1', unitPrice: '1' },
    ]);
    const [other] = newMessages();
    api.aws.busRefuses(({ Detail }) => Detail.includes('15.30'));

    expect(await deliver(...[message, other].flatMap((one) => one ?? []))).toEqual(failed(message));
    expect(await shares()).toHaveLength(2);
    customer = first;
    expect(await shares()).toHaveLength(2);
  });
});
