import type { CustomerEventType } from '../../domain/events.ts';
import { queueHandler } from '../runtime/queue.ts';
import { rescore } from './rescore.ts';
import { scoringTools } from './tools.ts';

export const handler = queueHandler<CustomerEventType>(
  ({ data }) => data.customerId,
  (events) => rescore(scoringTools, events),
);
