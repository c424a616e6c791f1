import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteSuppressedDestinationCommand,
  GetAccountCommand,
  GetEmailIdentityCommand,
  GetSuppressedDestinationCommand,
  ListEmailIdentitiesCommand,
  ListSuppressedDestinationsCommand,
  PutSuppressedDestinationCommand,
  SESv2Client,
  SendEmailCommand,
  type SendEmailCommandInput,
} from '@aws-sdk/client-sesv2';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createEventBridge } from '../events/events.ts';
import { createGateway } from '../gateway.ts';
import { createIdentities, newAdminKey } from '../identity.ts';
import { type Outbox, openOutbox } from '../outbox/outbox.ts';
import { createSqs, type Sqs } from '../sqs/sqs.ts';
import { openStore, type Store } from '../store.ts';
import { createSes, type Ses } from './ses.ts';

const place = { region: 'eu-west-2', accountId: '111122223333' };
const identities = createIdentities({ place, admin: newAdminKey() });
const role = identities.credentialsFor('arn:aws:iam::111122223333:role/NotificationRole', 'notification');
const all = ['send', 'delivery', 'bounce', 'complaint', 'reject'];

interface World {
  readonly store: Store;
  readonly sqs: Sqs;
  readonly ses: Ses;
  readonly outbox: Outbox;
  readonly queue: string;
}

/** A cloud with a domain, an address, a configuration set whose events lie in a queue, and one that is paused. */
function open(file?: string): World {
  const store = openStore(file);
  const sqs = createSqs({ store, place, endpoint: '' });
  const queue = sqs.createQueue('mail-events').arn;
  const events = createEventBridge({ store, place, deliver: (arn, body) => sqs.send(arn, body) });
  events.putRule({
    name: 'mail',
    eventPattern: { source: ['aws.ses'] },
    targets: [{ id: 'queue', arn: queue }],
  });
  const outbox = openOutbox({ store });
  const ses = createSes({ store, place, outbox, events, delayMilliseconds: 5 });
  ses.putIdentity('Firm.example', 'news');
  ses.putIdentity('only@mail.example');
  ses.putConfigurationSet({ name: 'news' });
  ses.putConfigurationSet({ name: 'paused', sendingEnabled: false });
  ses.putConfigurationSet({ name: 'stubborn', suppressedReasons: [] });
  const eventBusArn = 'arn:aws:events:eu-west-2:111122223333:event-bus/default';
  for (const set of ['news', 'stubborn'])
    ses.putEventDestination(set, { name: 'bus', eventTypes: all, eventBusArn });
  return { store, sqs, ses, outbox, queue };
}

let world: World;
let client: SESv2Client;
const gateway = createGateway({
  identities,
  services: () => ({ json: {}, rest: { ses: world.ses } }),
  committed: () => world.store.committed(),
  log: console.error,
});

beforeAll(async () => {
  const endpoint = `http://127.0.0.1:${await gateway.listen(0)}`;
  client = new SESv2Client({ endpoint, region: place.region, credentials: role, maxAttempts: 1 });
});
afterAll(() => gateway.close());
beforeEach(() => {
  world = open();
  world.ses.start();
});
afterEach(() => close(world));

function close({ ses, sqs, store }: World): void {
  ses.close();
  sqs.close();
  store.close();
}

const simple = { Subject: { Data: 'Hello' }, Body: { Text: { Data: 'Hi' }, Html: { Data: '<p>Hi</p>' } } };
function mail(to: string, more: Partial<SendEmailCommandInput> = {}): SendEmailCommandInput {
  return {
    FromEmailAddress: 'Firm <news@firm.example>',
    Destination: { ToAddresses: [to] },
    Content: { Simple: simple },
    ...more,
  };
}
const send = (input: SendEmailCommandInput) => client.send(new SendEmailCommand(input));

interface MailEvent {
  readonly 'detail-type': string;
  readonly resources: string[];
  readonly detail: { readonly eventType: string; readonly mail: Record<string, unknown> } & Record<
    string,
    unknown
  >;
}

