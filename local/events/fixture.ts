import type { Caller } from '../aws.ts';
import { createSqs, type Sqs } from '../sqs/sqs.ts';
import { openStore, type Store } from '../store.ts';
import type { CallApi } from './delivery.ts';
import { createEventBridge, type EventBridge } from './events.ts';

/** What the tests of this folder share: event buses over real queues. */

export const place = { region: 'eu-central-1', accountId: '000000000000' };

const caller: Caller = {
  accessKeyId: 'AKID',
  arn: 'arn:aws:iam::000000000000:user/admin',
  accountId: place.accountId,
};

export const busArn = (name: string) => `arn:aws:events:eu-central-1:000000000000:event-bus/${name}`;

export interface Stage {
  readonly store: Store;
  readonly sqs: Sqs;
  readonly events: EventBridge;
  call(action: string, input: Record<string, unknown>): Record<string, unknown>;
  /** Puts one event on a bus. */
  put(bus: string, more?: object): void;
  /** Takes all messages of a queue, at most 10 at a time, in the order of their receipt. */
  taken(queueArn: string): Record<string, unknown>[];
}

/** Opens buses and queues on a store; on the store of an earlier stage, they are as after a restart. */
export function openStage(options: { now?: () => number; store?: Store; callApi?: CallApi } = {}): Stage {
  const { store = openStore(), now, callApi } = options;
  const clock = now ? { now } : {};
  const sqs = createSqs({ store, place, endpoint: '', ...clock });
  const events = createEventBridge({
    store,
    place,
    deliver: (queueArn, body, { attributes }) => sqs.send(queueArn, body, attributes && { attributes }),
    backoff: { firstMilliseconds: 2, maxMilliseconds: 10 },
    ...(callApi && { callApi }),
    ...clock,
  });
  const call: Stage['call'] = (action, input) =>
    events.call(action, input, caller) as Record<string, unknown>;
  return {
    store,
    sqs,
    events,
    call,
    put(bus, more = {}) {
      const entry = { EventBusName: bus, Source: 'shop', DetailType: 'placed', Detail: '{}', ...more };
      call('PutEvents', { Entries: [entry] });
    },
    taken(queueArn) {
      const bodies: Record<string, unknown>[] = [];
      for (;;) {
        const messages = sqs.receive(queueArn, 10);
        if (messages.length === 0) return bodies;
        sqs.remove(
          queueArn,
          messages.map(({ receiptHandle }) => receiptHandle),
        );
        bodies.push(...messages.map(({ body }) => JSON.parse(body) as Record<string, unknown>));
      }
    },
  };
}
