import type { CustomerEventType } from '../../domain/events.ts';
import { queueHandler } from '../runtime/queue.ts';
import { activityOf } from './activity.ts';
import { publish } from './publish.ts';

/** Tells AppSync of each event, so that it tells the subscribers of that customer. */
export const handler = queueHandler<CustomerEventType>(
  (event) => event.id,
  async ([event]) => {
    if (event) await publish(activityOf(event));
  },
);
