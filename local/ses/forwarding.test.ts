import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openOutbox } from '../outbox/outbox.ts';
import { openStore, type Store } from '../store.ts';
import { type CaughtMail, type MailCatcher, startMailCatcher } from './fixture.ts';
import { createForwarding, type Forwarding, mailServerOf } from './forwarding.ts';
import { mailBySmtp, mailOf } from './mail.ts';
import { headerOf, parseMail } from './mime.ts';
import { createSes, type Ses } from './ses.ts';

const place = { region: 'eu-west-2', accountId: '111122223333' };
const admin = {
  accessKeyId: 'AKIA',
  arn: 'arn:aws:iam::111122223333:user/admin',
  accountId: place.accountId,
};

let logged: string[];
let catcher: MailCatcher;
let store: Store;
let forwarding: Forwarding;
let ses: Ses;

beforeEach(async () => {
  logged = [];
  catcher = await startMailCatcher();
  store = openStore();
  forwarding = createForwarding(catcher, (message) => logged.push(message));
  const events = { emit() {} };
  ses = createSes({ store, place, outbox: openOutbox({ store }), events, forward: forwarding.forward });
  ses.putIdentity('firm.example');
});
afterEach(async () => {
  forwarding.close();
  ses.close();
  store.close();
  await catcher.stop();
});

const simple = (to: string[], text = 'Grüße') =>
  mailOf({
    FromEmailAddress: 'Müller <news@firm.example>',
    ReplyToAddresses: ['desk@firm.example'],
    Destination: { ToAddresses: to, BccAddresses: ['hidden@x.example'] },
    Content: {
      Simple: {
        Subject: { Data: 'Schöne Grüße' },
        Body: { Text: { Data: text }, Html: { Data: '<p>Grüße</p>' } },
        Headers: [{ Name: 'List-Unsubscribe', Value: '<https://firm.example/u>' }],
      },
    },
  });
const one = async () => {
  await expect.poll(() => catcher.caught.length).toBe(1);
  return catcher.caught[0] as CaughtMail;
};

describe('a mail that is forwarded', () => {
  test('in parts becomes one in MIME that a client can read', async () => {
    const messageId = ses.sendBySmtp(simple(['ann@x.example']), admin);

    const { from, to, raw } = await one();
    const { headers, text, html } = parseMail(raw);
    expect([from, to]).toEqual(['news@firm.example', ['ann@x.example', 'hidden@x.example']]);
    expect(text?.trim()).toBe('Grüße');
    expect(html?.trim()).toBe('<p>Grüße</p>');
    expect(Object.fromEntries(headers.map(({ name, value }) => [name, value]))).toMatchObject({
      From: 'Müller <news@firm.example>',
      To: 'ann@x.example',
      'Reply-To': 'desk@firm.example',
      Subject: 'Schöne Grüße',
      'List-Unsubscribe': '<https://firm.example/u>',
      'Message-ID': `<${messageId}@eu-west-2.amazonses.com>`,
      Date: expect.any(String),
    });
    expect(raw.toString()).not.toContain('hidden@x.example');
  });

  test('in MIME stays as it is, but for the headers that SES sets or takes out', async () => {
    const head = [
      'From: news@firm.example',
      'To: ann@x.example',
      'Bcc: hidden@x.example,',
      ' other@x.example',
      'Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=',
      'Date: yesterday',
      'X-SES-MESSAGE-TAGS: a=b',
      'Message-ID: <own@firm.example>',
      'Content-Type: multipart/mixed; boundary=b',
    ];
    const body = '\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n.Hi\r\n--b--\r\n';
    const mail = mailBySmtp(Buffer.from(head.join('\r\n') + body), {
      from: 'news@firm.example',
      to: ['ann@x.example'],
    });

    const messageId = ses.sendBySmtp(mail, admin);

    const text = (await one()).raw.toString('latin1');
    expect(text.split('\r\n\r\n', 1)[0]?.split('\r\n')).toEqual([
      `Message-ID: <${messageId}@eu-west-2.amazonses.com>`,
      expect.stringMatching(/^Date: \w{3}, \d\d \w{3} \d{4} [\d:]{8} \+0000$/),
      ...[head[0], head[1], head[4], head[8]],
    ]);
    expect(text.endsWith(body)).toBe(true);
    expect(headerOf(parseMail(Buffer.from(text, 'latin1')).headers, 'subject')).toBe('Grüße');
  });

  test('does not go to whom SES does not send it, and not at all with a virus', async () => {
    ses.sendBySmtp(simple(['suppressionlist@simulator.amazonses.com', 'ann@x.example']), admin);
    ses.sendBySmtp(simple(['bob@x.example'], 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE'), admin);
    ses.sendBySmtp(simple(['eve@x.example']), admin);

    await expect.poll(() => catcher.caught.length).toBe(2);
    expect(catcher.caught.map(({ to }) => to[0])).toEqual(['ann@x.example', 'eve@x.example']);
  });
});

describe('a mail that cannot be forwarded is sent all the same, and told of', () => {
  test('when the server refuses it', async () => {
    catcher.refusal = 'mailbox full';
    ses.sendBySmtp(simple(['ann@x.example']), admin);

    await expect
      .poll(() => logged)
      .toEqual([
        expect.stringMatching(
          new RegExp(
            `^A mail to ann@x.example, hidden@x.example could not be forwarded to smtp://127.0.0.1:${catcher.port}: .*mailbox full`,
          ),
        ),
      ]);
    expect(openOutbox({ store }).list({ limit: 5 })).toHaveLength(1);
  });

  test('when nobody listens', async () => {
    await catcher.stop();
    const began = performance.now();
    ses.sendBySmtp(simple(['ann@x.example']), admin);

    expect(performance.now() - began).toBeLessThan(500);
    await expect.poll(() => logged).toEqual([expect.stringContaining('ECONNREFUSED')]);
    expect(openOutbox({ store }).list({ limit: 5 })).toHaveLength(1);
  });

  test('but nothing is told any more once all is closed', async () => {
    ses.sendBySmtp(simple(['ann@x.example']), admin);
    forwarding.close();
    await new Promise((later) => setTimeout(later, 200));

    expect(logged).toEqual([]);
  });
});

describe('the server that gets mail', () => {
  test.each([
    ['smtp://127.0.0.1:1025', { host: '127.0.0.1', port: 1025 }],
    ['smtp://localhost:25/', { host: 'localhost', port: 25 }],
    ['smtp://[::1]:1025', { host: '::1', port: 1025 }],
    ['smtp://127.8.0.1:1025', { host: '127.8.0.1', port: 1025 }],
  ])('can be %s', (url, server) => {
    expect(mailServerOf(url)).toEqual(server);
  });

  test.each([
    ['smtp://mail.example:25', 'is not on this machine'],
    ['smtp://127.0.0.1.evil.example:25', 'is not on this machine'],
    ['smtp://10.0.0.1:25', 'is not on this machine'],
    ['smtp://0.0.0.0:25', 'is not on this machine'],
    ['smtp://user@127.0.0.1:25', 'is no mail server'],
    ['smtp://127.0.0.1', 'is no mail server'],
    ['smtp://127.0.0.1:0', 'is no mail server'],
    ['smtp://127.0.0.1:65536', 'is no mail server'],
    ['http://127.0.0.1:25', 'is no mail server'],
    ['127.0.0.1:25', 'is no mail server'],
  ])('cannot be %s', (url, reason) => {
    expect(() => mailServerOf(url)).toThrow(`${url} ${reason}`);
  });
});