/** What the queue got so far; it waits for so many events. */
async function eventsOf(count: number): Promise<MailEvent[]> {
  const found: MailEvent[] = [];
  await expect
    .poll(() => {
      found.push(...world.sqs.receive(world.queue, 10).map(({ body }) => JSON.parse(body)));
      return found.length;
    })
    .toBe(count);
  return found;
}

describe('a mail that is accepted', () => {
  test('lies in the outbox, and its events come to the default bus', async () => {
    const { MessageId } = await send(
      mail('ann@x.example', {
        ReplyToAddresses: ['desk@firm.example'],
        EmailTags: [{ Name: 'tenant', Value: 'demo' }],
        Content: { Simple: { ...simple, Headers: [{ Name: 'List-Unsubscribe', Value: '<https://u>' }] } },
      }),
    );

    const [sent, delivered] = await eventsOf(2);

    expect(world.outbox.list({ limit: 5 })).toEqual([
      {
        id: '1',
        at: expect.any(String),
        kind: 'EMAIL',
        service: 'ses',
        from: 'Firm <news@firm.example>',
        to: ['ann@x.example'],
        subject: 'Hello',
        text: 'Hi',
        html: '<p>Hi</p>',
        headers: {
          From: 'Firm <news@firm.example>',
          'Reply-To': 'desk@firm.example',
          To: 'ann@x.example',
          Subject: 'Hello',
          'List-Unsubscribe': '<https://u>',
        },
        tags: { tenant: 'demo' },
        messageId: MessageId,
        events: ['Email Sent', 'Email Delivered'],
      },
    ]);
    expect(sent).toMatchObject({
      'detail-type': 'Email Sent',
      source: 'aws.ses',
      account: place.accountId,
      resources: ['arn:aws:ses:eu-west-2:111122223333:configuration-set/news'],
      detail: {
        eventType: 'Send',
        send: {},
        mail: {
          messageId: MessageId,
          source: 'Firm <news@firm.example>',
          destination: ['ann@x.example'],
          sendingAccountId: place.accountId,
          commonHeaders: { from: ['Firm <news@firm.example>'], to: ['ann@x.example'], subject: 'Hello' },
          tags: {
            tenant: ['demo'],
            'ses:configuration-set': ['news'],
            'ses:caller-identity': ['NotificationRole'],
          },
        },
      },
    });
    expect(sent?.detail.mail.headers).toContainEqual({ name: 'List-Unsubscribe', value: '<https://u>' });
    expect(delivered).toMatchObject({
      'detail-type': 'Email Delivered',
      detail: { eventType: 'Delivery', delivery: { recipients: ['ann@x.example'] } },
    });
  });

  test.each([
    ['success@simulator.amazonses.com', ['Email Sent', 'Email Delivered']],
    ['bounce+a@simulator.amazonses.com', ['Email Sent', 'Email Bounced']],
    ['complaint@simulator.amazonses.com', ['Email Sent', 'Email Delivered', 'Email Complaint Received']],
    ['suppressionlist@simulator.amazonses.com', ['Email Sent', 'Email Bounced']],
    ['Ann@Bounce.example', ['Email Sent', 'Email Bounced']],
    ['ann@complaint.example', ['Email Sent', 'Email Delivered', 'Email Complaint Received']],
  ])('to %s has the fate that its address decides', async (address, names) => {
    await send(mail(address));

    const found = await eventsOf(names.length);

    expect(found.map((event) => event['detail-type'])).toEqual(names);
    expect(world.outbox.list({ limit: 1 })[0]?.events).toEqual(names);
  });

  test('says in its bounce and complaint who it was and why', async () => {
    await send(
      mail('bounce@simulator.amazonses.com', {
        Destination: {
          ToAddresses: ['bounce@simulator.amazonses.com'],
          BccAddresses: ['suppressionlist@simulator.amazonses.com', 'complaint@simulator.amazonses.com'],
        },
      }),
    );

    const [, bounce, listed, , complaint] = await eventsOf(5);

    expect(bounce?.detail.bounce).toMatchObject({
      bounceType: 'Permanent',
      bounceSubType: 'General',
      bouncedRecipients: [
        { emailAddress: 'bounce@simulator.amazonses.com', action: 'failed', status: '5.1.1' },
      ],
    });
    expect(listed?.detail.bounce).toMatchObject({ bounceType: 'Permanent', bounceSubType: 'Suppressed' });
    expect(complaint?.detail.complaint).toMatchObject({
      complaintSubType: null,
      complainedRecipients: [{ emailAddress: 'complaint@simulator.amazonses.com' }],
      complaintFeedbackType: 'abuse',
    });
    expect(await client.send(new ListSuppressedDestinationsCommand({}))).toMatchObject({
      SuppressedDestinationSummaries: [],
    });
  });

  test('with a virus is rejected afterwards', async () => {
    const Text = { Data: 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*' };
    await send(mail('ann@x.example', { Content: { Simple: { Subject: simple.Subject, Body: { Text } } } }));

    const [, rejected] = await eventsOf(2);

    expect(rejected?.detail).toMatchObject({ eventType: 'Reject', reject: { reason: 'Bad content' } });
  });

  test('of a sender without a configuration set is kept, and nobody hears of it', async () => {
    await send(mail('ann@x.example', { FromEmailAddress: 'only@mail.example' }));

    await expect
      .poll(() => world.outbox.list({ limit: 1 })[0]?.events)
      .toEqual(['Email Sent', 'Email Delivered']);
    expect(world.sqs.receive(world.queue, 10)).toEqual([]);
  });

  test('in MIME is read as clients read it', async () => {
    const raw = [
      'From: =?utf-8?B?TcO8bGxlcg==?= <a@sub.firm.example>',
      'To: "Ann, of X" <ann@x.example>,',
      ' bob@x.example',
      'Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=',
      'X-SES-MESSAGE-TAGS: tenant=demo, kind=news',
      'Content-Type: multipart/mixed; boundary="b1"',
      '',
      '--b1',
      'Content-Type: multipart/alternative; boundary=b2',
      '',
      '--b2',
      'Content-Type: text/plain; charset=iso-8859-1',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'Gr=FC=DFe =',
      'an alle',
      '--b2',
      'Content-Type: text/html; charset=utf-8',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from('<p>Grüße</p>').toString('base64'),
      '--b2--',
      '--b1',
      'Content-Type: text/plain',
      'Content-Disposition: attachment; filename=a.txt',
      '',
      'attached',
      '--b1--',
    ].join('\r\n');

    await send({ Content: { Raw: { Data: Buffer.from(raw) } } });

    expect(world.outbox.list({ limit: 1 })).toMatchObject([
      {
        from: 'Müller <a@sub.firm.example>',
        to: ['ann@x.example', 'bob@x.example'],
        subject: 'Grüße',
        text: 'Grüße an alle',
        html: '<p>Grüße</p>',
        tags: { tenant: 'demo', kind: 'news' },
      },
    ]);
  });
});

describe('a mail is refused', () => {
  const many = Array.from({ length: 51 }, (_, index) => `a${index}@x.example`);
  const big = { Subject: { Data: 's' }, Body: { Text: { Data: 'x'.repeat(32_000_000) } } };

  test.each<[string, Partial<SendEmailCommandInput>, string, string | RegExp]>([
    [
      'from an address that is not verified',
      { FromEmailAddress: 'Eve <x@y.example>' },
      'MessageRejected',
      'Email address is not verified. The following identities failed the check in region EU-WEST-2: x@y.example',
    ],
    [
      'from another address of a domain of which one address is verified',
      { FromEmailAddress: 'other@mail.example' },
      'MessageRejected',
      /other@mail\.example$/,
    ],
    [
      'from a verified address in another case',
      { FromEmailAddress: 'Only@mail.example' },
      'MessageRejected',
      /Only@mail\.example$/,
    ],
    [
      'from a domain that only ends like a verified one',
      { FromEmailAddress: 'a@notfirm.example' },
      'MessageRejected',
      /a@notfirm\.example$/,
    ],
    [
      'with a configuration set that does not exist',
      { ConfigurationSetName: 'none' },
      'NotFoundException',
      'Configuration set <none> does not exist.',
    ],
    ['with one that is paused', { ConfigurationSetName: 'paused' }, 'SendingPausedException', /paused/],
    ['with a blank in a tag', { EmailTags: [{ Name: 'a b', Value: 'c' }] }, 'BadRequestException', /<a b>/],
    ['with an empty tag', { EmailTags: [{ Name: 'a', Value: '' }] }, 'BadRequestException', /tag value <>/],
    [
      'to more than 50',
      { Destination: { ToAddresses: many } },
      'BadRequestException',
      'Recipient count exceeds 50.',
    ],
    ['to nobody', { Destination: {} }, 'BadRequestException', /no recipient/],
    ['of more than 40 MB', { Content: { Simple: big } }, 'BadRequestException', /more than 41943040 bytes/],
    ['with a line break in a header', header('A', 'b\r\nBcc: c@x.example'), 'BadRequestException', /<A>/],
    ['with a colon in the name of a header', header('A:', 'b'), 'BadRequestException', /<A:>/],
    [
      'with a template',
      { Content: { Template: { TemplateName: 't' } } },
      'BadRequestException',
      'Content.Template is not run here: leave it out.',
    ],
    ['without content', { Content: {} }, 'BadRequestException', /either Simple or Raw/],
  ])('%s', async (_, more, name, message) => {
    await expect(send(mail('ann@x.example', more))).rejects.toMatchObject({
      name,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
    expect(world.outbox.list({ limit: 1 })).toEqual([]);
  });

  function header(Name: string, Value: string): Partial<SendEmailCommandInput> {
    return { Content: { Simple: { ...simple, Headers: [{ Name, Value }] } } };
  }

  test.each([
    ['ann', "Missing final '@domain'"],
    ['Ann <ann>', "Missing final '@domain'"],
    ['a b@x.example', 'Local address contains control or whitespace'],
    ['ä@x.example', 'Local address contains non-ASCII characters'],
    ['a@x..example', 'Domain contains dot-dot'],
    ['a@x_y.example', 'Domain contains illegal character'],
    ['a@localhost', 'Domain has no top-level domain'],
    ['a@x.example, b@x.example', 'Local address contains control or whitespace'],
  ])('to the address %s', async (address, message) => {
    await expect(send(mail(address))).rejects.toMatchObject({ name: 'BadRequestException', message });
  });
});

describe('the suppression list', () => {
  const get = (EmailAddress: string) => client.send(new GetSuppressedDestinationCommand({ EmailAddress }));

  test('takes in who bounced, and the next mail is not tried', async () => {
    await send(mail('Ann@bounce.example'));
    await eventsOf(2);
    expect(await get('ann@bounce.example')).toMatchObject({ SuppressedDestination: { Reason: 'BOUNCE' } });

    await send(mail('ann@bounce.example'));
    const [, bounce] = await eventsOf(2);

    expect(bounce?.detail.bounce).toMatchObject({
      bounceType: 'Permanent',
      bounceSubType: 'OnAccountSuppressionList',
    });
  });

  test('keeps away mail from whom it holds for a complaint, unless the configuration set says otherwise', async () => {
    await client.send(
      new PutSuppressedDestinationCommand({ EmailAddress: 'a+b@x.example', Reason: 'COMPLAINT' }),
    );

    await send(mail('a+b@x.example'));
    const [, complaint] = await eventsOf(2);
    await send(mail('a+b@x.example', { ConfigurationSetName: 'stubborn' }));
    const [, delivered] = await eventsOf(2);

    expect(complaint?.detail.complaint).toMatchObject({ complaintSubType: 'OnAccountSuppressionList' });
    expect(delivered?.detail.eventType).toBe('Delivery');
  });

  test('is listed by pages and forgets whom it is told to', async () => {
    for (const EmailAddress of ['a@x.example', 'b@x.example', 'c@x.example']) {
      await client.send(new PutSuppressedDestinationCommand({ EmailAddress, Reason: 'BOUNCE' }));
    }

    const first = await client.send(new ListSuppressedDestinationsCommand({ PageSize: 2 }));
    const rest = await client.send(new ListSuppressedDestinationsCommand({ NextToken: first.NextToken }));
    await client.send(new DeleteSuppressedDestinationCommand({ EmailAddress: 'a@x.example' }));

    expect(first.SuppressedDestinationSummaries).toHaveLength(2);
    expect(rest.SuppressedDestinationSummaries).toMatchObject([
      { EmailAddress: 'c@x.example', LastUpdateTime: expect.any(Date) },
    ]);
    await expect(get('a@x.example')).rejects.toMatchObject({
      name: 'NotFoundException',
      $metadata: { httpStatusCode: 404 },
    });
    await expect(
      client.send(new DeleteSuppressedDestinationCommand({ EmailAddress: 'a@x.example' })),
    ).rejects.toMatchObject({ name: 'NotFoundException' });
    await expect(
      client.send(
        new PutSuppressedDestinationCommand({ EmailAddress: 'a@x.example', Reason: 'SPITE' as 'BOUNCE' }),
      ),
    ).rejects.toMatchObject({ name: 'BadRequestException' });
  });
});

test('identities and the account can be asked for', async () => {
  expect(await client.send(new ListEmailIdentitiesCommand({}))).toMatchObject({
    EmailIdentities: [
      { IdentityName: 'Firm.example', IdentityType: 'DOMAIN', SendingEnabled: true },
      { IdentityName: 'only@mail.example', IdentityType: 'EMAIL_ADDRESS' },
    ],
  });
  expect(
    await client.send(new GetEmailIdentityCommand({ EmailIdentity: 'only@mail.example' })),
  ).toMatchObject({ VerifiedForSendingStatus: true });
  await expect(
    client.send(new GetEmailIdentityCommand({ EmailIdentity: 'none.example' })),
  ).rejects.toMatchObject({ name: 'NotFoundException' });
  expect(await client.send(new GetAccountCommand({}))).toMatchObject({
    ProductionAccessEnabled: true,
    SuppressionAttributes: { SuppressedReasons: ['BOUNCE', 'COMPLAINT'] },
  });
});

describe('what tests make go wrong', () => {
  const subjects = () => world.outbox.list({ limit: 5 }).map(({ subject }) => subject);

  test.each([
    ['throttle', 'TooManyRequestsException', 429],
    ['fail', 'InternalFailure', 500],
  ] as const)('%s: nothing was accepted', async (fault, name, status) => {
    world.ses.faults.onSend = () => fault;

    await expect(send(mail('ann@x.example'))).rejects.toMatchObject({
      name,
      $metadata: { httpStatusCode: status },
    });

    expect(subjects()).toEqual([]);
  });

  test('lose answer: the sender gets an error, and the mail is out', async () => {
    world.ses.faults.onSend = ({ to }) => (to.includes('ann@x.example') ? 'lose answer' : undefined);

    await expect(send(mail('ann@x.example'))).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });

    expect(subjects()).toEqual(['Hello']);
    await eventsOf(2);
  });
});

test('a process that dies after it accepted a mail leaves the events to the next one', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'ses-'));
  close(world);
  world = open(join(dir, 'store.sqlite'));
  await send(mail('bounce@simulator.amazonses.com'));
  close(world);

  world = open(join(dir, 'store.sqlite'));
  world.ses.start();

  expect((await eventsOf(2)).map((event) => event['detail-type'])).toEqual(['Email Sent', 'Email Bounced']);
  close(world);
  world = open(join(dir, 'store.sqlite'));
  world.ses.start();
  await new Promise((later) => setTimeout(later, 30));
  expect(world.outbox.list({ limit: 5 })).toMatchObject([{ events: ['Email Sent', 'Email Bounced'] }]);
  rmSync(dir, { recursive: true });
});
