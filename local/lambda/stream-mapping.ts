import { hash, randomUUID } from 'node:crypto';
import type { Store } from '../store.ts';
import { failedItems } from './batch-response.ts';
import type { Checkpoints } from './checkpoints.ts';
import { type Discarded, sendDiscarded } from './discarded.ts';
import { compileFilter } from './filter.ts';
import { fitting, payloadOf } from './payload.ts';
import type { Outcome } from './result.ts';
import { isDenial } from './rights.ts';
import { createSignal } from './signal.ts';
import {
  type Backoff,
  type Buckets,
  delayAfter,
  type Mapping,
  type Queues,
  type StreamRecord,
  type Streams,
} from './sources.ts';

/** A stream that invokes a function; defaults are those of Lambda. */
export interface StreamMappingDefinition {
  readonly functionArn: string;
  readonly streamArn: string;
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST';
  /** Default: 100. */
  readonly batchSize?: number;
  /** Default: 0. */
  readonly batchingWindowSeconds?: number;
  /** Default: false. */
  readonly bisectOnError?: boolean;
  /** Default: -1, without end. */
  readonly maximumRetryAttempts?: number;
  /** Default: -1, whatever their age. */
  readonly maximumRecordAgeSeconds?: number;
  /** Default: false. */
  readonly reportBatchItemFailures?: boolean;
  /** Taken and not needed: a stream of the local cloud has one shard, read by one invocation at a time. */
  readonly parallelizationFactor?: number;
  /** JSON texts; default: every record. */
  readonly filterPatterns?: readonly string[];
  /** Of a queue or a bucket; default: what is given up is dropped. */
  readonly onFailureArn?: string;
}

