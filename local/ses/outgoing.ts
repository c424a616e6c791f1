import { mailboxOf } from './addresses.ts';
import type { Header } from './mime.ts';

/** A mail on its way out, to those who get it. */
export interface Letter {
  /** Bare addresses. */
  readonly from: string;
  readonly to: readonly string[];
  /** The whole mail in MIME, or its parts, of which one is to be made. */
  readonly content: Buffer | LetterParts;
}

export interface LetterParts {
  readonly messageId: string;
  /** With `From`, `To` and `Subject`; those of MIME are left out. */
  readonly headers: readonly Header[];
  readonly text: string | null;
  readonly html: string | null;
}

/** The `Message-ID` that SES gives a mail. */
export function messageIdHeader(messageId: string, region: string): string {
  return `<${messageId}@${region === 'us-east-1' ? 'email' : region}.amazonses.com>`;
}

/** The letter of a mail to one person, which another service sends through SES. */
export function letterTo(
  to: string,
  mail: { readonly from: string; readonly subject: string; readonly text: string; readonly html: string },
  messageId: string,
): Letter {
  const { from, subject, text, html } = mail;
  const headers = Object.entries({ From: from, To: to, Subject: subject });
  return {
    from: mailboxOf(from).address,
    to: [to],
    content: { messageId, headers: headers.map(([name, value]) => ({ name, value })), text, html },
  };
}

/** Headers that SES keeps to itself or sets itself. */
const OWN = /^(bcc|date|message-id|return-path|x-ses-[^:\s]*)\s*:/i;

/**
 * A raw mail as SES sends it: byte by byte as it came, but for the headers that SES takes out or sets
 * (https://docs.aws.amazon.com/ses/latest/dg/header-fields.html).
 */
export function stamped(raw: Buffer, messageId: string, at: Date): Buffer {
  const text = raw.toString('latin1');
  const end = /\r?\n\r?\n/.exec(text)?.index ?? text.length;
  const fields = text.slice(0, end).split(/\r?\n(?![ \t])/);
  const date = at.toUTCString().replace('GMT', '+0000');
  const head = [
    `Message-ID: ${messageId}`,
    `Date: ${date}`,
    ...fields.filter((field) => field !== '' && !OWN.test(field)),
  ];
  return Buffer.from(head.join('\r\n') + text.slice(end), 'latin1');
}
