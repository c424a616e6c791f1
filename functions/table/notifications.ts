import { Entity } from 'electrodb';
import type { Change } from '../../domain/change.ts';
import type { Notification } from '../../domain/team/notification.ts';
import type { Connection, PageRequest } from '../runtime/page.ts';
import { attributesOf, reading } from './attributes.ts';
import { crmTable, tenant } from './client.ts';
import { ifAtVersion, ifNew } from './conditions.ts';
import { expiresAtOf, isExpired } from './expiry.ts';
import { partsOfNotificationId } from './ids.ts';
import { recipientPartition } from './keys.ts';
import { bySortKey, readPage } from './page.ts';
import { putterFor } from './put.ts';
import { getRow, type Row } from './read.ts';
import { write } from './write.ts';

/** What users were told, in a partition of each user, in the order of time. */
const notifications = new Entity(
  {
    model: { entity: 'notification', version: '1', service: 'crm' },
    attributes: {
      tenant: { type: 'string', required: true },
      recipientId: { type: 'string', required: true },
      time: { type: 'string', required: true },
      id: { type: 'string', required: true },
      rule: { type: 'string', required: true },
      title: { type: 'string', required: true },
      body: { type: 'string' },
      customerId: { type: 'string' },
      subjectId: { type: 'string' },
      event: { type: 'string', required: true },
      createdAt: { type: 'string', required: true },
      readAt: { type: 'string' },
      version: { type: 'number', required: true },
      expiresAt: { type: 'number', required: true },
      change: { type: 'any' },
    },
    indexes: {
      notifications: {
        pk: recipientPartition,
        sk: { field: 'sk', composite: ['time'], template: 'notification#${time}', casing: 'none' },
      },
    },
  } as const,
  crmTable,
);

const putNotification = putterFor(notifications);

const readNotification = reading(attributesOf(notifications, 'time', 'expiresAt'));

const toNotification = (row: Row) => readNotification(row) as unknown as Notification;

/**
 * Tells a user, once.
 *
 * @returns false when the user has been told before.
 */
export async function addNotification(notification: Notification, change: Change): Promise<boolean> {
  const put = putNotification(toRow(notification, change), ifNew);
  return (await write([{ Put: put }])) === undefined;
}

/** The notification, as last written; undefined when there is none. */
export async function getNotification(id: string): Promise<Notification | undefined> {
  const parts = partsOfNotificationId(id);
  if (!parts) return undefined;
  const key = { pk: `${tenant}#${parts.recipientId}`, sk: `notification#${parts.time}` };
  const row = await getRow(key, { consistent: true });
  return row && !isExpired(row) ? toNotification(row) : undefined;
}

/** Replaces a notification that still has the version before; false when it has not. It is no news: nobody is told. */
export async function replaceNotification(notification: Notification): Promise<boolean> {
  const put = putNotification(toRow(notification), ifAtVersion(notification.version - 1));
  return (await write([{ Put: put }])) === undefined;
}

/**
 * A page of what a user was told, latest first.
 *
 * @throws Refusal `INPUT.INVALID` for a page size, `CURSOR.INVALID`
 */
export function notificationsOf(
  recipientId: string,
  page: PageRequest,
  { unreadOnly }: { readonly unreadOnly: boolean },
): Promise<Connection<Notification>> {
  const query = notifications.query
    .notifications({ tenant, recipientId })
    .where(({ readAt }, { notExists }) => (unreadOnly ? notExists(readAt) : ''))
    .params({ order: 'desc' });
  const places = bySortKey(`${tenant}#${recipientId}`, /^notification#[0-9A-Z]{26}$/);
  const keep = (rows: readonly Row[]) => rows.filter((row) => !isExpired(row));
  return readPage({ query: query as never, ...places, keep, parse: toNotification }, page);
}

function toRow(notification: Notification, change?: Change) {
  const time = partsOfNotificationId(notification.id)?.time ?? '';
  const expiresAt = expiresAtOf(notification.createdAt);
  return { ...notification, tenant, time, expiresAt, ...(change ? { change } : {}) };
}
