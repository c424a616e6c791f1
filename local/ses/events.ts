import type { Place } from '../aws.ts';
import type { Header } from './mime.ts';

/**
 * The events of a mail by the name of their type in `detail`, with their detail-type on the bus
 * (https://docs.aws.amazon.com/ses/latest/dg/monitoring-eventbridge.html).
 */
export const DETAIL_TYPES = {
  Send: 'Email Sent',
  Delivery: 'Email Delivered',
  Bounce: 'Email Bounced',
  Complaint: 'Email Complaint Received',
  Reject: 'Email Rejected',
} as const;

export type EventType = keyof typeof DETAIL_TYPES;

/** Why a mail was not even tried: the account's own list, or that of SES for all its customers. */
export type SuppressedBy = 'OnAccountSuppressionList' | 'Suppressed';

/** What happens to a mail, at one of its recipients or to it as a whole. */
export interface Happening {
  readonly type: EventType;
  /** Undefined for what concerns the whole mail: that it was sent or rejected. */
  readonly recipient?: string;
  readonly suppressedBy?: SuppressedBy;
}

/** How a mail came to SES, by the name that its events give it: by the API or by SMTP. */
export type Operation = 'SendEmail' | 'SendSmtpEmail';

/** A mail as its events describe it. */
export interface SentMail {
  readonly messageId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly source: string;
  readonly sourceDomain: string;
  readonly destination: readonly string[];
  readonly headers: readonly Header[];
  readonly tags: Readonly<Record<string, string>>;
  /** Empty when the mail has none; nobody hears of its events then. */
  readonly configurationSet: string;
  /** Who sent it: the name of a role or user. */
  readonly callerIdentity: string;
  /** How it came; default: `SendEmail`. */
  readonly operation?: Operation;
  /** Recipients of the mailbox simulator, whose bounces put nobody on the suppression list. */
  readonly simulated: readonly string[];
}

const iso = (milliseconds: number) => new Date(milliseconds).toISOString();

function commonHeadersOf({ headers, messageId }: SentMail) {
  const valuesOf = (name: string) =>
    headers.filter((header) => header.name.toLowerCase() === name).map(({ value }) => value);
  const list = (name: string) => valuesOf(name).flatMap((value) => value.split(/,\s*/));
  const replyTo = list('reply-to');
  const cc = list('cc');
  return {
    from: valuesOf('from'),
    ...(replyTo.length > 0 && { replyTo }),
    to: list('to'),
    ...(cc.length > 0 && { cc }),
    messageId,
    ...(valuesOf('subject')[0] !== undefined && { subject: valuesOf('subject')[0] }),
  };
}

function mailObject(mail: SentMail, { region, accountId }: Place) {
  const own = Object.entries(mail.tags).map(([name, value]) => [name, [value]]);
  return {
    timestamp: iso(mail.at),
    source: mail.source,
    sourceArn: `arn:aws:ses:${region}:${accountId}:identity/${mail.sourceDomain}`,
    sendingAccountId: accountId,
    messageId: mail.messageId,
    destination: mail.destination,
    headersTruncated: false,
    headers: mail.headers,
    commonHeaders: commonHeadersOf(mail),
    tags: {
      'ses:operation': [mail.operation ?? 'SendEmail'],
      'ses:configuration-set': [mail.configurationSet],
      'ses:source-ip': ['127.0.0.1'],
      'ses:from-domain': [mail.sourceDomain],
      'ses:caller-identity': [mail.callerIdentity],
      ...Object.fromEntries(own),
    },
  };
}

const ON_LIST = 'Amazon SES did not send the message to this address because it is on the suppression list.';

function bounceObject({ recipient, suppressedBy }: Happening, feedbackId: string, at: string) {
  return {
    feedbackId,
    bounceType: 'Permanent',
    bounceSubType: suppressedBy ?? 'General',
    bouncedRecipients: [
      {
        emailAddress: recipient,
        action: 'failed',
        status: '5.1.1',
        diagnosticCode: suppressedBy ? ON_LIST : 'smtp; 550 5.1.1 user unknown',
      },
    ],
    timestamp: at,
    reportingMTA: 'dns; amazonses.com',
  };
}

function complaintObject({ recipient, suppressedBy }: Happening, feedbackId: string, at: string) {
  return {
    feedbackId,
    complaintSubType: suppressedBy ?? null,
    complainedRecipients: [{ emailAddress: recipient }],
    timestamp: at,
    ...(!suppressedBy && {
      userAgent: 'Amazon SES Mailbox Simulator',
      complaintFeedbackType: 'abuse',
      arrivalDate: at,
    }),
  };
}

function ownObject(mail: SentMail, happening: Happening, at: number): Record<string, unknown> {
  const feedbackId = `${mail.messageId}-feedback`;
  switch (happening.type) {
    case 'Send':
      return { send: {} };
    case 'Reject':
      return { reject: { reason: 'Bad content' } };
    case 'Bounce':
      return { bounce: bounceObject(happening, feedbackId, iso(at)) };
    case 'Complaint':
      return { complaint: complaintObject(happening, feedbackId, iso(at)) };
    case 'Delivery':
      return {
        delivery: {
          timestamp: iso(at),
          processingTimeMillis: at - mail.at,
          recipients: [happening.recipient],
          smtpResponse: '250 ok',
          reportingMTA: 'dns; amazonses.com',
        },
      };
  }
}

/**
 * The `detail` of an event (https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html);
 * `at` is in milliseconds since 1970.
 */
export function detailOf(mail: SentMail, happening: Happening, at: number, place: Place) {
  return { eventType: happening.type, mail: mailObject(mail, place), ...ownObject(mail, happening, at) };
}
