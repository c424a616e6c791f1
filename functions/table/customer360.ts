import type { Consent } from '../../domain/customers/consent.ts';
import type { Customer } from '../../domain/customers/customer.ts';
import type { Score } from '../../domain/insights/score.ts';
import { projecting } from './attributes.ts';
import { query } from './calls.ts';
import { crmTable, tenant } from './client.ts';
import { toConsentsInForce, viewAttributes } from './consents.ts';
import { customerAttributes, toCustomer } from './customers.ts';
import { isCustomerId } from './ids.ts';
import { interactionAttributes, type StoredInteraction, toInteraction } from './interactions.ts';
import type { Row } from './read.ts';
import { scoreAttributes, toScore } from './scores.ts';

/** How many of the latest interactions belong to the first screen. */
export const latestInteractions = 20;

/** How many of the latest orders do, and how many of the latest open ones. */
export const latestOrders = 20;

/** What of a customer is stored together. */
export interface StoredTogether {
  readonly customer: Customer;
  readonly score: Score | undefined;
  readonly consents: readonly Consent[];
  readonly timeline: readonly StoredInteraction[];
}

const together = projecting([
  'sk',
  ...customerAttributes,
  ...interactionAttributes,
  ...scoreAttributes,
  ...viewAttributes,
]);

/** Consents, profile and score. */
const besideTimeline = 3;

/**
 * Profile, score, consents and the latest of the timeline, by one query backward from the end of the customer's partition, where
 * what is viewed together lies behind the timeline. Perhaps a moment old.
 */
export async function readTogether(customerId: string): Promise<StoredTogether | undefined> {
  if (!isCustomerId(customerId)) return undefined;
  const { items } = await query(
    together({
      TableName: crmTable.table,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: {
        ':pk': `${tenant}#${customerId}`,
        ':from': 'timeline#',
        ':to': 'view#~',
      },
      ScanIndexForward: false,
      Limit: besideTimeline + latestInteractions,
    }),
  );
  const rowsOf = (prefix: string): Row[] => items.filter((row) => String(row.sk).startsWith(prefix));
  const [profile] = rowsOf('view#profile');
  if (!profile) return undefined;
  const [score] = rowsOf('view#score');
  const [consents] = rowsOf('view#consents');
  return {
    customer: toCustomer(profile),
    score: score && toScore(score),
    consents: consents ? toConsentsInForce(consents) : [],
    timeline: rowsOf('timeline#').slice(0, latestInteractions).map(toInteraction),
  };
}
