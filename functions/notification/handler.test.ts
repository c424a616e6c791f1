import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { claimLastsMs } from '../../domain/interactions/message.ts';
import { notificationGrants } from '../../infra/grants.ts';
import { AwsError } from '../../local/aws.ts';
import { undisturbed } from '../../test/support/aws.ts';
import { startNotification } from '../../test/support/notification.ts';
import { rightsGranted } from '../../test/support/rights.ts';
import { type Behaviour, refuses, type Sent, takes } from '../../test/support/senders.ts';

const firm = await startNotification();
afterAll(() => firm.close());

const { deliver, event, senders, stored } = firm;
const done = { batchItemFailures: [] };
const failed = { batchItemFailures: [{ itemIdentifier: '0' }] };

const order = (customerId: string, more: object = {}) =>
  event('crm.order.placed.v1', customerId, { kind: 'SALE', amount: '10.00', currency: 'GBP' }, more);
const contact = (customerId: string, more: object = {}) =>
  event('crm.interaction.logged.v1', customerId, { direction: 'INBOUND', channel: 'PHONE' }, more);
const lapsed = (customerId: string) =>
  event('crm.customer.stage-changed.v1', customerId, { stage: 'LAPSED' });

const bySes = (behaviour: Behaviour) =>
  senders.behave(({ service }) => (service === 'ses' ? behaviour : takes));
const told = () =>
  senders
    .takeSent()
    .map(({ service, to }) => `${service} ${to}`)
    .sort();
const mails = () => stored('message#').filter(({ channel }) => channel === 'EMAIL');

const within = async <T>(act: () => Promise<T>): Promise<T> => {
  const granted = rightsGranted(notificationGrants, firm.aws.tables);
  firm.aws.guard((right) => granted.includes(right));
  try {
    return await act();
  } finally {
    firm.aws.guard(() => true);
  }
};

/** As if the messages had been claimed longer ago than anybody can be at work. */
function ageClaims() {
  const claimedAt = { S: new Date(Date.now() - claimLastsMs - 1000).toISOString() };
  for (const item of firm.aws.items().filter(({ sk }) => sk?.S?.startsWith('message#'))) {
    firm.aws.dynamodb('PutItem', { Item: { ...item, claimedAt } });
  }
}

beforeEach(() => {
  firm.aws.clear();
  senders.behave(() => takes);
  senders.takeSent();
  senders.takeAsked();
});

/** A customer who allows service and marketing. */
async function ada(fields: object = {}) {
  const customer = await firm.customer(fields);
  await firm.consent(customer.id, 'SERVICE');
  await firm.consent(customer.id, 'MARKETING');
  return customer;
}

