import { type Cause, type Change, stamp } from '../change.ts';
import type { EventType } from '../events.ts';

/** What a rule of the tenant tells a user in the app. */
export interface Notification {
  readonly id: string;
  /** The user who is told. */
  readonly recipientId: string;
  readonly rule: string;
  readonly title: string;
  readonly body?: string;
  readonly customerId?: string;
  /** What it is about. */
  readonly subjectId?: string;
  readonly event: EventType;
  readonly createdAt: string;
  readonly readAt?: string;
  readonly version: number;
}

/** Tells a user something, under the id that the shell derived from event, rule and recipient. */
export function notify(
  notification: Omit<Notification, 'createdAt' | 'readAt' | 'version'>,
  cause: Cause,
): { notification: Notification; change: Change } {
  const { id, recipientId, customerId } = notification;
  const change = stamp(cause, {
    type: 'crm.notification.created.v1',
    subject: id,
    sequence: 1,
    data: { notificationId: id, recipientId, ...(customerId ? { customerId } : {}) },
  });
  return { notification: { ...notification, createdAt: cause.at, version: 1 }, change };
}

/** Marks a notification as read; what is read already stays as it is. */
export function markRead(notification: Notification, now: string): Notification {
  if (notification.readAt) return notification;
  return { ...notification, readAt: now, version: notification.version + 1 };
}
