import { valueAt } from '../../../domain/insights/engagement.ts';
import type { Score } from '../../../domain/insights/score.ts';
import type { Score as ScoreView } from '../../../graphql/generated/types.ts';
import { tenantConfig } from '../../runtime/tenant-config.ts';

const dayMs = 86_400_000;

/** A score as a client sees it at a moment: engagement decayed, recency counted in full days. */
export function toScoreView(score: Score, now: string): ScoreView {
  const { customerId, engagement, lastOrderAt, frequency, monetary, version } = score;
  return {
    customerId,
    engagement: engagement ? valueAt(engagement, now, tenantConfig.engagement.halfLifeDays) : 0,
    recencyDays: lastOrderAt
      ? Math.max(0, Math.floor((Date.parse(now) - Date.parse(lastOrderAt)) / dayMs))
      : null,
    lastOrderAt: lastOrderAt ?? null,
    frequency,
    monetary: Object.entries(monetary)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([currency, amount]) => ({ currency, amount })),
    version,
  };
}
