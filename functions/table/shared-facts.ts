import type { Stage } from '../../domain/insights/stage.ts';
import type { SharedFacts } from '../../domain/partners/shareable.ts';
import { tenant } from './client.ts';
import { getCustomer } from './customers.ts';
import { getInteraction } from './interactions.ts';
import { type OrderPlace, orderAt } from './orders.ts';
import { getRow } from './read.ts';

/** Which facts of a customer are needed. */
export interface FactsWanted {
  readonly customerId: string;
  readonly stage: boolean;
  readonly order?: OrderPlace & { readonly withLines: boolean };
  readonly interactionId?: string;
}

/**
 * The facts as last written, all by one call, with whatever else is read at the same time; undefined when the customer, or
 * what the event is about, is not there.
 */
export async function sharedFactsOf({
  customerId,
  stage: wantsStage,
  order: place,
  interactionId,
}: FactsWanted): Promise<SharedFacts | undefined> {
  const [customer, stage, placed, interaction] = await Promise.all([
    getCustomer(customerId),
    wantsStage ? stageOf(customerId) : undefined,
    place && orderAt(place, place),
    interactionId === undefined ? undefined : getInteraction(interactionId),
  ]);
  if (!customer || (place && !placed) || (interactionId !== undefined && !interaction)) return undefined;
  return { customer, stage, ...placed, interaction };
}

async function stageOf(customerId: string): Promise<Stage | undefined> {
  const row = await getRow({ pk: `${tenant}#${customerId}`, sk: 'view#score' }, { consistent: true });
  return row?.stage as Stage | undefined;
}
