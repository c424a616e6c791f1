import { randomUUID } from 'node:crypto';
import type { Message } from '../sqs/message.ts';
import type { Store } from '../store.ts';
import { failedItems } from './batch-response.ts';
import { compileMessageFilter } from './filter.ts';
import { type MessageRecord, messageRecord } from './message-record.ts';
import { payloadOf, payloadsOf } from './payload.ts';
import type { Outcome } from './result.ts';
import { type Backoff, delayAfter, type Mapping, type Queues } from './sources.ts';

/** A queue that invokes a function; defaults are those of Lambda. */
export interface QueueMappingDefinition {
  readonly functionArn: string;
  readonly queueArn: string;
  /** Default: 10. */
  readonly batchSize?: number;
  /** Default: 0. */
  readonly batchingWindowSeconds?: number;
  /** Default: as many as the function may have environments. */
  readonly maximumConcurrency?: number;
  /** Default: false. */
  readonly reportBatchItemFailures?: boolean;
  /** JSON texts; default: every message. What does not match is removed from the queue. */
  readonly filterPatterns?: readonly string[];
}

export interface QueueMappingOptions {
  readonly store: Store;
  readonly queues: Queues;
  readonly region: string;
  readonly invoke: (functionArn: string, event: string, requestId: string) => Promise<Outcome>;
  /** How many environments the function may have. */
  readonly capacity: number;
  /** Between polls while the function is throttled. */
  readonly backoff: Backoff;
  /** Hears of what kept a batch from being handled; its messages come again. */
  readonly log: (message: string) => void;
}

/**
 * Invokes a function with the messages of a queue. What the function did is removed; what it failed stays hidden until
 * its visibility timeout ends, and comes again until the queue's redrive policy takes it.
 */
export function startQueueMapping(definition: QueueMappingDefinition, options: QueueMappingOptions): Mapping {
  const { functionArn, queueArn, batchSize = 10, batchingWindowSeconds = 0 } = definition;
  const { store, queues, region, invoke, backoff } = options;
  const concurrency = Math.min(definition.maximumConcurrency ?? options.capacity, options.capacity);
  const passes = compileMessageFilter(definition.filterPatterns);
  const running = new Set<Promise<void>>();
  let held: Message[] = [];
  let window: NodeJS.Timeout | undefined;
  let pause: NodeJS.Timeout | undefined;
  let throttles = 0;
  let stopped = false;

  const handles = (messages: readonly Pick<Message, 'receiptHandle'>[]) =>
    messages.map(({ receiptHandle }) => receiptHandle);

  /** Soon durable, as is what was received: until then, messages come again when the process ends. */
  function remove(messages: readonly Pick<Message, 'receiptHandle'>[]): void {
    store.writeSoon(() => queues.remove(queueArn, handles(messages)));
  }

  /** Receives as long as there are messages and free places; with a batching window, until it is over or a batch full. */
  function receive(): void {
    while (!stopped && !pause && running.size < concurrency) {
      held.push(...store.writeSoon(() => queues.receive(queueArn, batchSize - held.length)));
      if (held.length === 0) return;
      if (batchingWindowSeconds > 0 && held.length < batchSize) {
        window ??= setTimeout(dispatch, batchingWindowSeconds * 1000);
        return;
      }
      dispatch();
    }
  }

  function poll(): void {
    try {
      receive();
    } catch (error) {
      options.log(`${queueArn} was not polled for ${functionArn}: ${error}`);
      slowDown();
    }
  }

  function dispatch(): void {
    clearTimeout(window);
    window = undefined;
    const messages = held;
    held = [];
    const handled: Promise<void> = handle(messages)
      .catch((error) => options.log(`A batch of ${queueArn} was not handled by ${functionArn}: ${error}`))
      .finally(() => {
        running.delete(handled);
        poll();
      });
    running.add(handled);
  }

  async function handle(received: readonly Message[]): Promise<void> {
    await store.committed();
    const messages = received.filter(({ body }) => passes(body));
    if (messages.length < received.length) {
      remove(received.filter((message) => !messages.includes(message)));
    }
    const records = messages.map((message) => messageRecord(message, queueArn, region));
    for (const part of payloadsOf(records)) await invokeWith(part);
  }

  async function invokeWith(records: readonly MessageRecord[]): Promise<void> {
    const outcome = await invoke(functionArn, payloadOf(records), randomUUID());
    if (outcome.kind === 'throttled') return slowDown();
    throttles = 0;
    if (outcome.kind === 'error') return;
    const failed = definition.reportBatchItemFailures ? failedItems(outcome.text) : new Set<string>();
    if (failed === 'all') return;
    remove(records.filter(({ messageId }) => !failed.has(messageId)));
  }

  function slowDown(): void {
    throttles++;
    pause ??= setTimeout(
      () => {
        pause = undefined;
        poll();
      },
      delayAfter(throttles, backoff),
    );
  }

  const unlisten = queues.onMessage(queueArn, poll);
  return {
    async stop() {
      stopped = true;
      unlisten();
      clearTimeout(window);
      clearTimeout(pause);
      for (const handle of handles(held)) queues.release(queueArn, handle, 0);
      held = [];
      await Promise.all(running);
    },
  };
}
