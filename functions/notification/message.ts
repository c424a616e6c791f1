import { type Consent, isGranted } from '../../domain/customers/consent.ts';
import {
  claim,
  isAbandoned,
  type Message,
  type MessageChannel,
  type MessageDraft,
  type Report,
  suppress,
} from '../../domain/interactions/message.ts';
import { logger } from '../runtime/logger.ts';
import { messageIdFor } from '../table/ids.ts';
import type { StoredMessage } from '../table/messages.ts';
import { isOurFault, type Outcome } from './outcome.ts';
import type { Occasion, Recipient } from './recipients.ts';
import type { Said, Write } from './templates.ts';
import { variablesOf } from './variables.ts';

/** A mail or SMS, written and addressed. */
export interface Letter {
  readonly message: MessageDraft;
  readonly address: string;
  readonly said: Said;
  readonly language: string | undefined;
  /** Where its recipient can unsubscribe; of a mail for marketing only. */
  readonly unsubscribeUrl?: string;
}

/** What sending a message at most once needs; all reads see every write answered before them. */
export interface MessageTools {
  readonly title: string;
  readonly write: Write;
  readonly consents: (customerId: string) => Promise<readonly Consent[]>;
  readonly addressKey: (channel: MessageChannel, address: string) => string;
  readonly isSuppressed: (addressKey: string) => Promise<boolean>;
  readonly message: (id: string) => Promise<StoredMessage | undefined>;
  /** Puts what is not there; else answers what is. */
  readonly put: (stored: StoredMessage) => Promise<StoredMessage | undefined>;
  /** Takes back this very claim. */
  readonly release: (stored: StoredMessage) => Promise<void>;
  readonly settle: (known: StoredMessage, report: Report) => Promise<unknown>;
  readonly send: Readonly<Record<MessageChannel, (letter: Letter) => Promise<Outcome>>>;
  /** 128 random bits, as text for a URL. */
  readonly token: () => string;
  /** Base of the page to unsubscribe. */
  readonly unsubscribeUrl: string;
  readonly now: () => string;
}

/**
 * Tells somebody by mail or SMS, at most once: who puts the message's item sends it, and nobody else ever does. What may
 * have been sent is not sent again; what certainly was not, and may be later, is taken back for the next delivery.
 *
 * @throws Error when it was not taken for now, or another delivery is at it: deliver the event again.
 */
export async function tellByMessage(
  tools: MessageTools,
  occasion: Occasion,
  recipient: Recipient,
  channel: MessageChannel,
): Promise<void> {
  const { rule, event, customer } = occasion;
  const address = recipient.addresses[channel];
  if (!address) return;
  const id = messageIdFor(recipient.id, event.time, event.id, rule.name, channel);
  const before = await tools.message(id);
  if (before) return leaveTo(tools, before);

  const purpose = purposeOf(occasion, recipient);
  const addressKey = tools.addressKey(channel, address);
  const [isSuppressed, isAllowed] = await Promise.all([
    tools.isSuppressed(addressKey),
    purpose === undefined ||
      tools.consents(customer.id).then((consents) => isGranted(consents, { purpose, channel })),
  ]);
  if (!isAllowed) return;

  const letter = compose(tools, occasion, recipient, { id, channel, purpose, address });
  const { message, token } = letter;
  const stored = { message: isSuppressed ? suppress(message) : claim(message), token, addressKey };
  const other = await tools.put(stored);
  if (other) return leaveTo(tools, other);
  if (!isSuppressed) await handOver(tools, stored, letter);
}

interface Addressing {
  readonly id: string;
  readonly channel: MessageChannel;
  readonly purpose: Message['purpose'];
  readonly address: string;
}

/** Writes the message in the recipient's language. */
function compose(
  tools: MessageTools,
  occasion: Occasion,
  recipient: Recipient,
  { id, channel, purpose, address }: Addressing,
): Letter & { readonly token: string } {
  const token = tools.token();
  const isSubscription = purpose === 'MARKETING' && channel === 'EMAIL';
  const unsubscribeUrl = isSubscription ? `${tools.unsubscribeUrl}/${id}/${token}` : undefined;
  const variables = variablesOf(tools.title, occasion, recipient, unsubscribeUrl);
  const said = tools.write(occasion.rule.template, recipient.language, variables);
  const message = {
    id,
    recipientId: recipient.id,
    customerId: occasion.customer.id,
    channel,
    rule: occasion.rule.name,
    ...(purpose ? { purpose } : {}),
    subject: said.title,
    claimedAt: tools.now(),
  };
  const letter = { message, token, address, said, language: recipient.language };
  return unsubscribeUrl ? { ...letter, unsubscribeUrl } : letter;
}

/** Sends what is claimed, and records what became of it. */
async function handOver(tools: MessageTools, claimed: StoredMessage, letter: Letter): Promise<void> {
  const { id, channel } = claimed.message;
  const outcome = await tools.send[channel](letter);
  if (outcome.kind === 'NOT_NOW') {
    await tools.release(claimed);
    throw new Error(`${id} was not taken for now (${outcome.reason}): it is sent when its event comes again`);
  }
  if (isOurFault(outcome)) logger.error('A message was refused', { id, ...outcome });
  const { kind: state, ...reason } = outcome;
  await tools.settle(claimed, { state, ...reason, at: tools.now() });
}

/** Nothing is sent a second time. A claim of who cannot be at it any more leaves it unknown whether it was sent. */
async function leaveTo({ settle, now }: MessageTools, stored: StoredMessage): Promise<void> {
  const { message } = stored;
  if (message.state !== 'CLAIMED') return;
  const at = now();
  if (!isAbandoned(message, at)) {
    throw new Error(`${message.id} is being sent by another delivery: this one looks again later`);
  }
  await settle(stored, { state: 'UNKNOWN', reason: 'ABANDONED', at });
}

/** The purpose whose consent a message rests on; undefined for a colleague, who needs to be told. */
function purposeOf({ rule }: Occasion, { colleague }: Recipient): Message['purpose'] {
  if (colleague) return undefined;
  if (rule.purpose) return rule.purpose;
  throw new Error(`The rule ${rule.name} tells customers without a purpose: give it MARKETING or SERVICE`);
}
