import type { CustomerEvent } from '../../domain/events.ts';
import { periodOf } from '../../domain/insights/bucket.ts';
import type { Score } from '../../domain/insights/score.ts';
import { type Occasion, type Period, settle, type Tools, unique } from './settle.ts';

/**
 * Brings the score of one customer up to date with the periods that the events fall in. The events only say where to
 * look: what counts is what the table holds, so that repeated, reordered and simultaneous deliveries end the same.
 *
 * @throws Error when other deliveries kept changing the score; the events are then delivered again.
 */
export async function rescore(tools: Tools, events: readonly CustomerEvent[]): Promise<void> {
  const [first] = events;
  if (!first) return;
  const touched = periodsOf(events);
  if (touched.length === 0) return;
  const imported = events.every(({ via }) => via === 'IMPORT');

  const occasionOf = ({ nextDueAt }: Score): Occasion => {
    const { id, at } = tools.cause();
    // What time has done meanwhile does not follow from the import alone.
    const overdue = nextDueAt !== undefined && nextDueAt <= at;
    const { id: causationId, correlationId } = first;
    const cause = { id, at, actor: 'fn_scoring', reason: 'scoring', correlationId, causationId };
    return { clock: at, cause: imported && !overdue ? { ...cause, via: 'IMPORT' } : cause };
  };
  await settle(tools, first.data.customerId, touched, occasionOf);
}

/** The periods that the events fall in, each once. */
export function periodsOf(events: readonly CustomerEvent[]): Period[] {
  const periods = events.flatMap((event): Period[] => {
    if (event.type === 'crm.interaction.logged.v1' && 'occurredAt' in event.data) {
      return [{ kind: 'interactions', period: periodOf('interactions', event.data.occurredAt) }];
    }
    if (event.type === 'crm.order.placed.v1' && 'placedAt' in event.data) {
      return [{ kind: 'orders', period: periodOf('orders', event.data.placedAt) }];
    }
    return [];
  });
  return unique(periods);
}
