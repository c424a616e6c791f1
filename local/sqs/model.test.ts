import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openStore } from '../store.ts';
import { createSqs } from './sqs.ts';

/** A message as a careful reader of the documentation expects it. */
interface Expected {
  readonly body: string;
  visibleAt: number;
  receipts: number;
  handle: string;
}

const place = { region: 'eu-central-1', accountId: '000000000000' };
const visibilityMilliseconds = 10_000;
const maxReceiveCount = 3;

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('send' as const), delay: fc.constantFrom(0, 0, 5) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('receive' as const), max: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), pick: fc.nat() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('release' as const),
      pick: fc.nat(),
      delay: fc.constantFrom(0, 3),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      milliseconds: fc.constantFrom(1, 4000, 10_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
);

describe('a queue', () => {
  it('behaves like its model, whatever is sent, received, removed, released, waited for and restarted', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const store = openStore();
        let clock = 1_700_000_000_000;
        const open = () => createSqs({ store, place, endpoint: '', now: () => clock });
        let sqs = open();
        const dead = sqs.createQueue('dead').arn;
        const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead, maxReceiveCount });
        const { arn } = sqs.createQueue('work', { VisibilityTimeout: '10', RedrivePolicy });
        const live = new Map<string, Expected>();
        const buried: string[] = [];

        const inFlight = (pick: number) => {
          const received = [...live.values()].filter(({ receipts }) => receipts > 0);
          return received[pick % Math.max(1, received.length)];
        };

        for (const [index, action] of steps.entries()) {
          if (action.kind === 'send') {
            const body = `m${index}`;
            sqs.send(arn, body, { delaySeconds: action.delay });
            live.set(body, { body, visibleAt: clock + action.delay * 1000, receipts: 0, handle: '' });
          } else if (action.kind === 'receive') {
            const messages = sqs.receive(arn, action.max);
            for (const { body, receiveCount, receiptHandle } of messages) {
              const expected = live.get(body);
              expect(expected?.visibleAt).toBeLessThanOrEqual(clock);
              expect(receiveCount).toBe((expected?.receipts ?? 0) + 1);
              live.set(body, {
                body,
                visibleAt: clock + visibilityMilliseconds,
                receipts: receiveCount,
                handle: receiptHandle,
              });
            }
            const taken = new Set(messages.map(({ body }) => body));
            const ready = [...live.values()].filter(
              ({ body, visibleAt }) => visibleAt <= clock && !taken.has(body),
            );
            if (messages.length < action.max) {
              for (const { body, receipts } of ready) {
                expect(receipts).toBe(maxReceiveCount);
                live.delete(body);
                buried.push(body);
              }
            } else {
              // The ones before the last one taken may have been buried on the way.
              const found = new Set(sqs.receive(dead, 1000, 0).map(({ body }) => body));
              for (const { body } of ready.filter((message) => found.has(message.body))) {
                live.delete(body);
                buried.push(body);
              }
            }
          } else if (action.kind === 'remove') {
            const message = inFlight(action.pick);
            if (message) {
              sqs.remove(arn, [message.handle]);
              live.delete(message.body);
            }
          } else if (action.kind === 'release') {
            const message = inFlight(action.pick);
            if (message && message.visibleAt > clock) {
              sqs.release(arn, message.handle, action.delay);
              message.visibleAt = clock + action.delay * 1000;
            }
          } else if (action.kind === 'wait') clock += action.milliseconds;
          else {
            sqs.close();
            sqs = open();
            for (const message of live.values()) {
              if (message.receipts > 0) message.visibleAt = Math.min(message.visibleAt, clock);
            }
          }
        }

        clock += 60_000;
        const rest = sqs.receive(arn, 1000).map(({ body }) => body);
        const deadLetters = sqs.receive(dead, 1000).map(({ body }) => body);
        const exhausted = [...live.values()].filter(({ receipts }) => receipts === maxReceiveCount);
        expect(rest.sort()).toEqual(
          [...live.keys()].filter((body) => !exhausted.some((each) => each.body === body)).sort(),
        );
        expect(deadLetters.sort()).toEqual([...buried, ...exhausted.map(({ body }) => body)].sort());
        sqs.close();
        store.close();
      }),
      { numRuns: 150 },
    );
  });
});
