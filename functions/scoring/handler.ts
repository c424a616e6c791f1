import type { CustomerEventType } from '../../domain/events.ts';
import { freshId } from '../runtime/ids.ts';
import { queueHandler } from '../runtime/queue.ts';
import { tenantConfig } from '../runtime/tenant-config.ts';
import { interactionFactsOf } from '../table/interactions.ts';
import { orderFactsOf } from '../table/orders.ts';
import { outdatedPeriods, readBuckets, scoreToChange, writeScore } from '../table/scores.ts';
import { rescore } from './rescore.ts';

const tools = {
  policy: tenantConfig.engagement,
  score: scoreToChange,
  buckets: readBuckets,
  outdated: outdatedPeriods,
  interactionFacts: interactionFactsOf,
  orderFacts: orderFactsOf,
  write: writeScore,
  cause: () => ({ id: freshId(), at: new Date().toISOString() }),
};

export const handler = queueHandler<CustomerEventType>(
  ({ data }) => data.customerId,
  (events) => rescore(tools, events),
);
