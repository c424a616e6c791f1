import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { messageHandler } from '../runtime/queue.ts';
import { scoringTools } from '../scoring/tools.ts';
import { dueIn, shards } from '../table/due.ts';
import { type DueTools, type Tick, takeDue } from './take-due.ts';

const tools: DueTools = { ...scoringTools, shards, due: dueIn };

/** What a customer may take at the end of a run, in milliseconds: a count of all periods anew, under contention. */
const reserve = 5000;

/**
 * Ticks that come together are one: the latest has all that the others have. A rule may be triggered more than once for
 * one scheduled time (https://docs.aws.amazon.com/eventbridge/latest/userguide/eventbridge-troubleshooting.html).
 */
export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const hasTime = () => context.getRemainingTimeInMillis() > reserve;
  const handle = async (ticks: readonly Tick[]) => {
    const [latest] = ticks.toSorted((a, b) => (a.time < b.time ? 1 : -1));
    if (latest) await takeDue(tools, latest, hasTime);
  };
  return messageHandler<Tick>({ read: tickIn, groupOf: () => 'ticks', handle })(event);
}

/**
 * The tick in a scheduled event, whose time is in seconds
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/event-reference.html#event-detail-scheduled-event); undefined when it is none.
 */
function tickIn(body: unknown): Tick | undefined {
  const { id, time } = (body ?? {}) as { readonly id?: unknown; readonly time?: unknown };
  if (typeof id !== 'string' || typeof time !== 'string' || Number.isNaN(Date.parse(time))) return undefined;
  return { id, time: new Date(time).toISOString() };
}
