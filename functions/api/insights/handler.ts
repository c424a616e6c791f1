import type { Customer } from '../../../domain/customers/customer.ts';
import { may } from '../../../domain/team/access.ts';
import { type ApiRequest, apiHandler } from '../../runtime/api.ts';
import { getScore } from '../../table/scores.ts';
import { toScoreView } from './score-view.ts';

export const handler = apiHandler({ 'Customer.score': scoreOf });

async function scoreOf({ source: customer, actor, now }: ApiRequest<unknown, Customer>) {
  if (!may(actor, 'read', customer)) return null;
  const score = await getScore(customer.id);
  return score && toScoreView(score, now);
}
