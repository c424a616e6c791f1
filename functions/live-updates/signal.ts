import type { Envelope } from '../../domain/events.ts';
import type { NotificationSignalInput } from '../../graphql/generated/types.ts';

/** What a user is told of a new notification: that it is there, and what to fetch. */
export function signalOf(event: Envelope<'crm.notification.created.v1'>): NotificationSignalInput {
  const { notificationId, recipientId } = event.data;
  return { id: notificationId, recipientId, createdAt: event.time, version: event.sequence };
}
