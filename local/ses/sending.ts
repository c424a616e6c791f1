import { randomBytes, randomUUID } from 'node:crypto';
import type { Caller, Place } from '../aws.ts';
import type { EventBridge } from '../events/events.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Store } from '../store.ts';
import { fateOf, isSimulated, type Mailbox } from './addresses.ts';
import type { ConfigurationSet, SesDefinitions } from './definitions.ts';
import { openDeliveries } from './deliveries.ts';
import { noConfigurationSet, notVerified, sendingPaused } from './errors.ts';
import { DETAIL_TYPES, detailOf, type Happening, type SentMail } from './events.ts';
import type { Mail } from './mail.ts';
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
  readonly delayMilliseconds: number;
  readonly now: () => number;
}

/** Sends mails: keeps them in the outbox and lets their events happen. */
export interface Sending {
  /** The configuration set of a mail, if it has one. @throws {AwsError} for a mail that SES does not accept */
  check(mail: Mail): ConfigurationSet | undefined;
  /** Accepts a mail that has been checked and answers its id. */
  accept(mail: Mail, set: ConfigurationSet | undefined, caller: Caller): string;
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

export function createSending(options: SendingOptions): Sending {
  const { store, place, outbox, events, definitions, suppression, delayMilliseconds, now } = options;
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
    check({ from, configurationSet }) {
      const identity = definitions.identityOf(from);
      const name = configurationSet ?? identity?.configurationSet;
      const set = name === undefined ? undefined : definitions.configurationSet(name);
      if (name !== undefined && !set) throw noConfigurationSet(name);
      if (!identity) throw notVerified(from.address, place.region);
      if (set?.sendingEnabled === false) throw sendingPaused(set.name);
      return set;
    },
    accept(mail, set, caller) {
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
      return messageId;
    },
    start: deliveries.start,
    close: deliveries.close,
  };
}
