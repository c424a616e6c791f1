import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AwsError, type Caller } from '../aws.ts';
import type { ServiceEvent } from '../events/event.ts';
import { createIdentities, newAdminKey } from '../identity.ts';
import { type Outbox, openOutbox } from '../outbox/outbox.ts';
import type { Listener } from '../ports.ts';
import { openStore, type Store } from '../store.ts';
import { type Certificate, certificateIn } from '../tls.ts';
import type { Mail } from './mail.ts';
import { createSes, type Ses } from './ses.ts';
import { createSmtp } from './smtp.ts';
import { smtpPasswordOf } from './smtp-password.ts';

const place = { region: 'eu-west-2', accountId: '111122223333' };
const identities = createIdentities({ place, admin: newAdminKey() });
const { accessKeyId, secretAccessKey } = identities.admin;
const credentials = { user: accessKeyId, pass: smtpPasswordOf(secretAccessKey, place.region) };

let dir: string;
let certificate: Certificate;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'smtp-'));
  certificate = await certificateIn(dir);
});
afterAll(() => rmSync(dir, { recursive: true }));

let store: Store;
let outbox: Outbox;
let ses: Ses;
let smtp: Listener;
let port: number;
let events: ServiceEvent[];
let logged: string[];
let authorize: (caller: Caller, mail: Mail) => void;

beforeEach(async () => {
  store = openStore();
  outbox = openOutbox({ store });
  events = [];
  logged = [];
  authorize = () => {};
  ses = createSes({
    store,
    place,
    outbox,
    events: { emit: (event) => events.push(event) },
    delayMilliseconds: 1,
  });
  ses.putIdentity('firm.example', 'news');
  ses.putConfigurationSet({ name: 'news' });
  ses.putEventDestination('news', {
    name: 'bus',
    eventTypes: ['send', 'delivery', 'bounce'],
    eventBusArn: 'arn:aws:events:eu-west-2:111122223333:event-bus/default',
  });
  ses.start();
  smtp = createSmtp({
    certificate,
    region: place.region,
    identities,
    ses,
    authorize: (caller, mail) => authorize(caller, mail),
    committed: store.committed,
    log: (message) => logged.push(message),
  });
  port = await smtp.listen(0);
});
afterEach(async () => {
  await smtp.close();
  ses.close();
  store.close();
  expect(logged).toEqual([]);
});

/** Sends as a client would that trusts the certificate, and only with TLS. */
async function send(mail: SendMailOptions, auth: { user: string; pass: string } | undefined = credentials) {
  const transport = createTransport({
    host: '127.0.0.1',
    port,
    requireTLS: true,
    tls: { ca: [certificate.cert] },
    ...(auth && { auth }),
  });
  try {
    return await transport.sendMail({
      from: 'Firm <news@firm.example>',
      subject: 'Hello',
      text: 'Hi',
      ...mail,
    });
  } finally {
    transport.close();
  }
}

