import { createHash } from 'node:crypto';
import { encodeTime } from 'ulid';
import { freshId } from '../runtime/ids.ts';
import { tenant } from './client.ts';

// Crockford's base 32, the alphabet of ULIDs (https://github.com/ulid/spec).
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The 26 characters of a ULID that follow from `parts` alone: the same parts, the same id. */
function derived(...parts: readonly string[]): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([tenant, ...parts]))
    .digest();
  const characters = Array.from(hash.subarray(0, 26), (byte) => alphabet[byte & 31]);
  // 26 characters hold 130 bits, a ULID has 128: the first is at most 7.
  characters[0] = alphabet[(hash[0] ?? 0) & 7];
  return characters.join('');
}

/** Whether it has the form of a customer's id; what has not is nobody's, and might be no key. */
export const isCustomerId = (id: string): boolean => /^cus_[0-9A-Z]{26}$/.test(id);

/** Whether it has the form of an order's id. */
export const isOrderId = (id: string): boolean => /^ord_[0-9A-Z]{26}$/.test(id);

/** Whether it has the form of a product's id. */
export const isProductId = (id: string): boolean => /^prd_[0-9A-Z]{26}$/.test(id);

/** What makes an id the same in a retry: who asks, and the id that the client gave its request. */
export interface RequestKey {
  readonly caller: string;
  readonly clientRequestId?: string | null | undefined;
}

/** The id of a customer to add: the same for a retry. */
export function customerIdFor({ caller, clientRequestId }: RequestKey): string {
  return `cus_${clientRequestId ? derived('customer', caller, clientRequestId) : freshId()}`;
}

/** The id of an interaction: it tells the customer, and sorts by the time of the contact. */
export function interactionIdFor(
  customerId: string,
  occurredAt: string,
  { caller, clientRequestId }: RequestKey,
): string {
  const own = clientRequestId ? derived('interaction', caller, clientRequestId) : freshId();
  return `int_${customerId.slice(4)}_${encodeTime(Date.parse(occurredAt), 10)}${own.slice(10)}`;
}

/** The id of a statement of consent: it tells the customer, and sorts by the time of the statement. */
export function consentIdFor(
  customerId: string,
  statedAt: string,
  { caller, clientRequestId }: RequestKey,
): string {
  const own = clientRequestId ? derived('consent', caller, clientRequestId) : freshId();
  return `con_${customerId.slice(4)}_${encodeTime(Date.parse(statedAt), 10)}${own.slice(10)}`;
}

/** The customer and the sort key part of a consent's id; undefined when it is none. */
export function partsOfConsentId(id: string): { customerId: string; time: string } | undefined {
  const [, customer, time] = /^con_([0-9A-Z]{26})_([0-9A-Z]{26})$/.exec(id) ?? [];
  return customer && time ? { customerId: `cus_${customer}`, time } : undefined;
}

/** The id of what a rule tells a user in the app: the same for the same event, rule and user. */
export function notificationIdFor(recipientId: string, at: string, eventId: string, rule: string): string {
  const own = derived('notification', recipientId, eventId, rule);
  return `ntf_${recipientId.slice(4)}_${encodeTime(Date.parse(at), 10)}${own.slice(10)}`;
}

/** The user and the sort key part of a notification's id; undefined when it is none. */
export function partsOfNotificationId(id: string): { recipientId: string; time: string } | undefined {
  const [, user, time] = /^ntf_([0-9A-Za-z-]{1,64})_([0-9A-Z]{26})$/.exec(id) ?? [];
  return user && time ? { recipientId: `usr_${user}`, time } : undefined;
}

/** The id of a sharing agreement to make: the same for a retry. */
export function agreementIdFor({ caller, clientRequestId }: RequestKey): string {
  return `agr_${clientRequestId ? derived('agreement', caller, clientRequestId) : freshId()}`;
}

/** Whether it has the form of an agreement's id. */
export const isAgreementId = (id: string): boolean => /^agr_[0-9A-Z]{26}$/.test(id);

/** The id of what a partner gets: the same for the same event and agreement, in the order of time. */
export function shareIdFor(
  agreementId: string,
  event: { readonly id: string; readonly time: string },
): string {
  const own = derived('share', agreementId, event.id);
  return `shr_${encodeTime(Date.parse(event.time), 10)}${own.slice(10)}`;
}

/**
 * What a partner knows a customer, or something of the customer's, by: always the same, and another one for each
 * partner, so that two of them cannot put together what they got.
 *
 * A hash can be turned back only by trying what it was made of. The customer's id is always part of that: it is random,
 * or follows from who asked to add the customer, which never leaves either; so there is nothing to try. An order's id
 * alone would not do, as it follows from source and external id, which a partner may know.
 */
export function partnerReference(partnerId: string, customerId: string, subjectId?: string): string {
  const what = subjectId === undefined || subjectId === customerId ? [] : [subjectId];
  return `ref_${derived('reference', partnerId, customerId, ...what)}`;
}

/** The id of a mail or SMS of a rule: the same for the same event, rule, recipient and channel. */
export function messageIdFor(
  recipientId: string,
  at: string,
  eventId: string,
  rule: string,
  channel: string,
): string {
  const own = derived('message', recipientId, eventId, rule, channel);
  return `msg_${recipientId}_${encodeTime(Date.parse(at), 10)}${own.slice(10)}`;
}

/** The recipient and the sort key part of a message's id; undefined when it is none. */
export function partsOfMessageId(id: string): { recipientId: string; time: string } | undefined {
  const form = /^msg_(cus_[0-9A-Z]{26}|usr_[0-9A-Za-z-]{1,64})_([0-9A-Z]{26})$/;
  const [, recipientId, time] = form.exec(id) ?? [];
  return recipientId && time ? { recipientId, time } : undefined;
}

/** The id of an order follows from where it comes from, so that it is recorded once. */
export function orderIdFor(source: string, externalId: string): string {
  return `ord_${derived('order', source, externalId)}`;
}

/** The id of a product follows from source and code, whether or not it is recorded. */
export function productIdFor(source: string, code: string): string {
  return `prd_${derived('product', source, code)}`;
}

/** The customer and the sort key part of an interaction's id; undefined when it is none. */
export function partsOfInteractionId(id: string): { customerId: string; time: string } | undefined {
  const [, customer, time] = /^int_([0-9A-Z]{26})_([0-9A-Z]{26})$/.exec(id) ?? [];
  return customer && time ? { customerId: `cus_${customer}`, time } : undefined;
}

/** The first ULID of a moment: what sorts before every id made at it. */
export function firstUlidAt(instant: string): string {
  return `${encodeTime(Date.parse(instant), 10)}${'0'.repeat(16)}`;
}

/**
 * The fingerprint of a creation, for which null, empty and absent are the same. How a fact comes in is no part of it: what was
 * once recorded by the API and is now imported, or the other way round, is the same fact.
 */
export function fingerprintOfCreation({ via: _via, ...input }: Readonly<Record<string, unknown>>): string {
  return fingerprint(
    JSON.parse(JSON.stringify(input, (_name, value) => (isEmpty(value) ? undefined : value))),
  );
}

function isEmpty(value: unknown): boolean {
  if (value === null) return true;
  return typeof value === 'object' && !Array.isArray(value) && Object.values(value ?? {}).every(isEmpty);
}

/** A short fingerprint of an input, to tell a retry from a reuse of its id. */
export function fingerprint(input: unknown): string {
  return createHash('sha256').update(JSON.stringify(input)).digest('base64url').slice(0, 22);
}
