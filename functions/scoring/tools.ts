import { freshId } from '../runtime/ids.ts';
import { tenantConfig } from '../runtime/tenant-config.ts';
import { interactionFactsOf } from '../table/interactions.ts';
import { orderFactsOf } from '../table/orders.ts';
import { outdatedPeriods, readBuckets, salesBuckets, scoreToChange, writeScore } from '../table/scores.ts';
import type { Tools } from './settle.ts';

/** Scores in the table, under the tenant's policy. */
export const scoringTools: Tools = {
  policy: tenantConfig,
  score: scoreToChange,
  buckets: readBuckets,
  outdated: outdatedPeriods,
  interactionFacts: interactionFactsOf,
  orderFacts: orderFactsOf,
  salesBuckets,
  write: writeScore,
  cause: () => ({ id: freshId(), at: new Date().toISOString() }),
};