describe('a mail by SMTP', () => {
  test('goes the way of SendEmail: outbox, events, with blind copies', async () => {
    const { response } = await send({
      to: 'Ann <ann@x.example>',
      bcc: 'bob@x.example',
      html: '<p>Hi</p>',
      headers: { 'X-SES-MESSAGE-TAGS': 'kind=news' },
      attachments: [{ filename: 'a.txt', content: 'attached' }],
    });

    const [kept] = outbox.list({ limit: 2 });
    expect(kept).toMatchObject({
      service: 'ses',
      from: 'Firm <news@firm.example>',
      to: ['ann@x.example', 'bob@x.example'],
      subject: 'Hello',
      text: 'Hi',
      html: '<p>Hi</p>',
      tags: { kind: 'news' },
    });
    expect(response).toBe(`250 Ok ${kept?.messageId}`);
    expect(Object.keys(kept?.headers ?? {}).map((name) => name.toLowerCase())).not.toContain('bcc');
    await expect.poll(() => events.length).toBe(3);
    expect(events[0]).toMatchObject({
      detailType: 'Email Sent',
      detail: {
        mail: {
          messageId: kept?.messageId,
          tags: { 'ses:operation': ['SendSmtpEmail'], 'ses:caller-identity': ['admin'] },
        },
      },
    });
  });

  test('that bounced is not tried again: the suppression list is the same', async () => {
    await send({ to: 'ann@bounce.example' });
    await expect.poll(() => events.length).toBe(2);
    await send({ to: 'ann@bounce.example' });
    await expect.poll(() => events.length).toBe(4);

    expect(events[3]?.detail).toMatchObject({ bounce: { bounceSubType: 'OnAccountSuppressionList' } });
  });

  test('takes domains in Punycode, and dots at the beginning of lines', async () => {
    await send({ to: 'ann@xn--mnchen-3ya.example', text: '.\r\n..hidden' });

    expect(outbox.list({ limit: 1 })).toMatchObject([
      { to: ['ann@xn--mnchen-3ya.example'], text: expect.stringContaining('.\r\n..hidden') },
    ]);
  });

  test('is judged as ses:SendRawEmail of its caller', async () => {
    const asked: [string, string][] = [];
    authorize = ({ arn }, { from }) => asked.push([arn, from.address]);

    await send({ to: 'ann@x.example' });

    expect(asked).toEqual([['arn:aws:iam::111122223333:user/admin', 'news@firm.example']]);
  });
});

describe('is refused by SMTP', () => {
  const refusal = (responseCode: number, response: string | RegExp) => ({
    responseCode,
    response: typeof response === 'string' ? `${responseCode} ${response}` : expect.stringMatching(response),
  });
  const many = Array.from({ length: 51 }, (_, index) => `a${index}@x.example`);
  const session = identities.credentialsFor('arn:aws:iam::111122223333:role/Mail', 'mail');

  test.each([
    ['a wrong password', { ...credentials, pass: 'wrong' }],
    ['the secret key itself', { user: accessKeyId, pass: secretAccessKey }],
    [
      'the password of another region',
      { user: accessKeyId, pass: smtpPasswordOf(secretAccessKey, 'eu-west-1') },
    ],
    ['an unknown key', { ...credentials, user: 'AKIANOBODY' }],
    [
      'the session of a role',
      { user: session.accessKeyId, pass: smtpPasswordOf(session.secretAccessKey, place.region) },
    ],
  ])('%s', async (_, auth) => {
    await expect(send({ to: 'ann@x.example' }, auth)).rejects.toMatchObject(
      refusal(535, 'Authentication Credentials Invalid'),
    );
  });

  test.each<[string, SendMailOptions, number, string | RegExp]>([
    [
      'a sender that is not verified',
      { from: 'eve@other.example' },
      554,
      'Message rejected: Email address is not verified. The following identities failed the check in region EU-WEST-2: eve@other.example',
    ],
    [
      'an address for bounces that is not verified',
      { envelope: { from: 'eve@other.example', to: ['ann@x.example'] } },
      554,
      /failed the check in region EU-WEST-2: eve@other\.example$/,
    ],
    [
      'no sender',
      { envelope: { from: '', to: ['ann@x.example'] } },
      501,
      'Invalid MAIL FROM address provided',
    ],
    ['a recipient without a domain', { to: 'ann@localhost' }, 501, 'Invalid RCPT TO address provided'],
    ['more than 50 recipients', { to: many }, 554, 'Transaction failed: Recipient count exceeds 50.'],
    [
      'a configuration set that does not exist',
      { headers: { 'X-SES-CONFIGURATION-SET': 'none' } },
      554,
      'Transaction failed: Configuration set <none> does not exist.',
    ],
  ])('%s', async (_, mail, code, response) => {
    await expect(send({ to: 'ann@x.example', ...mail })).rejects.toMatchObject(refusal(code, response));
    expect(outbox.list({ limit: 1 })).toEqual([]);
  });

  test('what the rights of the caller do not allow', async () => {
    authorize = () => {
      throw new AwsError(
        'AccessDeniedException',
        'User: arn:aws:iam::1:user/x is not authorized to perform: ses:SendRawEmail on resource: arn:aws:ses:y because no identity-based policy allows it',
        403,
      );
    };

    await expect(send({ to: 'ann@x.example' })).rejects.toMatchObject(
      refusal(
        554,
        "Access denied: User `arn:aws:iam::1:user/x' is not authorized to perform `ses:SendRawEmail' on resource `arn:aws:ses:y'",
      ),
    );
  });

  test.each([
    ['throttle', 454, 'Throttling failure: Maximum sending rate exceeded.', 0],
    ['fail', 451, 'Temporary service failure', 0],
    ['lose answer', 451, 'Temporary service failure', 1],
  ] as const)('what is told to go wrong: %s', async (fault, code, response, kept) => {
    ses.faults.onSend = () => fault;

    await expect(send({ to: 'ann@x.example' })).rejects.toMatchObject(refusal(code, response));
    expect(outbox.list({ limit: 5 })).toHaveLength(kept);
  });
});

