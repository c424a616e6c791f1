import type { SQSEvent } from 'aws-lambda';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { mailEventsGrants } from '../../infra/grants.ts';
import { startNotification } from '../../test/support/notification.ts';
import { rightsGranted } from '../../test/support/rights.ts';

const firm = await startNotification();
afterAll(() => firm.close());
const { handler } = await import('./handler.ts');
const { consentsOf } = await import('../table/consents.ts');
const { settleMessage } = await import('../table/messages.ts');
const { envelopesOf } = await import('../relay/entries.ts');

const done = { batchItemFailures: [] };
const minute = (n: number) => new Date(Date.UTC(2026, 10, 22, 13, n)).toISOString();
const granted = rightsGranted(mailEventsGrants, firm.aws.tables);

/** An event as SES puts it on the default bus. */
const sesEvent = (eventType: string, message: string, part: object = {}) => ({
  version: '0',
  id: '12345678-1234-1234-1234-111111111111',
  'detail-type': `Email ${eventType}`,
  source: 'aws.ses',
  account: '111111111111',
  time: minute(9),
  region: 'eu-west-2',
  resources: ['arn:aws:ses:eu-west-2:111111111111:configuration-set/demo'],
  detail: {
    eventType,
    mail: {
      timestamp: minute(0),
      source: 'Demo Gifts <hello@demo.example>',
      messageId: 'EXAMPLE7c191be45',
      destination: ['ada@example.com'],
      headersTruncated: false,
      headers: [{ name: 'Subject', value: 'Come back' }],
      commonHeaders: { subject: 'Come back' },
      tags: {
        'ses:configuration-set': ['demo'],
        'ses:operation': ['SendEmail'],
        message: [message],
      },
    },
    ...part,
  },
});

const send = (id: string) => sesEvent('Send', id, { send: {} });
const delay = (id: string) =>
  sesEvent('DeliveryDelay', id, { deliveryDelay: { timestamp: minute(1), delayType: 'MailboxFull' } });
const delivery = (id: string) =>
  sesEvent('Delivery', id, { delivery: { timestamp: minute(2), recipients: ['ada@example.com'] } });
const bounce = (id: string, bounceType = 'Permanent', bounceSubType = 'General') =>
  sesEvent('Bounce', id, {
    bounce: {
      timestamp: minute(3),
      bounceType,
      bounceSubType,
      bouncedRecipients: [{ emailAddress: 'ada@example.com', action: 'failed', status: '5.1.1' }],
      feedbackId: 'x',
    },
  });
const complaint = (id: string) =>
  sesEvent('Complaint', id, {
    complaint: {
      timestamp: minute(4),
      complainedRecipients: [{ emailAddress: 'ada@example.com' }],
      complaintFeedbackType: 'abuse',
      complaintSubType: null,
    },
  });
const reject = (id: string) => sesEvent('Reject', id, { reject: { reason: 'Bad content' } });

async function deliver(...bodies: readonly unknown[]) {
  const Records = bodies.map((body, n) => ({ messageId: `${n}`, body: JSON.stringify(body) }));
  firm.aws.guard((right) => granted.includes(right));
  try {
    return await handler({ Records } as unknown as SQSEvent);
  } finally {
    firm.aws.guard(() => true);
  }
}

interface Sent {
  readonly id: string;
  readonly customerId: string;
}

/** Sends a mail to a customer who has consented. */
async function mail(purpose: 'SERVICE' | 'MARKETING' = 'SERVICE', value = 'ada@example.com'): Promise<Sent> {
  const customer = await firm.customer({ identities: [{ kind: 'EMAIL', value }] });
  for (const one of ['SERVICE', 'MARKETING']) await firm.consent(customer.id, one);
  const type = purpose === 'SERVICE' ? 'crm.order.placed.v1' : 'crm.customer.stage-changed.v1';
  await firm.deliver([firm.event(type, customer.id, { amount: '1.00' })]);
  return firm.stored('message#').find(({ recipientId }) => recipientId === customer.id) as never;
}

const state = ({ id }: Sent) => {
  const { state, reason, settledAt } = firm.stored('message#').find((one) => one.id === id) ?? {};
  return { state, reason, settledAt };
};
const suppressed = () => firm.aws.items().filter(({ pk }) => pk?.S?.startsWith('demo#suppressed#'));

beforeEach(() => firm.aws.clear());

