import Big from 'big.js';
import fc from 'fast-check';
import type { InteractionFact, OrderFact } from '../../domain/insights/bucket.ts';
import { type EngagementPolicy, valueAt } from '../../domain/insights/engagement.ts';
import type { Score } from '../../domain/insights/score.ts';
import type { Stage } from '../../domain/insights/stage.ts';
import type { ScoringPolicy } from '../../domain/insights/standing.ts';
import { channels, directions } from '../../domain/interactions/channel.ts';
import { orderStates } from '../../domain/sales/order-state.ts';

/** One thing that a customer did. */
export type Fact =
  | { readonly kind: 'interaction'; readonly fact: InteractionFact }
  | { readonly kind: 'order'; readonly fact: OrderFact };

const dayMs = 86_400_000;

/** Moments of three months around the turn of a year, a few of them equal or at the edge of a day. */
const moment = fc
  .record({
    day: fc.integer({ min: 0, max: 91 }),
    ms: fc.oneof(fc.constantFrom(0, dayMs - 1), fc.integer({ min: 0, max: dayMs - 1 })),
  })
  .map(({ day, ms }) => new Date(Date.parse('2025-11-15T00:00:00Z') + day * dayMs + ms).toISOString());

const interaction = fc.record({
  channel: fc.constantFrom(...channels),
  direction: fc.constantFrom(...directions),
  occurredAt: moment,
});

const order = fc
  .record({
    state: fc.constantFrom(undefined, ...orderStates),
    kind: fc.constantFrom('SALE' as const, 'RETURN' as const),
    placedAt: moment,
    currency: fc.constantFrom('GBP', 'EUR'),
    pence: fc.integer({ min: 0, max: 1_000_000 }),
    reporting: fc.constantFrom(undefined, 'GBP', 'USD'),
  })
  .map(({ state, kind, placedAt, currency, pence, reporting }): OrderFact => {
    const exact = new Big(kind === 'SALE' ? pence : -pence).div(100).plus(0);
    const fact = {
      kind,
      placedAt,
      total: { amount: exact.toFixed(2), currency },
      ...(state ? { state } : {}),
    };
    if (!reporting) return fact;
    const rate = currency === reporting ? 1 : '0.85';
    return { ...fact, reportingTotal: { amount: exact.times(rate).toFixed(2), currency: reporting } };
  });

/** Any one thing that a customer can do. */
export const anyFact: fc.Arbitrary<Fact> = fc.oneof(
  interaction.map((fact): Fact => ({ kind: 'interaction', fact })),
  order.map((fact): Fact => ({ kind: 'order', fact })),
);

/** Any one sale, at one of a few moments, not cancelled. */
export const anySale: fc.Arbitrary<Fact> = fc
  .tuple(
    fc.constantFrom('2025-11-20', '2025-12-05', '2025-12-06', '2026-01-10'),
    fc.integer({ min: 1, max: 1_000_000 }),
  )
  .map(([day, pence]) => {
    const placedAt = `${day}T10:00:00.000Z`;
    const total = { amount: new Big(pence).div(100).toFixed(2), currency: 'GBP' };
    return { kind: 'order', fact: { kind: 'SALE', placedAt, total } };
  });

/** When a fact took place. */
export const momentOf = (one: Fact): string =>
  one.kind === 'interaction' ? one.fact.occurredAt : one.fact.placedAt;

/** The fact after its order was cancelled; contacts are not. */
export const cancelled = (one: Fact): Fact =>
  one.kind === 'order' ? { ...one, fact: { ...one.fact, state: 'CANCELLED', version: 2 } } : one;

const isCancelled = (one: Fact) => one.kind === 'order' && one.fact.state === 'CANCELLED';

/**
 * What all facts of a customer come to, from the definition: S(t) = Σ p·2^(−age/H), and no bucket in between. What was
 * cancelled adds nothing; only the moment up to which engagement is counted, and the currencies, are those of all.
 */