describe('a customer', () => {
  test('is told by mail and SMS, and it is recorded without the address', async () => {
    const customer = await ada();
    const [email, phone] = customer.identities.map(({ value }) => value);

    expect(await within(() => deliver([order(customer.id)]))).toEqual(done);

    expect(told()).toEqual([`ses ${email}`, `sns ${phone}`]);
    const messages = stored('message#');
    expect(messages.map(({ channel, state }) => [channel, state]).sort()).toEqual([
      ['EMAIL', 'SENT'],
      ['SMS', 'SENT'],
    ]);
    for (const message of messages) {
      expect(message).toMatchObject({
        recipientId: customer.id,
        customerId: customer.id,
        rule: 'order',
        purpose: 'SERVICE',
        subject: 'Your order',
        version: 2,
      });
      expect(JSON.stringify(message)).not.toContain(email);
      expect(JSON.stringify(message)).not.toContain(phone);
      expect(message).not.toHaveProperty('change');
    }
  });

  test('gets a mail from the firm, tagged with the message, in the customer’s language', async () => {
    const customer = await ada({ language: 'it-CH', name: 'Ada' });
    await deliver([order(customer.id)]);

    const [mail] = senders.takeSent().filter(({ service }) => service === 'ses');
    const [message] = mails();
    expect(mail?.request).toEqual({
      FromEmailAddress: 'Demo Gifts <hello@demo.example>',
      Destination: { ToAddresses: [customer.identities[0]?.value] },
      ConfigurationSetName: 'demo',
      EmailTags: [{ Name: 'message', Value: message?.id }],
      Content: {
        Simple: {
          Subject: { Data: 'Il suo ordine', Charset: 'UTF-8' },
          Body: { Text: { Data: 'Di 10.00', Charset: 'UTF-8' } },
        },
      },
    });
    expect(message?.id).toMatch(/^[\w-]{1,256}$/);
  });

  test('gets an SMS of its kind from the firm’s name', async () => {
    const customer = await ada();
    await deliver([order(customer.id), lapsed(customer.id)]);

    const sms = senders.takeSent().filter(({ service }) => service === 'sns');
    const kinds = sms.map(({ request }) => request['MessageAttributes.entry.1.Value.StringValue']).sort();
    expect(kinds).toEqual(['Promotional', 'Transactional']);
    for (const { request } of sms) {
      expect(request['MessageAttributes.entry.2.Value.StringValue']).toBe('DemoGifts');
    }
  });

  test('can unsubscribe from marketing with one click, and by a link in the mail', async () => {
    const customer = await ada();
    await deliver([lapsed(customer.id)]);

    const [mail] = senders.takeSent().filter(({ service }) => service === 'ses');
    const [message] = mails();
    const url = `https://unsubscribe.example/${message?.id}/${message?.token}`;
    expect(message?.token).toMatch(/^[\w-]{22}$/);
    expect(mail?.request.Content).toMatchObject({
      Simple: {
        Headers: [
          { Name: 'List-Unsubscribe', Value: `<${url}>` },
          { Name: 'List-Unsubscribe-Post', Value: 'List-Unsubscribe=One-Click' },
        ],
        Body: {
          Text: { Data: `We miss you\n\n-- \nUnsubscribe: ${url}\n` },
          Html: { Data: `<body><p>We miss you</p><p><a href="${url}">Unsubscribe</a></p></body>` },
        },
      },
    });
  });

  test.each(['nothing', 'WITHDRAWN'])('who said %s is not told, and nothing is recorded', async (said) => {
    const customer = await firm.customer();
    await firm.consent(customer.id, 'MARKETING');
    if (said === 'WITHDRAWN') {
      await firm.consent(customer.id, 'SERVICE');
      await firm.consent(customer.id, 'SERVICE', 'WITHDRAWN');
    }

    expect(await deliver([order(customer.id)])).toEqual(done);

    expect(told()).toEqual([]);
    expect(stored('message#')).toEqual([]);
  });

  test('without an address on a channel is told on the other', async () => {
    const customer = await ada({ identities: [{ kind: 'PHONE', value: '+441632960001' }] });
    await deliver([order(customer.id)]);

    expect(told()).toEqual(['sns +441632960001']);
  });

  test('whose address bounced or complained is not written to, which is recorded', async () => {
    const customer = await ada({ identities: [{ kind: 'EMAIL', value: 'gone@example.com' }] });
    const { addressKeyOf, suppressAddress } = await import('../table/suppressions.ts');
    await suppressAddress(addressKeyOf('EMAIL', 'Gone@Example.com'), 'msg_1', '2026-01-01T00:00:00.000Z');

    expect(await deliver([order(customer.id)])).toEqual(done);

    expect(told()).toEqual([]);
    expect(mails()).toMatchObject([{ state: 'SUPPRESSED', version: 1 }]);
  });

  test('is not told of what was imported', async () => {
    const customer = await ada();

    expect(await deliver([order(customer.id, { via: 'IMPORT' })])).toEqual(done);

    expect(told()).toEqual([]);
  });

  test('is not told by a rule without a purpose, which is a fault of the tenant’s file', async () => {
    const customer = await ada();

    expect(await deliver([event('crm.customer.created.v1', customer.id)])).toEqual(failed);

    expect(told()).toEqual([]);
  });
});