describe('a client that speaks for itself', () => {
  /** Sends lines, each when the one before was answered, and gives the answers. */
  async function talk(...lines: string[]): Promise<string[]> {
    const socket = connect(port, '127.0.0.1');
    const answers: string[] = [];
    const answer = async () => {
      let text = '';
      while (!/^\d{3} .*\r\n$/m.test(text)) text += String((await once(socket, 'data'))[0]);
      answers.push(text.trimEnd());
    };
    await answer();
    for (const line of lines) {
      socket.write(`${line}\r\n`);
      await answer();
    }
    socket.destroy();
    return answers;
  }

  test('is greeted as by SES, and neither signs in nor sends without TLS', async () => {
    const [greeting, features, auth, mail] = await talk(
      'EHLO me',
      'AUTH PLAIN AHgAeQ==',
      'MAIL FROM:<news@firm.example>',
    );

    expect(greeting).toBe('220 email-smtp.eu-west-2.amazonaws.com ESMTP');
    expect(features).toMatch(/STARTTLS/);
    expect(features).toMatch(/SIZE 41943040/);
    expect(features).not.toMatch(/SMTPUTF8|PIPELINING/);
    expect(auth).toMatch(/Must issue a STARTTLS command first$/);
    expect(mail).toBe('530 Authentication required');
  });

  test('is not waited for when the listener closes', async () => {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'data');
    const began = performance.now();
    await smtp.close();
    expect(performance.now() - began).toBeLessThan(1000);
    socket.destroy();
  });
});

test('a mail of more than 40 MB is read to its end, refused, and the next one is taken', async () => {
  const transport = createTransport({
    host: '127.0.0.1',
    port,
    pool: true,
    maxConnections: 1,
    requireTLS: true,
    tls: { ca: [certificate.cert] },
    auth: credentials,
  });
  const envelope = { from: 'news@firm.example', to: ['ann@x.example'] };
  const line = Buffer.alloc(1_000_000, `${'x'.repeat(98)}\r\n`);
  async function* large() {
    yield 'From: news@firm.example\r\nSubject: large\r\n\r\n';
    for (let count = 0; count < 42; count++) yield line;
  }

  await expect(transport.sendMail({ envelope, raw: Readable.from(large()) })).rejects.toMatchObject({
    response: '552 Message is too long.',
  });
  await transport.sendMail({ envelope, raw: 'From: news@firm.example\r\nSubject: small\r\n\r\nHi' });
  transport.close();

  expect(outbox.list({ limit: 5 })).toMatchObject([
    { subject: 'small', text: expect.stringContaining('Hi') },
  ]);
});
