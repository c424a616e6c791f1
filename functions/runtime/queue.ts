import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Envelope } from '../../domain/events.ts';
import { logger } from './logger.ts';

/** An event of the bus, as a queue delivers it. */
export interface Delivery {
  readonly messageId: string;
  readonly event: Envelope;
}

/**
 * The handler of a queue that a rule of the bus feeds. Deliveries are handled in groups, each by itself: what belongs
 * to a group that fails goes back to the queue, the rest is done. So does a message that holds no event.
 *
 * @param groupOf which deliveries are handled together: those of one customer, say
 */
export function queueHandler(
  groupOf: (event: Envelope) => string,
  handle: (events: Envelope[]) => Promise<void>,
) {
  return async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const deliveries = Records.flatMap(({ messageId, body }) => {
      const event = eventIn(body);
      return event ? [{ messageId, event }] : [];
    });
    const understood = new Set(deliveries.map(({ messageId }) => messageId));
    const odd = Records.map(({ messageId }) => messageId).filter((id) => !understood.has(id));
    if (odd.length > 0) logger.error('Messages hold no event', { ids: odd });

    const groups = Map.groupBy(deliveries, ({ event }) => groupOf(event));
    const failures = await Promise.all([...groups.values()].map((group) => attempt(group, handle)));
    return { batchItemFailures: [...odd, ...failures.flat()].map((id) => ({ itemIdentifier: id })) };
  };
}

function eventIn(body: string): Envelope | undefined {
  try {
    const event: Envelope | undefined = JSON.parse(body)?.detail;
    return event?.data?.customerId ? event : undefined;
  } catch {
    return undefined;
  }
}

async function attempt(
  group: readonly Delivery[],
  handle: (events: Envelope[]) => Promise<void>,
): Promise<string[]> {
  try {
    await handle(group.map(({ event }) => event));
    return [];
  } catch (error) {
    logger.error('Events could not be handled', {
      ids: group.map(({ event }) => event.id),
      error: error as Error,
    });
    return group.map(({ messageId }) => messageId);
  }
}