describe('a colleague', () => {
  test('who looks after the customer is told in the app, by mail and by SMS, without any consent', async () => {
    const customer = await firm.customer({ language: 'it' });
    const happened = contact(customer.id);

    expect(await within(() => deliver([happened]))).toEqual(done);

    expect(told()).toEqual(['ses nora@demo.example', 'sns +441632960900']);
    expect(stored('notification#')).toMatchObject([
      {
        recipientId: 'usr_nora',
        rule: 'contact',
        title: 'Ada Byron got in touch',
        body: 'Hello Nora North',
        customerId: customer.id,
        subjectId: happened.subject,
        event: 'crm.interaction.logged.v1',
        change: {
          actor: 'fn_notification',
          causationId: happened.id,
          events: [{ type: 'crm.notification.created.v1' }],
        },
      },
    ]);
    expect(stored('message#')[0]).not.toHaveProperty('purpose');
  });

  test('is not told of what they did', async () => {
    const customer = await firm.customer();

    expect(await deliver([contact(customer.id, { actor: 'usr_nora' })])).toEqual(done);

    expect(told()).toEqual([]);
    expect(stored('notification#')).toEqual([]);
  });

  test('of the team is told; who may not sign in any more, in the app only', async () => {
    const customer = await firm.customer();
    await deliver([event('crm.score.threshold-crossed.v1', customer.id, {}, { actor: 'fn_scoring' })]);

    expect(told()).toEqual(['ses ned@demo.example', 'ses nora@demo.example']);
    const inApp = stored('notification#').map(({ recipientId, body }) => `${recipientId} ${body}`);
    expect(inApp.sort()).toEqual(['usr_gone Hello gone', 'usr_ned Hello ned', 'usr_nora Hello Nora North']);
  });
});

describe('nobody is told', () => {
  test('of an event from the archive, of a customer who is gone, or of what notification caused', async () => {
    const customer = await ada();

    expect(await deliver([order(customer.id), contact(customer.id)], { 'replay-name': 'again' })).toEqual(
      done,
    );
    expect(await deliver([contact('cus_00000000000000000000000000')])).toEqual(done);
    expect(await deliver([contact(customer.id, { actor: 'fn_notification' })])).toEqual(done);

    expect(told()).toEqual([]);
    expect([...stored('message#'), ...stored('notification#')]).toEqual([]);
  });

  test('by a template that cannot be written: the others are, and the event waits for a repair', async () => {
    const customer = await firm.customer();

    expect(await deliver([event('crm.customer.updated.v1', customer.id)])).toEqual(failed);

    expect(stored('notification#')).toHaveLength(1);
    expect(stored('message#')).toEqual([]);
  });
});

