import { randomBytes, randomUUID } from 'node:crypto';
import type { Caller, Place } from '../aws.ts';
import type { EventBridge } from '../events/events.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Store } from '../store.ts';
import { fateOf, isSimulated, type Mailbox } from './addresses.ts';
import type { ConfigurationSet, SesDefinitions } from './definitions.ts';
import { openDeliveries } from './deliveries.ts';
import { noConfigurationSet, notVerified, sendingPaused } from './errors.ts';
import { DETAIL_TYPES, detailOf, type Happening, type Operation, type SentMail } from './events.ts';
import type { Forwarding } from './forwarding.ts';
import type { Mail } from './mail.ts';
import { type LetterParts, messageIdHeader, stamped } from './outgoing.ts';
import type { Reason, SuppressionList } from './suppression.ts';

/** The account's own: both, as for every account since November 2019. */
export const ACCOUNT_REASONS: readonly Reason[] = ['BOUNCE', 'COMPLAINT'];

export interface SendingOptions {
  readonly store: Store;
  readonly place: Place;
  readonly outbox: Outbox;
  readonly events: Pick<EventBridge, 'emit'>;
  readonly definitions: Pick<SesDefinitions, 'identityOf' | 'configurationSet'>;
  readonly suppression: SuppressionList;
  /** Gets what leaves for recipients that are not suppressed. */
  readonly forward: Forwarding['forward'] | undefined;
  readonly delayMilliseconds: number;
  readonly now: () => number;
}

/** Sends mails: keeps them in the outbox and lets their events happen. */
export interface Sending {
  /** The configuration set of a mail, if it has one. @throws {AwsError} for a mail that SES does not accept */
  check(mail: Mail): ConfigurationSet | undefined;
  /** Accepts a mail that has been checked and answers its id. */
  accept(mail: Mail, set: ConfigurationSet | undefined, caller: Caller, operation: Operation): string;
  start(): void;
  close(): void;
}

/** The form of SES's own ids. */
function newMessageId(now: number): string {
  return `0102${now.toString(16).padStart(12, '0')}-${randomBytes(4).toString('hex')}${randomUUID().slice(8)}-000000`;
}

/** The role behind a session, or the user: `arn:aws:sts::1:assumed-role/Role/session`. */
function callerIdentityOf({ arn }: Caller): string {
  return arn.split('/')[1] ?? arn;
}

function headerRecord({ headers }: Mail): Record<string, string> {
  return Object.fromEntries(headers.map(({ name, value }) => [name, value]));
}

/** Who gets a mail; nobody a mail with a virus, and not who is suppressed. */
function reached({ recipients, infected }: Mail, fates: readonly Happening[]): string[] {
  if (infected) return [];
  const suppressed = new Set(fates.filter((one) => one.suppressedBy).map(({ recipient }) => recipient));
  return recipients.map(({ address }) => address).filter((address) => !suppressed.has(address));
}

