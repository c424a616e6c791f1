import { describe, expect, test } from 'vitest';
import { claim } from '../../domain/interactions/message.ts';
import { mailbox, mailOf } from './mail.ts';
import type { Letter } from './message.ts';

const sender = { name: 'Demo Gifts', email: 'hello@demo.example' };
const settings = { sender, configurationSet: 'demo', language: 'it' };
const url = 'https://unsubscribe.example/msg_1/token';

const letter = (said: Partial<Letter['said']>, more: Partial<Letter> = {}): Letter => ({
  message: claim({
    id: 'msg_1',
    recipientId: 'cus_1',
    customerId: 'cus_1',
    channel: 'EMAIL',
    rule: 'win-back',
    claimedAt: '2026-11-22T12:00:00.000Z',
  }),
  address: 'ada@example.com',
  said: { title: 'Come back', text: 'Text', sms: '', ...said },
  language: undefined,
  ...more,
});

const bodyOf = (one: Letter) => {
  const { Text, Html } = mailOf(settings, one).Content?.Simple?.Body ?? {};
  return { text: Text?.Data, html: Html?.Data };
};

describe('the link to unsubscribe', () => {
  test('is in no mail but one for marketing', () => {
    const { Headers, Body } = mailOf(settings, letter({ html: '<p>Hi</p>' })).Content?.Simple ?? {};

    expect(Headers).toBeUndefined();
    expect([Body?.Text?.Data, Body?.Html?.Data]).toEqual(['Text', '<p>Hi</p>']);
  });

  test('is added at the end, in the customer’s language or else the firm’s', () => {
    expect(bodyOf(letter({ html: '<p>Hi</p>' }, { unsubscribeUrl: url }))).toEqual({
      text: `Text\n\n-- \nAnnulla l’iscrizione: ${url}\n`,
      html: `<p>Hi</p><p><a href="${url}">Annulla l’iscrizione</a></p>`,
    });
    const german = letter({ html: '<body>Hi</BODY ></html>' }, { unsubscribeUrl: url, language: 'de-CH' });
    expect(bodyOf(german).html).toBe(`<body>Hi<p><a href="${url}">Abmelden</a></p></BODY ></html>`);
  });

  test('is not added where the template has put it', () => {
    const said = { text: `Leave: ${url}`, html: `<a href="${url}">Leave</a>` };

    expect(bodyOf(letter(said, { unsubscribeUrl: url }))).toEqual(said);
  });
});

describe('the sender of a mail', () => {
  test.each([
    ['Demo Gifts', 'Demo Gifts <hello@demo.example>'],
    ['Gifts, "Demo" & Co. (UK)', '"Gifts, \\"Demo\\" & Co. (UK)" <hello@demo.example>'],
    ['Bücher', '=?UTF-8?B?QsO8Y2hlcg==?= <hello@demo.example>'],
    ['A\r\nBcc: x', '=?UTF-8?B?QQ0KQmNjOiB4?= <hello@demo.example>'],
  ])('of the name %j is %s', (name, expected) => {
    expect(mailbox({ ...sender, name })).toBe(expected);
  });

  test('of a long name is written in encoded words of at most 75 characters, each of whole characters', () => {
    const name = '北'.repeat(64);
    const words = mailbox({ ...sender, name })
      .split(' ')
      .slice(0, -1);

    expect(words.every((word) => word.length <= 75)).toBe(true);
    const read = words.map((word) => Buffer.from(word.slice(10, -2), 'base64').toString());
    expect(read.join('')).toBe(name);
  });
});
