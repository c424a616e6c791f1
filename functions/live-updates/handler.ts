import { queueHandler } from '../runtime/queue.ts';
import { activityOf } from './activity.ts';
import { publish } from './publish.ts';

/** Tells AppSync of each event, so that it tells the subscribers of that customer. One request a batch. */
export const handler = queueHandler(
  () => 'all',
  (events) => publish(events.map(activityOf)),
);
