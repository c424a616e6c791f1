import { SESv2Client, SendEmailCommand, type SendEmailCommandInput } from '@aws-sdk/client-sesv2';
import { languageOf } from '../../domain/team/language.ts';
import type { Letter } from './message.ts';
import { oneAttempt } from './one-attempt.ts';
import { type Outcome, outcomeOf } from './outcome.ts';

/** From whom mail comes, and under which configuration set of SES. */
export interface MailSettings {
  readonly sender: { readonly name: string; readonly email: string };
  readonly configurationSet: string;
  /** Of what is added to a mail, where the customer's is not known. */
  readonly language: string;
}

/** Makes what sends mail by SES. */
export function mailSender(settings: MailSettings): (letter: Letter) => Promise<Outcome> {
  const client = new SESv2Client(oneAttempt());
  return (letter) => outcomeOf(() => client.send(new SendEmailCommand(mailOf(settings, letter))));
}

/**
 * The mail as SES takes it. Its tag, of letters, digits, `_` and `-`
 * (https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_MessageTag.html), ties the events of SES to the message. A mail for marketing can be unsubscribed from
 * with one click (https://www.rfc-editor.org/rfc/rfc8058), and by a link in it.
 */
export function mailOf(settings: MailSettings, letter: Letter): SendEmailCommandInput {
  const { sender, configurationSet } = settings;
  const { message, address, unsubscribeUrl } = letter;
  const { title, text, html } = letter.said;
  const link = unsubscribeUrl ? linkOf(unsubscribeUrl, letter.language, settings.language) : undefined;
  return {
    FromEmailAddress: mailbox(sender),
    Destination: { ToAddresses: [address] },
    ConfigurationSetName: configurationSet,
    EmailTags: [{ Name: 'message', Value: message.id }],
    Content: {
      Simple: {
        Subject: content(title),
        Body: {
          Text: content(withLink(text, link?.text, link?.url)),
          ...(html ? { Html: content(withLink(html, link?.html, link?.url)) } : {}),
        },
        ...(link
          ? {
              Headers: [
                { Name: 'List-Unsubscribe', Value: `<${link.url}>` },
                { Name: 'List-Unsubscribe-Post', Value: 'List-Unsubscribe=One-Click' },
              ],
            }
          : {}),
      },
    },
  };
}

const content = (Data: string) => ({ Data, Charset: 'UTF-8' });

const words: Readonly<Record<string, string>> = {
  en: 'Unsubscribe',
  it: 'Annulla l’iscrizione',
  de: 'Abmelden',
};

function linkOf(url: string, language: string | undefined, fallback: string) {
  const word = words[languageOf(Object.keys(words), language, fallback) ?? 'en'];
  return { url, text: `\n\n-- \n${word}: ${url}\n`, html: `<p><a href="${url}">${word}</a></p>` };
}

/** The body with the link at its end, unless its template has put it somewhere already. */
function withLink(body: string, link: string | undefined, url: string | undefined): string {
  if (!link || !url || body.includes(url)) return body;
  const end = body.search(/<\/body\s*>/i);
  return end < 0 ? body + link : body.slice(0, end) + link + body.slice(end);
}

/**
 * `Name <address>`. SES takes other than ASCII only as encoded words
 * (https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html), of at most 75 characters each
 * (https://www.rfc-editor.org/rfc/rfc2047#section-2).
 */
export function mailbox({ name, email }: MailSettings['sender']): string {
  if (/^[\w !#$%&'*+/=?^`{|}~-]*$/.test(name)) return `${name} <${email}>`;
  if (/^[\x20-\x7e]*$/.test(name)) return `"${name.replace(/["\\]/g, '\\$&')}" <${email}>`;
  const parts = [...name].reduce<string[]>(
    ([part = '', ...done], character) =>
      Buffer.byteLength(part + character) <= 45 ? [part + character, ...done] : [character, part, ...done],
    [],
  );
  const encoded = parts.reverse().map((part) => `=?UTF-8?B?${Buffer.from(part).toString('base64')}?=`);
  return `${encoded.join(' ')} <${email}>`;
}
