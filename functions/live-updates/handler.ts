import type { CustomerEvent, CustomerEventType, Envelope } from '../../domain/events.ts';
import { newsHandler } from '../runtime/queue.ts';
import { activityOf } from './activity.ts';
import { publishActivity, publishNotification } from './publish.ts';
import { signalOf } from './signal.ts';

type Notified = Envelope<'crm.notification.created.v1'>;

/** Tells AppSync of each event, so that it tells the subscribers of that customer or user. Replays are no news. */
export const handler = newsHandler<CustomerEventType | 'crm.notification.created.v1'>(
  (event) => event.id,
  async ([event]) => {
    if (event?.type === 'crm.notification.created.v1') await publishNotification(signalOf(event as Notified));
    else if (event) await publishActivity(activityOf(event as CustomerEvent));
  },
);
