import type { ConsentPurpose } from '../customers/consent.ts';

/** The ways on which a message leaves the firm. */
export const messageChannels = ['EMAIL', 'SMS'] as const;
export type MessageChannel = (typeof messageChannels)[number];

/**
 * What became of a message, from what is known least to what counts most. Reports come late, twice and in any order
 * (https://docs.aws.amazon.com/ses/latest/dg/monitoring-eventbridge.html): of all that were heard the last in this list
 * counts, so that every order of them ends the same.
 */
export const messageStates = [
  'CLAIMED',
  'UNKNOWN',
  'SENT',
  'DELIVERED',
  'BOUNCED',
  'REFUSED',
  'COMPLAINED',
  'SUPPRESSED',
] as const;
export type MessageState = (typeof messageStates)[number];

/** A mail or SMS that a rule of the tenant sends, at most once. It holds no address. */
export interface Message {
  readonly id: string;
  /** `cus_…` of a customer or `usr_…` of a colleague. */
  readonly recipientId: string;
  /** The customer whom it is about. */
  readonly customerId: string;
  readonly channel: MessageChannel;
  readonly rule: string;
  /** For a customer: the purpose whose consent it rests on. */
  readonly purpose?: ConsentPurpose;
  readonly subject?: string;
  readonly state: MessageState;
  readonly reason?: string;
  readonly claimedAt: string;
  readonly settledAt?: string;
  readonly version: number;
}

/** A message before it is decided whether it may be sent. */
export type MessageDraft = Omit<Message, 'state' | 'reason' | 'settledAt' | 'version'>;

/** What was heard of a message, and when that was so. */
export interface Report {
  readonly state: Exclude<MessageState, 'CLAIMED'>;
  readonly reason?: string;
  readonly at: string;
}

/** A message that is about to be sent. Who puts it first, if it is absent, is the only one to send it. */
export function claim(message: MessageDraft): Message {
  return { ...message, state: 'CLAIMED', version: 1 };
}

/** A message that is not sent, since its address bounced or complained before. */
export function suppress(message: MessageDraft): Message {
  return { ...message, state: 'SUPPRESSED', settledAt: message.claimedAt, version: 1 };
}

/** The message after a report: the same when the report says nothing that counts more than what is known. */
export function settle(message: Message, report: Report): Message {
  if (!countsMore(report, message)) return message;
  const { state, reason, at } = report;
  const { reason: _before, ...rest } = message;
  return { ...rest, state, ...(reason ? { reason } : {}), settledAt: at, version: message.version + 1 };
}

/** Of two reports of one state, the one whose reason sorts first counts: Permanent before Transient. */
function countsMore(report: Report, { state, reason = '' }: Message): boolean {
  if (report.state === state) return (report.reason ?? '') < reason;
  return messageStates.indexOf(report.state) > messageStates.indexOf(state);
}

/**
 * How long a claim may be at work: longer than the function that claims may run, shorter than its queue waits before
 * it delivers an event again.
 */
export const claimLastsMs = 120_000;

/** Whether who claimed the message cannot be at work on it any more, and left nothing behind. */
export function isAbandoned({ state, claimedAt }: Message, now: string): boolean {
  return state === 'CLAIMED' && Date.parse(now) - Date.parse(claimedAt) > claimLastsMs;
}
