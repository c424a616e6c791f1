import type { SharedFacts } from '../../domain/partners/shareable.ts';
import { sharedFactsOf } from '../table/shared-facts.ts';
import type { ShareableEnvelope } from './share.ts';

/** The facts of an event as they are now: lines and stage only where a field needs them. */
export function factsOf(
  { data }: ShareableEnvelope,
  fields: ReadonlySet<string>,
): Promise<SharedFacts | undefined> {
  const { customerId } = data;
  return sharedFactsOf({
    customerId,
    stage: fields.has('customer.stage'),
    ...('orderId' in data ? { order: { ...data, withLines: fields.has('order.lines') } } : {}),
    ...('interactionId' in data ? { interactionId: data.interactionId } : {}),
  });
}
