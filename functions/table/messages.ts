import { type CreateEntityItem, Entity } from 'electrodb';
import { consentPurposes } from '../../domain/customers/consent.ts';
import { type Message, messageChannels, type Report, settle } from '../../domain/interactions/message.ts';
import type { Connection, PageRequest } from '../runtime/page.ts';
import { attributesOf, reading } from './attributes.ts';
import { crmTable, tenant } from './client.ts';
import { ifHas, ifNew } from './conditions.ts';
import { expiresAtOf, isExpired } from './expiry.ts';
import { partsOfMessageId } from './ids.ts';
import { recipientPartition } from './keys.ts';
import { bySortKey, readPage } from './page.ts';
import { putterFor } from './put.ts';
import { getRow, type Key, type Row } from './read.ts';
import { write } from './write.ts';

/** A mail or SMS, in the partition of its recipient, in the order of time. */
const messages = new Entity(
  {
    model: { entity: 'message', version: '1', service: 'crm' },
    attributes: {
      tenant: { type: 'string', required: true },
      recipientId: { type: 'string', required: true },
      time: { type: 'string', required: true },
      id: { type: 'string', required: true },
      customerId: { type: 'string', required: true },
      channel: { type: messageChannels, required: true },
      rule: { type: 'string', required: true },
      purpose: { type: consentPurposes },
      subject: { type: 'string' },
      state: { type: 'string', required: true },
      reason: { type: 'string' },
      claimedAt: { type: 'string', required: true },
      settledAt: { type: 'string' },
      version: { type: 'number', required: true },
      token: { type: 'string', required: true },
      addressKey: { type: 'string', required: true },
      expiresAt: { type: 'number' },
    },
    indexes: {
      messages: {
        pk: recipientPartition,
        sk: { field: 'sk', composite: ['time'], template: 'message#${time}', casing: 'none' },
      },
    },
  } as const,
  crmTable,
);

const putRow = putterFor(messages);

/** A message with what never leaves the table but in the message itself. */
export interface StoredMessage {
  readonly message: Message;
  /** 128 random bits of this claim: tells it from every other, and opens the page to unsubscribe. */
  readonly token: string;
  /** Fingerprint of the address, see `addressKeyOf`. */
  readonly addressKey: string;
}

/**
 * Puts a message that is not there yet.
 *
 * @returns undefined when it was put, also by an attempt whose answer was lost; else the message that is there.
 */
export async function putMessage(stored: StoredMessage): Promise<StoredMessage | undefined> {
  const [row] = (await write([{ Put: putRow(toRow(stored), ifNew) }])) ?? [];
  const present = row && toStored(row);
  return present?.token === stored.token ? undefined : present;
}

/** Takes a claim back, if it is still this one and nothing was heard of the message. */
export async function releaseMessage({ message, token }: StoredMessage): Promise<void> {
  const Key = { ...keyOf(placeOf(message.id)) };
  const isMine = ifHas({ token, state: 'CLAIMED' });
  await write([{ Delete: { TableName: crmTable.table, Key, ...isMine } }]);
}

/** The message, as last written; undefined when there is none. */
export async function getMessage(id: string): Promise<StoredMessage | undefined> {
  const parts = partsOfMessageId(id);
  if (!parts) return undefined;
  const row = await getRow(keyOf(parts), { consistent: true });
  return row && !isExpired(row) ? toStored(row) : undefined;
}

const mostAttempts = 8;

/**
 * Settles a message by a report, whatever else is heard of it at the same time.
 *
 * @param known the message as it was last seen
 * @returns the message as it is now; undefined when there is none.
 * @throws Error when others kept changing it; the report may be given again.
 */
export async function settleStored(known: StoredMessage, report: Report): Promise<StoredMessage | undefined> {
  const { id } = known.message;
  let stored: StoredMessage | undefined = known;
  for (let attempt = 1; attempt <= mostAttempts && stored; attempt++) {
    const { token, message } = stored;
    const { version } = message;
    const next: StoredMessage = { ...stored, message: settle(message, report) };
    if (next.message === message) return stored;
    const put = putRow(toRow(next), ifHas({ version, token }));
    if ((await write([{ Put: put }])) === undefined) return next;
    stored = await getMessage(id);
  }
  if (!stored) return undefined;
  throw new Error(`The message ${id} changed ${mostAttempts} times while it was settled`);
}

/** Settles the message of an id, see `settleStored`. */
export async function settleMessage(id: string, report: Report): Promise<StoredMessage | undefined> {
  const stored = await getMessage(id);
  return stored && settleStored(stored, report);
}

/**
 * A page of what was sent to somebody, latest first.
 *
 * @throws Refusal `INPUT.INVALID` for a page size, `CURSOR.INVALID`
 */
export function messagesOf(recipientId: string, page: PageRequest): Promise<Connection<Message>> {
  const query = messages.query.messages({ tenant, recipientId }).params({ order: 'desc' });
  const places = bySortKey(`${tenant}#${recipientId}`, /^message#[0-9A-Z]{26}$/);
  return readPage({ query: query as never, ...places, parse: (row) => toStored(row).message }, page);
}

const readMessage = reading(attributesOf(messages, 'time', 'expiresAt'));

function toStored(row: Row): StoredMessage {
  const { token, addressKey, ...message } = readMessage(row);
  return { message: message as unknown as Message, token: String(token), addressKey: String(addressKey) };
}

/** A colleague's messages end; a customer's belong to the customer's history. */
function toRow({ message, token, addressKey }: StoredMessage): CreateEntityItem<typeof messages> {
  const { recipientId, customerId, claimedAt } = message;
  const row = { ...message, tenant, time: placeOf(message.id).time, token, addressKey };
  return recipientId === customerId ? row : { ...row, expiresAt: expiresAtOf(claimedAt) };
}

interface Place {
  readonly recipientId: string;
  readonly time: string;
}

const keyOf = ({ recipientId, time }: Place): Key => ({
  pk: `${tenant}#${recipientId}`,
  sk: `message#${time}`,
});

function placeOf(id: string): Place {
  const parts = partsOfMessageId(id);
  if (!parts) throw new Error(`${id} is no id of a message: derive it with messageIdFor`);
  return parts;
}
