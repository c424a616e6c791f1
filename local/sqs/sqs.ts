import { AwsError, type AwsService, type Place } from '../aws.ts';
import type { Store } from '../store.ts';
import { type Input, requiredString } from './input.ts';
import type { Message, SendOptions } from './message.ts';
import { messageActions } from './message-actions.ts';
import { openMessages, type SqsFaults } from './messages.ts';
import { createMoveTasks } from './move-tasks.ts';
import { queueActions } from './queue-actions.ts';
import { openQueues, type Queue } from './queues.ts';
import { createWakeups } from './wakeups.ts';

/** Amazon SQS standard queues, durable in the store. */
export interface Sqs {
  /** The actions of the JSON protocol (`x-amz-target: AmazonSQS.<action>`). */
  readonly call: AwsService;
  /** Makes a queue, or gives the one of this name exactly these attributes, which are strings as in the API. */
  createQueue(name: string, attributes?: Readonly<Record<string, string>>): { arn: string; url: string };
  /** Keeps a message; durable with the `store.write` that surrounds the call. */
  send(queueArn: string, body: string, options?: SendOptions): void;
  /** For how many seconds the queue hides what was received. */
  visibilitySeconds(queueArn: string): number;
  /** Takes up to `max` visible messages; hidden for `visibilitySeconds`, by default the queue's own. */
  receive(queueArn: string, max: number, visibilitySeconds?: number): Message[];
  /** Removes messages; a receipt handle that a later receipt made void removes nothing. */
  remove(queueArn: string, receiptHandles: readonly string[]): void;
  /** Makes a message in flight visible in `delaySeconds`. */
  release(queueArn: string, receiptHandle: string, delaySeconds: number): void;
  /** Calls `listener` soon, and whenever messages may be visible, until the returned function is called. */
  onMessage(queueArn: string, listener: () => void): () => void;
  /** Set in tests; see `SqsFaults`. */
  readonly faults: SqsFaults;
  close(): void;
}

export interface SqsOptions {
  readonly store: Store;
  readonly place: Place;
  /** Base of queue URLs, without a slash at its end. */
  readonly endpoint: string;
  /** Milliseconds since 1970; default: the system's clock. */
  readonly now?: () => number;
}

/**
 * Opens the queues of `store`. Messages that were in flight when the last process ended are visible at once, and not
 * only after their visibility timeout as on AWS: no receiver outlived that process.
 */
export function createSqs({ store, place, endpoint, now = Date.now }: SqsOptions): Sqs {
  const queues = openQueues(store, place, endpoint, now);
  const messages = openMessages(store, now);
  const wakeups = createWakeups(now);
  const moveTasks = createMoveTasks({ queues, messages, wakeups, now });
  const faults: SqsFaults = {};

  function find(arn: string): Queue {
    const queue = queues.byArn(arn);
    if (!queue) throw new AwsError('QueueDoesNotExist', `The specified queue does not exist: ${arn}.`);
    return queue;
  }

  function send(queue: Queue, body: string, options: SendOptions = {}): string {
    const seconds = options.delaySeconds ?? queue.settings.delaySeconds;
    const delay = seconds * 1000 + (faults.delay?.(queue.name) ?? 0);
    const visibleAt = now() + delay;
    const messageId = messages.add(queue, body, visibleAt, options);
    if (delay > 0) wakeups.at(queue.id, visibleAt);
    else wakeups.now(queue.id);
    return messageId;
  }

  function receive(queue: Queue, max: number, seconds = queue.settings.visibilitySeconds): Message[] {
    const { redrive } = queue.settings;
    const target = redrive && queues.byArn(redrive.deadLetterTargetArn);
    const deadLetters = target && { queue: target, maxReceiveCount: redrive.maxReceiveCount };
    const taken = messages.take(queue, { max, visibleAt: now() + seconds * 1000, deadLetters, faults });
    if (taken.buried > 0 && target) wakeups.now(target.id);
    if (taken.nextVisibleAt !== undefined) wakeups.at(queue.id, taken.nextVisibleAt);
    return taken.messages;
  }

  function release(queue: Queue, receiptHandle: string, delaySeconds: number) {
    const visibleAt = now() + delaySeconds * 1000;
    const done = messages.reveal(queue, receiptHandle, visibleAt);
    if (done === 'done') wakeups.at(queue.id, visibleAt);
    return done;
  }

  function queueOf(input: Input): Queue {
    const url = requiredString(input, 'QueueUrl');
    const queue = queues.byName(url.slice(url.lastIndexOf('/') + 1));
    if (!queue) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
    return queue;
  }

  const actions = {
    ...messageActions({ queueOf, messages, wakeups, send, receive, release }),
    ...queueActions({ queueOf, queues, messages }),
    ...moveTasks.actions,
  };

  return {
    call(action, input, caller) {
      const run = Object.hasOwn(actions, action) ? actions[action] : undefined;
      if (!run) throw new AwsError('UnsupportedOperation', `The SQS action ${action} is not run here.`);
      return run(input, caller);
    },
    createQueue(name, attributes = {}) {
      const { arn, url } = queues.put(name, attributes);
      return { arn, url };
    },
    send(queueArn, body, options) {
      send(find(queueArn), body, options);
    },
    visibilitySeconds: (queueArn) => find(queueArn).settings.visibilitySeconds,
    receive: (queueArn, max, visibilitySeconds) => receive(find(queueArn), max, visibilitySeconds),
    remove(queueArn, receiptHandles) {
      const queue = find(queueArn);
      store.write(() => {
        for (const handle of receiptHandles) messages.remove(queue, handle);
      });
    },
    release(queueArn, receiptHandle, delaySeconds) {
      release(find(queueArn), receiptHandle, delaySeconds);
    },
    onMessage: (queueArn, listener) => wakeups.listen(find(queueArn).id, listener),
    faults,
    close() {
      moveTasks.close();
      wakeups.close();
    },
  };
}