export interface StreamMappingOptions {
  readonly store: Store;
  readonly checkpoints: Checkpoints;
  readonly streams: Streams;
  readonly queues: Queues;
  readonly buckets: Buckets;
  readonly invoke: (functionArn: string, event: string, requestId: string) => Promise<Outcome>;
  readonly backoff: Backoff;
  /** Hears of what keeps a mapping from going on; it then tries again. */
  readonly log: (message: string) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

interface Batch {
  readonly records: readonly StreamRecord[];
  /** Failed invocations of exactly these records. */
  readonly failures: number;
}

/** The id of a mapping, the same in every process. */
export function mappingIdOf(functionArn: string, sourceArn: string): string {
  const hex = hash('sha256', `${functionArn} ${sourceArn}`, 'hex');
  return [8, 4, 4, 4, 12].map((length, index) => hex.slice(index * 12, index * 12 + length)).join('-');
}

/**
 * Invokes a function with the records of a stream, in order and at least once: its checkpoint moves on when a batch
 * is done or given up. How often a batch was tried is not kept over a restart.
 */
export function startStreamMapping(
  definition: StreamMappingDefinition,
  options: StreamMappingOptions,
): Mapping {
  const { functionArn, streamArn, startingPosition } = definition;
  const { batchSize = 100, batchingWindowSeconds = 0, maximumRetryAttempts = -1 } = definition;
  const { maximumRecordAgeSeconds = -1, bisectOnError = false, reportBatchItemFailures = false } = definition;
  const { store, checkpoints, streams, invoke, backoff, now } = options;
  const mappingId = mappingIdOf(functionArn, streamArn);
  const passes = compileFilter(definition.filterPatterns);
  const arrived = createSignal();
  const stopping = createSignal();
  let stopped = false;

  function position(): string {
    const kept = checkpoints.get(mappingId);
    if (kept !== undefined) return kept;
    const start =
      startingPosition === 'LATEST' ? streams.readStream(streamArn, 'LATEST', 1).lastSequence : undefined;
    if (start !== undefined) checkpoints.set(mappingId, start);
    return start ?? 'TRIM_HORIZON';
  }

  function checkpoint(record: StreamRecord | undefined): void {
    if (record) checkpoints.set(mappingId, record.dynamodb.SequenceNumber);
  }

  /** As on AWS, what the function's role may not write to the destination is dropped. */
  function deliver(discarded: Discarded, destinationArn: string): void {
    try {
      sendDiscarded(discarded, destinationArn, options.queues, options.buckets);
    } catch (error) {
      if (!isDenial(error)) throw error;
      options.log(`A batch of ${streamArn} did not reach ${destinationArn} and is lost: ${error.message}`);
    }
  }

  function discard(batch: Omit<Discarded, 'mappingId' | 'functionArn' | 'streamArn' | 'at'>): void {
    store.write(() => {
      if (definition.onFailureArn !== undefined) {
        deliver({ ...batch, mappingId, functionArn, streamArn, at: now() }, definition.onFailureArn);
      }
      checkpoint(batch.records.at(-1));
    });
  }

  /** What remains to be done of a batch after its records that are too old went to the destination. */
  function dropOld(batch: Batch, requestId: string): Batch {
    if (maximumRecordAgeSeconds < 0) return batch;
    const horizon = now() / 1000 - maximumRecordAgeSeconds;
    const young = batch.records.findIndex(({ dynamodb }) => dynamodb.ApproximateCreationDateTime >= horizon);
    const old = young === -1 ? batch.records : batch.records.slice(0, young);
    if (old.length === 0) return batch;
    discard({ records: old, condition: 'RecordAgeExceeded', invokeCount: batch.failures, requestId });
    return { ...batch, records: batch.records.slice(old.length) };
  }

  /** The batches that follow from a failed one, in their order; none when it was given up. */
  function afterFailure(batch: Batch, failedAt: number, requestId: string): Batch[] {
    const { records } = batch;
    if (failedAt > 0) {
      checkpoint(records[failedAt - 1]);
      return [{ records: records.slice(failedAt), failures: 0 }];
    }
    if (bisectOnError && records.length > 1) {
      const half = Math.ceil(records.length / 2);
      return [records.slice(0, half), records.slice(half)].map((part) => ({ records: part, failures: 0 }));
    }
    const failures = batch.failures + 1;
    if (maximumRetryAttempts < 0 || failures <= maximumRetryAttempts) return [{ records, failures }];
    discard({ records, condition: 'RetryAttemptsExhausted', invokeCount: failures, requestId });
    return [];
  }

  /** The index of the first record that failed; the number of records when none did. */
  function firstFailed(records: readonly StreamRecord[], outcome: Outcome): number {
    if (outcome.kind !== 'success') return 0;
    const failed = reportBatchItemFailures ? failedItems(outcome.text) : new Set<string>();
    if (failed === 'all') return 0;
    if (failed.size === 0) return records.length;
    const index = records.findIndex(({ dynamodb }) => failed.has(dynamodb.SequenceNumber));
    return index === -1 ? 0 : index;
  }

  /** Does all of `records`: each is done or given up when it returns, unless the mapping was stopped. */
  async function process(records: readonly StreamRecord[]): Promise<void> {
    const batches: Batch[] = [{ records, failures: 0 }];
    let failuresInRow = 0;
    for (let next = batches.shift(); next && !stopped; next = batches.shift()) {
      const requestId = randomUUID();
      const batch = dropOld(next, requestId);
      const wanted = batch.records.filter(passes);
      if (wanted.length === 0) {
        checkpoint(batch.records.at(-1));
        continue;
      }
      const outcome = await invoke(functionArn, payloadOf(wanted), requestId);
      const failedAt = firstFailed(wanted, outcome);
      if (failedAt === wanted.length) {
        failuresInRow = 0;
        checkpoint(batch.records.at(-1));
        continue;
      }
      if (stopped) return;
      if (outcome.kind === 'throttled') batches.unshift(batch);
      else {
        const index = batch.records.indexOf(wanted[failedAt] as StreamRecord);
        const follow = afterFailure(batch, index, requestId);
        batches.unshift(...follow);
        if (follow.length > 1) continue;
      }
      await stopping.wait(delayAfter(++failuresInRow, backoff));
    }
  }

  /** Waits for a full batch, for as long as the batching window after its first record. */
  async function gather(after: string): Promise<readonly StreamRecord[]> {
    const end = performance.now() + batchingWindowSeconds * 1000;
    for (;;) {
      const read = streams.readStream(streamArn, after, batchSize).records;
      const records = read.slice(0, fitting(read, passes));
      const isFull = records.length >= batchSize || records.length < read.length;
      const left = end - performance.now();
      if (records.length === 0 || isFull || left <= 0 || stopped) return records;
      await arrived.wait(left);
    }
  }

  /** Goes on from the checkpoint until the mapping is stopped. */
  async function follow(): Promise<void> {
    let after = position();
    while (!stopped) {
      const records = await gather(after);
      if (records.length === 0) {
        await arrived.wait();
        continue;
      }
      await store.committed();
      await process(records);
      after = records.at(-1)?.dynamodb.SequenceNumber ?? after;
    }
  }

  async function run(): Promise<void> {
    for (let errors = 1; !stopped; errors++) {
      try {
        await follow();
      } catch (error) {
        options.log(`The mapping of ${streamArn} to ${functionArn} stopped and starts again: ${error}`);
        await stopping.wait(delayAfter(errors, backoff));
      }
    }
  }

  const unlisten = streams.onStream(streamArn, arrived.notify);
  const ended = run();
  return {
    async stop() {
      stopped = true;
      unlisten();
      arrived.notify();
      stopping.notify();
      await ended;
    },
  };
}
