import type { Interaction } from '../interactions/interaction.ts';
import { add, type Money } from '../money.ts';
import type { Order } from '../sales/order.ts';
import { counts, type OrderState } from '../sales/order-state.ts';
import { decay, type EngagementPolicy, pointsOf } from './engagement.ts';

/**
 * What a customer did in a period, in numbers: a UTC day of interactions, a UTC month of orders. A bucket is rebuilt
 * from the facts of its period alone, so that the cost of an event does not grow with the history.
 */
export interface Bucket {
  readonly customerId: string;
  readonly kind: BucketKind;
  /** `2026-11-22` or `2026-11`. */
  readonly period: string;
  /** Engagement points, as worth at the start of the period. */
  readonly weight: number;
  /** The policy under which the points were counted. */
  readonly policy?: string;
  /** The latest fact that has points, an order that was cancelled included: it never goes back. */
  readonly lastAt?: string;
  /** Sales in the period. */
  readonly sales: number;
  readonly lastSaleAt?: string;
  /** The sale before the last of the period, perhaps at the same moment. */
  readonly previousSaleAt?: string;
  /** Sales less returns, by currency. */
  readonly monetary: Readonly<Record<string, string>>;
  /** Sales less returns, in the tenant's reporting currency; absent where none was counted. */
  readonly reporting?: Money;
  /** The sum of the versions of its orders: it grows with each order and each change of one, whatever these come to. */
  readonly revision?: number;
}

export type BucketKind = 'interactions' | 'orders';

/** What scoring needs of an interaction. */
export type InteractionFact = Pick<Interaction, 'channel' | 'direction' | 'occurredAt'>;

/** What scoring needs of an order. */
export interface OrderFact extends Pick<Order, 'kind' | 'placedAt' | 'total'> {
  /** The total in the reporting currency of when the order was recorded; absent for what is older than that currency. */
  readonly reportingTotal?: Money;
  /** Absent for what is older than states, and counts. */
  readonly state?: OrderState;
  /** How often it was written; 1 when left out. */
  readonly version?: number;
}

/** The period of a fact: a day for interactions, a month for orders. */
export function periodOf(kind: BucketKind, at: string): string {
  return at.slice(0, kind === 'interactions' ? 10 : 7);
}

/** The first instant of a period. */
export function startOf(period: string): string {
  return `${period.length === 7 ? `${period}-01` : period}T00:00:00.000Z`;
}

/** The first instant after a period. */
export function endOf(period: string): string {
  const start = new Date(startOf(period));
  if (period.length === 7) start.setUTCMonth(start.getUTCMonth() + 1);
  else start.setUTCDate(start.getUTCDate() + 1);
  return start.toISOString();
}

/** The bucket of a period without facts. */
export function emptyBucket(customerId: string, kind: BucketKind, period: string): Bucket {
  return { customerId, kind, period, weight: 0, sales: 0, monetary: {} };
}

/** The bucket of a day from all its interactions. */
export function interactionsBucket(
  customerId: string,
  period: string,
  facts: readonly InteractionFact[],
  policy: EngagementPolicy,
): Bucket {
  const contacts = facts.map((fact) => ({ at: fact.occurredAt, points: pointsOf(policy, fact) }));
  return {
    ...emptyBucket(customerId, 'interactions', period),
    ...weigh(contacts, period, policy),
    ...lastOf(contacts),
  };
}

/**
 * The bucket of a month from all its orders. Those that were cancelled add nothing, but stay among the currencies and the
 * moments: so the bucket is the same whether or not an order was counted before it was cancelled.
 *
 * @param reporting code of the reporting currency
 */
export function ordersBucket(
  customerId: string,
  period: string,
  facts: readonly OrderFact[],
  policy: EngagementPolicy,
  reporting: string,
): Bucket {
  const counting = facts.filter(counts);
  const sales = momentsOfSales(counting);
  const [lastSaleAt, previousSaleAt] = latestTwo(sales);
  const monetary: Record<string, string> = {};
  for (const fact of facts) {
    const { amount, currency } = fact.total;
    monetary[currency] = add(currency, monetary[currency] ?? '0', counts(fact) ? amount : '0');
  }
  const contactsAt = (moments: readonly string[]) =>
    moments.map((at) => ({ at, points: policy.points.sale }));
  return {
    customerId,
    kind: 'orders',
    period,
    ...weigh(contactsAt(sales), period, policy),
    ...lastOf(contactsAt(momentsOfSales(facts))),
    sales: sales.length,
    ...(lastSaleAt ? { lastSaleAt } : {}),
    ...(previousSaleAt ? { previousSaleAt } : {}),
    monetary,
    reporting: {
      amount: add(reporting, ...counting.map((fact) => amountIn(reporting, fact))),
      currency: reporting,
    },
    revision: facts.reduce((sum, { version = 1 }) => sum + version, 0),
  };
}

/** The two latest of some moments, the latest first. */
export function latestTwo(moments: readonly string[]): string[] {
  return [...moments].sort().reverse().slice(0, 2);
}

/** What an order comes to in a currency: nothing where no rate was recorded. */
function amountIn(currency: string, { reportingTotal, total }: OrderFact): string {
  return [reportingTotal, total].find((money) => money?.currency === currency)?.amount ?? '0';
}

const momentsOfSales = (facts: readonly OrderFact[]): string[] =>
  facts.filter(({ kind }) => kind === 'SALE').map(({ placedAt }) => placedAt);

interface Contact {
  readonly at: string;
  readonly points: number;
}

function weigh(
  contacts: readonly Contact[],
  period: string,
  { halfLifeDays, key }: EngagementPolicy,
): Pick<Bucket, 'weight' | 'policy'> {
  const start = startOf(period);
  return {
    ...(key === undefined ? {} : { policy: key }),
    weight: contacts.reduce((sum, { at, points }) => sum + decay(points, at, start, halfLifeDays), 0),
  };
}

function lastOf(contacts: readonly Contact[]): Pick<Bucket, 'lastAt'> {
  const [lastAt] = latestTwo(contacts.filter(({ points }) => points > 0).map(({ at }) => at));
  return lastAt ? { lastAt } : {};
}
