import type { CustomerEvent, EventData } from '../../domain/events.ts';
import { periodOf } from '../../domain/insights/bucket.ts';
import type { Score } from '../../domain/insights/score.ts';
import { counts } from '../../domain/sales/order-state.ts';
import { type Occasion, type Period, settle, type Tools, unique } from './settle.ts';

/**
 * Brings the score of one customer up to date with the periods that the events fall in. The events only say where to
 * look: what counts is what the table holds, so that repeated, reordered and simultaneous deliveries end the same.
 *
 * Periods that only imported events touch come first and by themselves: what follows from them is told as imported, also
 * when something new was delivered with them.
 *
 * @throws Error when other deliveries kept changing the score; the events are then delivered again.
 */
export async function rescore(tools: Tools, events: readonly CustomerEvent[]): Promise<void> {
  const { imported = [], fresh = [] } = Object.groupBy(events, ({ via }) =>
    via === 'IMPORT' ? 'imported' : 'fresh',
  );
  const freshPeriods = periodsOf(fresh);
  const isFresh = ({ kind, period }: Period) =>
    freshPeriods.some((other) => other.kind === kind && other.period === period);
  await settlePeriods(
    tools,
    imported,
    periodsOf(imported).filter((period) => !isFresh(period)),
  );
  await settlePeriods(tools, fresh, freshPeriods);
}

/** Settles periods because of events that all came the same way. */
async function settlePeriods(
  tools: Tools,
  [first]: readonly CustomerEvent[],
  periods: readonly Period[],
): Promise<void> {
  if (!first || periods.length === 0) return;
  const { id: causationId, correlationId, via } = first;

  const occasionOf = ({ nextDueAt }: Score): Occasion => {
    const { id, at } = tools.cause();
    // What time has done meanwhile does not follow from the import alone.
    const overdue = nextDueAt !== undefined && nextDueAt <= at;
    const cause = { id, at, actor: 'fn_scoring', reason: 'scoring', correlationId, causationId };
    return { clock: at, cause: via === 'IMPORT' && !overdue ? { ...cause, via } : cause };
  };
  await settle(tools, first.data.customerId, periods, occasionOf);
}

/** The periods that the events fall in, each once. */
export function periodsOf(events: readonly CustomerEvent[]): Period[] {
  const periods = events.flatMap((event): Period[] => {
    if (event.type === 'crm.interaction.logged.v1' && 'occurredAt' in event.data) {
      return [{ kind: 'interactions', period: periodOf('interactions', event.data.occurredAt) }];
    }
    if ('placedAt' in event.data && changesWhatCounts(event.data)) {
      return [{ kind: 'orders', period: periodOf('orders', event.data.placedAt) }];
    }
    return [];
  });
  return unique(periods);
}

/** Whether an order counts since what happened to it and did not before, or the other way round: fulfilled, it goes on counting. */
const changesWhatCounts = (data: EventData<'crm.order.placed.v1' | 'crm.order.changed.v1'>): boolean =>
  !('previousState' in data) || counts(data) !== counts({ state: data.previousState });