export function createSending(options: SendingOptions): Sending {
  const { store, place, outbox, events, definitions, suppression, forward, delayMilliseconds, now } = options;
  const reasonsOf = (set: ConfigurationSet | undefined) => set?.suppressedReasons ?? ACCOUNT_REASONS;

  function happeningsAt(mailbox: Mailbox, set: ConfigurationSet | undefined): Happening[] {
    const recipient = mailbox.address;
    const reason = suppression.get(recipient)?.reason;
    if (reason && reasonsOf(set).includes(reason)) {
      const type = reason === 'BOUNCE' ? 'Bounce' : 'Complaint';
      return [{ type, recipient, suppressedBy: 'OnAccountSuppressionList' }];
    }
    switch (fateOf(mailbox)) {
      case 'delivered':
        return [{ type: 'Delivery', recipient }];
      case 'bounced':
        return [{ type: 'Bounce', recipient }];
      case 'complained':
        return [
          { type: 'Delivery', recipient },
          { type: 'Complaint', recipient },
        ];
      case 'suppressed':
        return [{ type: 'Bounce', recipient, suppressedBy: 'Suppressed' }];
    }
  }

  /** A hard bounce or a complaint puts the address on the account's list, but not an address of the simulator. */
  function suppress({ type, recipient, suppressedBy }: Happening, set: ConfigurationSet | undefined): void {
    if (recipient === undefined || suppressedBy) return;
    const reason = type === 'Bounce' ? 'BOUNCE' : type === 'Complaint' ? 'COMPLAINT' : undefined;
    if (!reason || !reasonsOf(set).includes(reason)) return;
    suppression.put(recipient, reason);
  }

  function publish(mail: SentMail, happening: Happening, set: ConfigurationSet): void {
    const wanted = [...set.destinations.values()].filter((one) => one.eventTypes.has(happening.type));
    const event = {
      source: 'aws.ses',
      detailType: DETAIL_TYPES[happening.type],
      resources: [`arn:aws:ses:${place.region}:${place.accountId}:configuration-set/${set.name}`],
      detail: detailOf(mail, happening, now(), place),
    };
    for (const _ of wanted) events.emit(event);
  }

  function contentOf({ raw, headers, text, html }: Mail, id: string, at: number): Buffer | LetterParts {
    const messageId = messageIdHeader(id, place.region);
    return raw ? stamped(raw, messageId, new Date(at)) : { messageId, headers, text, html };
  }

  const deliveries = openDeliveries({
    store,
    delayMilliseconds,
    now,
    happen({ mail, happening }) {
      const set =
        mail.configurationSet === '' ? undefined : definitions.configurationSet(mail.configurationSet);
      outbox.happened(mail.messageId, DETAIL_TYPES[happening.type]);
      if (!mail.simulated.includes(happening.recipient ?? '')) suppress(happening, set);
      if (set) publish(mail, happening, set);
    },
  });

  return {
    check({ from, returnPath, configurationSet }) {
      const identity = definitions.identityOf(from);
      const name = configurationSet ?? identity?.configurationSet;
      const set = name === undefined ? undefined : definitions.configurationSet(name);
      if (name !== undefined && !set) throw noConfigurationSet(name);
      const senders = returnPath ? [from, returnPath] : [from];
      const unverified = senders.filter((sender) => !definitions.identityOf(sender));
      if (unverified.length > 0) {
        const addresses = new Set(unverified.map(({ address }) => address));
        throw notVerified([...addresses], place.region);
      }
      if (set?.sendingEnabled === false) throw sendingPaused(set.name);
      return set;
    },
    accept(mail, set, caller, operation) {
      const at = now();
      const messageId = newMessageId(at);
      const to = mail.recipients.map(({ address }) => address);
      const sent: SentMail = {
        messageId,
        at,
        source: mail.from.text,
        sourceDomain: mail.from.domain,
        destination: to,
        headers: mail.headers,
        tags: mail.tags,
        configurationSet: set?.name ?? '',
        callerIdentity: callerIdentityOf(caller),
        operation,
        simulated: mail.recipients.filter(isSimulated).map(({ address }) => address),
      };
      const fates: Happening[] = mail.infected
        ? [{ type: 'Reject' }]
        : mail.recipients.flatMap((mailbox) => happeningsAt(mailbox, set));
      store.write(() => {
        outbox.add({
          kind: 'EMAIL',
          service: 'ses',
          from: mail.from.text,
          to,
          subject: mail.subject,
          text: mail.text,
          html: mail.html,
          headers: headerRecord(mail),
          tags: mail.tags,
          messageId,
        });
        deliveries.add(sent, [{ type: 'Send' }, ...fates]);
      });
      const readers = reached(mail, fates);
      if (readers.length > 0) {
        forward?.({ from: mail.from.address, to: readers, content: contentOf(mail, messageId, at) });
      }
      return messageId;
    },
    start: deliveries.start,
    close: deliveries.close,
  };
}