describe('a message that', () => {
  const attempt = async (behaviour: Behaviour) => {
    const customer = await ada({ identities: [{ kind: 'EMAIL', value: 'ada@example.com' }] });
    const happened = order(customer.id);
    bySes(behaviour);
    const answer = await within(() => deliver([happened]));
    const asked = senders.takeAsked().length;
    return { happened, answer, asked };
  };

  test('was sent is not sent when its event comes again, alone, twice in a batch or at the same time', async () => {
    const { happened } = await attempt(takes);

    await deliver([happened]);
    await deliver([happened, happened]);
    await Promise.all([deliver([happened]), deliver([happened])]);

    expect(told()).toEqual(['ses ada@example.com']);
  });

  test.each([
    [400, 'MessageRejected'],
    [400, 'MailFromDomainNotVerifiedException'],
    [400, 'BadRequestException'],
    [404, 'NotFoundException'],
  ])('is refused with %d %s is REFUSED for good', async (status, code) => {
    const { happened, answer, asked } = await attempt(refuses(status, code));

    expect([answer, asked]).toEqual([done, 1]);
    expect(mails()).toMatchObject([{ state: 'REFUSED', reason: code }]);
    bySes(takes);
    expect(await deliver([happened])).toEqual(done);
    expect(told()).toEqual([]);
  });

  test.each([
    [429, 'TooManyRequestsException'],
    [403, 'AccessDeniedException'],
    [400, 'LimitExceededException'],
    [400, 'SendingPausedException'],
    [400, 'Throttling'],
  ])('is not taken for now with %d %s is sent when its event comes again', async (status, code) => {
    const { happened, answer, asked } = await attempt(refuses(status, code));

    expect([answer, asked]).toEqual([failed, 1]);
    expect(mails()).toEqual([]);
    bySes(takes);
    expect(await deliver([happened])).toEqual(done);
    expect(told()).toEqual(['ses ada@example.com']);
    expect(mails()).toMatchObject([{ state: 'SENT' }]);
  });

  test.each<[string, Behaviour, string]>([
    ['a reset connection', { takes: true, answers: 'reset' }, 'ECONNRESET'],
    [
      'an error of the server',
      { takes: true, answers: { status: 500, code: 'InternalServiceErrorException' } },
      'InternalServiceErrorException',
    ],
    ['no answer in time', { takes: true, answers: 'never' }, 'ETIMEDOUT'],
  ])('may have been sent, after %s, is UNKNOWN and never sent again', async (_, behaviour, reason) => {
    const { happened, answer, asked } = await attempt(behaviour);

    expect([answer, asked]).toEqual([done, 1]);
    expect(mails()).toMatchObject([{ state: 'UNKNOWN', reason }]);
    bySes(takes);
    ageClaims();
    expect(await deliver([happened])).toEqual(done);
    expect(told()).toEqual(['ses ada@example.com']);
  });

  test.each<[string, Behaviour, string, object]>([
    ['refused', refuses(400, 'InvalidParameter'), 'REFUSED', done],
    ['throttled', refuses(429, 'Throttled'), '', failed],
    ['broken off', { takes: true, answers: 'reset' }, 'UNKNOWN', done],
  ])('is an SMS is treated the same when it is %s', async (_, behaviour, state, expected) => {
    const customer = await ada({ identities: [{ kind: 'PHONE', value: '+441632960001' }] });
    const happened = order(customer.id);
    senders.behave(() => behaviour);

    expect(await deliver([happened])).toEqual(expected);
    expect(stored('message#').map((message) => message.state)).toEqual(state ? [state] : []);
    expect(senders.takeAsked()).toHaveLength(1);
    senders.behave(() => takes);
    expect(await deliver([happened])).toEqual(done);
    expect(senders.takeAsked()).toHaveLength(state ? 0 : 1);
  });

  test('somebody else is sending is left to them, and UNKNOWN when they do not come back', async () => {
    const customer = await ada({ identities: [{ kind: 'EMAIL', value: 'ada@example.com' }] });
    const happened = order(customer.id);
    firm.aws.disturb((action, run) => {
      const answer = run();
      if (action === 'PutItem') throw new AwsError('ValidationException', 'The function is killed');
      return answer;
    });
    expect(await deliver([happened])).toEqual(failed);
    firm.aws.disturb(undisturbed);
    expect(mails()).toMatchObject([{ state: 'CLAIMED' }]);

    expect(await deliver([happened])).toEqual(failed);
    expect(mails()).toMatchObject([{ state: 'CLAIMED' }]);
    ageClaims();
    expect(await deliver([happened])).toEqual(done);

    expect(mails()).toMatchObject([{ state: 'UNKNOWN', reason: 'ABANDONED' }]);
    expect(told()).toEqual([]);
  });

  test('was claimed by an attempt whose answer was lost is sent by its retry', async () => {
    const customer = await ada({ identities: [{ kind: 'EMAIL', value: 'ada@example.com' }] });
    let lost = 0;
    firm.aws.disturb((action, run) => {
      const answer = run();
      if (action === 'PutItem' && lost++ === 0)
        throw new AwsError('ThrottlingException', 'The answer is lost');
      return answer;
    });
    const answer = await deliver([order(customer.id)]);
    firm.aws.disturb(undisturbed);

    expect(answer).toEqual(done);
    expect(lost).toBeGreaterThan(1);
    expect(told()).toEqual(['ses ada@example.com']);
  });

  test('cannot be sent keeps nobody else from being told', async () => {
    const customer = await firm.customer();
    senders.behave(({ service }: Sent) =>
      service === 'ses' ? refuses(429, 'TooManyRequestsException') : takes,
    );
    const happened = contact(customer.id);

    expect(await deliver([happened])).toEqual(failed);
    expect(told()).toEqual(['sns +441632960900']);
    expect(stored('notification#')).toHaveLength(1);
    senders.behave(() => takes);
    expect(await deliver([happened])).toEqual(done);

    expect(told()).toEqual(['ses nora@demo.example']);
    expect(stored('notification#')).toHaveLength(1);
  });
});