export function naiveScore(
  facts: readonly Fact[],
  { engagement: policy, currency: { reporting } }: ScoringPolicy,
): Omit<Score, 'customerId' | 'version'> {
  const worth = facts.map((one) => ({ one, at: momentOf(one), points: worthOf(one, policy) }));
  const at = latest(worth.filter(({ points }) => points > 0));
  const value = worth.reduce((sum, { one, at: from, points }) => {
    const ageDays = (Date.parse(at ?? from) - Date.parse(from)) / dayMs;
    return sum + (isCancelled(one) ? 0 : points * 0.5 ** (ageDays / policy.halfLifeDays));
  }, 0);

  const all = facts.flatMap((one) => (one.kind === 'order' ? [one.fact] : []));
  const orders = all.filter(({ state }) => state !== 'CANCELLED');
  const sales = orders.filter(({ kind }) => kind === 'SALE');
  const [lastOrderAt, previousOrderAt] = sales
    .map(({ placedAt }) => placedAt)
    .sort()
    .toReversed();
  const currencies = [...new Set(all.map(({ total }) => total.currency))];
  const monetary = currencies.map((currency) => {
    const amounts = orders
      .filter(({ total }) => total.currency === currency)
      .map(({ total }) => total.amount);
    return [currency, amounts.reduce((sum, amount) => sum.plus(amount), new Big(0)).toFixed(2)];
  });
  return {
    ...(at ? { engagement: { at, value } } : {}),
    ...(lastOrderAt ? { lastOrderAt } : {}),
    ...(previousOrderAt ? { previousOrderAt } : {}),
    frequency: sales.length,
    monetary: Object.fromEntries(monetary),
    ...(all.length > 0 ? { reporting: { amount: sumIn(reporting, orders), currency: reporting } } : {}),
  };
}

/** All that was recorded in a currency, and what needs no rate for it. */
function sumIn(currency: string, orders: readonly OrderFact[]): string {
  const amounts = orders.map(({ total, reportingTotal }) => {
    if (reportingTotal?.currency === currency) return reportingTotal.amount;
    return total.currency === currency ? total.amount : 0;
  });
  return amounts.reduce<Big>((sum, amount) => sum.plus(amount), new Big(0)).toFixed(2);
}

/** Where a customer stands, from the definition over all facts. */
export function naiveStanding(
  facts: readonly Fact[],
  now: string,
  policy: ScoringPolicy,
): { stage: Stage; above: string[] } {
  const { engagement } = naiveScore(facts, policy);
  const value = engagement ? valueAt(engagement, now, policy.engagement.halfLifeDays) : 0;
  const above = Object.entries(policy.thresholds).filter(([, threshold]) => value > threshold);
  const sales = facts.flatMap((one) =>
    one.kind === 'order' && one.fact.kind === 'SALE' && !isCancelled(one)
      ? [Date.parse(one.fact.placedAt)]
      : [],
  );
  return { stage: naiveStage(sales, Date.parse(now), policy), above: above.map(([name]) => name).sort() };
}

function naiveStage(sales: readonly number[], now: number, { lifecycle }: ScoringPolicy): Stage {
  const last = Math.max(...sales);
  const days = (now - last) / dayMs;
  if (sales.length === 0) return 'PROSPECT';
  if (days > lifecycle.lapsedAfterDays) return 'LAPSED';
  if (days > lifecycle.lapsingAfterDays) return 'LAPSING';
  if (sales.length === 1) return 'FIRST_TIME';
  const others = sales.toSpliced(sales.indexOf(last), 1);
  const hadLapsed = (last - Math.max(...others)) / dayMs >= lifecycle.lapsedAfterDays;
  return hadLapsed ? 'WON_BACK' : 'ACTIVE';
}

function worthOf(one: Fact, policy: EngagementPolicy): number {
  if (one.kind === 'order') return one.fact.kind === 'SALE' ? policy.points.sale : 0;
  const { channel, direction } = one.fact;
  return direction === 'INBOUND' ? policy.points[channel].inbound : policy.points[channel].outbound;
}

function latest(moments: readonly { readonly at: string }[]): string | undefined {
  return moments
    .map(({ at }) => at)
    .sort()
    .at(-1);
}
