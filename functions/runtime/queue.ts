import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Envelope, EventType } from '../../domain/events.ts';
import { logger } from './logger.ts';

/** What a queue delivers, and what was read in it. */
interface Delivery<M> {
  readonly messageId: string;
  readonly message: M;
}

/** How a queue's messages are read and handled. */
export interface Messages<M> {
  /** Reads the body, which is JSON; undefined when it holds nothing that this queue is for. */
  readonly read: (body: unknown) => M | undefined;
  /** Which messages are handled together: those of one customer, say. */
  readonly groupOf: (message: M) => string;
  readonly handle: (messages: M[]) => Promise<void>;
}

/**
 * The handler of a queue. Messages are handled in groups, each by itself: what belongs to a group that fails goes back
 * to the queue, the rest is done. So does a message that cannot be read.
 */
export function messageHandler<M>({ read, groupOf, handle }: Messages<M>) {
  return async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const deliveries = Records.flatMap(({ messageId, body }): Delivery<M>[] => {
      const message = parsed(body, read);
      return message === undefined ? [] : [{ messageId, message }];
    });
    const understood = new Set(deliveries.map(({ messageId }) => messageId));
    const odd = Records.map(({ messageId }) => messageId).filter((id) => !understood.has(id));
    if (odd.length > 0) logger.error('Messages hold no event', { ids: odd });

    const groups = Map.groupBy(deliveries, ({ message }) => groupOf(message));
    const failures = await Promise.all([...groups.values()].map((group) => attempt(group, handle)));
    return { batchItemFailures: [...odd, ...failures.flat()].map((id) => ({ itemIdentifier: id })) };
  };
}

/**
 * The handler of a queue that a rule of the bus feeds with events of the types `T`.
 *
 * @param groupOf which events are handled together
 */
export function queueHandler<T extends EventType>(
  groupOf: (event: Envelope<T>) => string,
  handle: (events: Envelope<T>[]) => Promise<void>,
) {
  return messageHandler<Envelope<T>>({ read: (body) => eventIn(body) as Envelope<T>, groupOf, handle });
}

/** As `queueHandler`, for what must not be done again: events that come from the archive once more are left out. */
export function newsHandler<T extends EventType>(
  groupOf: (event: Envelope<T>) => string,
  handle: (events: Envelope<T>[]) => Promise<void>,
) {
  return messageHandler<Delivered<T>>({
    read: (body) => {
      const event = eventIn(body) as Envelope<T> | undefined;
      return event && { event, isReplayed: Object.hasOwn(body as object, 'replay-name') };
    },
    groupOf: ({ event }) => groupOf(event),
    handle: async (delivered) => {
      const news = delivered.filter(({ isReplayed }) => !isReplayed).map(({ event }) => event);
      if (news.length > 0) await handle(news);
    },
  });
}

interface Delivered<T extends EventType> {
  readonly event: Envelope<T>;
  readonly isReplayed: boolean;
}

/** The event in what a rule of the bus put into a queue. */
function eventIn(body: unknown): Envelope | undefined {
  const event = (body as { readonly detail?: Envelope } | null)?.detail;
  return event?.id && event.type && event.data ? event : undefined;
}

function parsed<M>(body: string, read: (body: unknown) => M | undefined): M | undefined {
  try {
    return read(JSON.parse(body));
  } catch {
    return undefined;
  }
}

async function attempt<M>(
  group: readonly Delivery<M>[],
  handle: (messages: M[]) => Promise<void>,
): Promise<string[]> {
  const ids = group.map(({ messageId }) => messageId);
  try {
    await handle(group.map(({ message }) => message));
    return [];
  } catch (error) {
    logger.error('Events could not be handled', { ids, error: error as Error });
    return ids;
  }
}