describe('an event of SES', () => {
  test.each([
    ['Send', send, { state: 'SENT' }],
    ['DeliveryDelay', delay, { state: 'SENT' }],
    ['Delivery', delivery, { state: 'DELIVERED', settledAt: minute(2) }],
    ['Bounce', bounce, { state: 'BOUNCED', reason: 'Permanent General', settledAt: minute(3) }],
    ['Complaint', complaint, { state: 'COMPLAINED', reason: 'abuse', settledAt: minute(4) }],
    ['Reject', reject, { state: 'REFUSED', reason: 'Bad content' }],
    ['Rendering Failure', (id: string) => sesEvent('Rendering Failure', id), { state: 'REFUSED' }],
  ])('%s settles the message', async (_, event, expected) => {
    const message = await mail();

    expect(await deliver(event(message.id))).toEqual(done);

    expect(state(message)).toMatchObject(expected);
  });

  test('settles a message of which nobody knew whether it was sent', async () => {
    firm.senders.behave(() => ({ takes: true, answers: 'reset' }));
    const message = await mail();
    firm.senders.behave(() => ({ takes: true, answers: 'truly' }));
    expect(state(message).state).toBe('UNKNOWN');

    await deliver(send(message.id));

    expect(state(message)).toEqual({ state: 'SENT', reason: undefined, settledAt: minute(0) });
  });

  test.each([
    ['a permanent bounce', bounce, 1],
    ['a complaint', complaint, 1],
    ['a bounce that passes', (id: string) => bounce(id, 'Transient', 'MailboxFull'), 0],
    ['a delivery', delivery, 0],
  ])('%s ends writing to the address: %#', async (_, event, count) => {
    const message = await mail();
    await deliver(event(message.id), event(message.id));

    expect(suppressed()).toHaveLength(count);
    expect(JSON.stringify(suppressed())).not.toContain('ada@example.com');

    firm.senders.takeSent();
    await firm.deliver([firm.event('crm.order.placed.v1', message.customerId, { amount: '2.00' })]);
    expect(firm.senders.takeSent()).toHaveLength(1 - count);
  });

  test('of a complaint withdraws the consent to marketing, once, with proof', async () => {
    const message = await mail('MARKETING');

    await deliver(complaint(message.id), complaint(message.id));
    await deliver(complaint(message.id));

    const inForce = await consentsOf(message.customerId);
    expect(inForce.filter((one) => one.state === 'WITHDRAWN')).toMatchObject([
      {
        purpose: 'MARKETING',
        channel: 'EMAIL',
        proof: `Complaint ${message.id}`,
        statedAt: minute(4),
        recordedBy: 'fn_mail-events',
      },
    ]);
    const events = firm.aws.changes().flatMap(envelopesOf);
    const withdrawals = events.filter(({ data }) => 'state' in data && data.state === 'WITHDRAWN');
    expect(withdrawals).toHaveLength(1);
  });

  test('of a complaint of a mail that is no marketing withdraws nothing', async () => {
    const message = await mail('SERVICE');
    await deliver(complaint(message.id));

    const inForce = await consentsOf(message.customerId);
    expect(inForce.map((one) => one.state)).toEqual(['GRANTED', 'GRANTED']);
  });

  test('that says nothing of a message of ours is done silently', async () => {
    const message = await mail();
    const before = firm.aws.items();
    const foreign = [
      send('msg_cus_00000000000000000000000000_00000000000000000000000000'),
      send('somebody-elses'),
      { ...send(message.id), source: 'aws.s3' },
      { source: 'aws.ses', detail: { eventType: 'Delivery', mail: { timestamp: minute(0) } } },
      { source: 'aws.ses', detail: { eventType: 'Send', mail: { timestamp: minute(0) } } },
      sesEvent('Click', message.id, { click: { link: 'https://demo.example' } }),
      { hello: 'world' },
      null,
    ];

    expect(await deliver(...foreign)).toEqual(done);

    expect(firm.aws.items()).toEqual(before);
  });

  test('that holds no JSON goes back', async () => {
    const answer = await handler({ Records: [{ messageId: '1', body: 'x' }] } as unknown as SQSEvent);

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
  });
});

test('a message that changes all the time goes back', async () => {
  const message = await mail();
  firm.aws.disturb((action, run) => {
    if (action !== 'PutItem') return run();
    return run({ ConditionExpression: 'attribute_not_exists(pk)' });
  });
  const answer = await deliver(delivery(message.id));
  firm.aws.disturb((_action, run) => run());

  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '0' }] });
  await expect(settleMessage('msg_1', { state: 'SENT', at: minute(0) })).resolves.toBeUndefined();
});

test('events end the same in whatever order, however often and at the same time', async () => {
  const kinds = [send, delay, delivery, bounce, complaint, reject] as const;
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.nat(kinds.length - 1), { minLength: 1 }),
      fc.array(fc.nat(5), { maxLength: 3 }),
      async (happened, repeated) => {
        firm.aws.clear();
        const [once, again] = [await mail('MARKETING'), await mail('MARKETING', 'eve@example.com')];
        const event = (index: number, { id }: Sent) => kinds[index % kinds.length]?.(id);
        await deliver(...happened.map((index) => event(index, once)));
        const deliveries = [
          ...happened.toReversed(),
          ...repeated.map((n) => happened[n % happened.length] ?? 0),
        ];
        await Promise.all(deliveries.map((index) => deliver(event(index, again))));

        const { settledAt: _first, ...expected } = state(once);
        const { settledAt: _second, ...ended } = state(again);
        expect(ended).toEqual(expected);
        const withdrawn = async ({ customerId }: Sent) =>
          (await consentsOf(customerId)).filter((one) => one.state === 'WITHDRAWN').length;
        expect(await withdrawn(again)).toBe(await withdrawn(once));
      },
    ),
    { numRuns: 25 },
  );
});
