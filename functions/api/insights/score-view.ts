import { dayMs, valueAt } from '../../../domain/insights/engagement.ts';
import type { Score } from '../../../domain/insights/score.ts';
import { standingAt } from '../../../domain/insights/standing.ts';
import { add, type Money } from '../../../domain/money.ts';
import type { Score as ScoreView } from '../../../graphql/generated/types.ts';
import { tenantConfig } from '../../runtime/tenant-config.ts';

/** A score as a client sees it at a moment: engagement decayed, recency in full days, stage and thresholds of now. */
export function toScoreView(score: Score, now: string): ScoreView {
  const { customerId, engagement, lastOrderAt, frequency, monetary, version } = score;
  const { stage, above } = standingAt(score, now, tenantConfig);
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
    monetaryTotal: totalOf(score, tenantConfig.currency.reporting),
    stage,
    above: [...above],
    version,
  };
}

/** The sum in the reporting currency; of a score that is older than that sum, what it says of that currency alone. */
function totalOf({ reporting, monetary }: Score, currency: string): Money {
  return reporting ?? { currency, amount: monetary[currency] ?? add(currency, '0') };
}
