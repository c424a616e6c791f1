import type { ServiceEvent } from '../events/event.ts';
import type { Message, SendOptions } from '../sqs/message.ts';

/** A record of a DynamoDB stream, as a function gets it. */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: string;
  readonly dynamodb: {
    readonly SequenceNumber: string;
    /** Seconds since 1970. */
    readonly ApproximateCreationDateTime: number;
  };
}

/** Where stream mappings read. */
export interface Streams {
  /**
   * Records after a position, oldest first. `lastSequence` is where to read on from; of `LATEST` it is the newest
   * record, and undefined when there never was one.
   */
  readStream(
    streamArn: string,
    after: string,
    limit: number,
  ): { readonly records: readonly StreamRecord[]; readonly lastSequence?: string | undefined };
  /** Calls `listener` when new records are durable, until the returned function is called. */
  onStream(streamArn: string, listener: () => void): () => void;
}

/** Where queue mappings read, and failed batches may go. */
export interface Queues {
  send(queueArn: string, body: string, options?: SendOptions): void;
  /** For how many seconds the queue hides what was received. */
  visibilitySeconds(queueArn: string): number;
  receive(queueArn: string, max: number): Message[];
  remove(queueArn: string, receiptHandles: readonly string[]): void;
  release(queueArn: string, receiptHandle: string, delaySeconds: number): void;
  onMessage(queueArn: string, listener: () => void): () => void;
}

/** Where failed batches go with their records. */
export interface Buckets {
  put(bucket: string, key: string, body: string, contentType?: string): void;
}

/** Where what became of asynchronous events may go. */
export interface Buses {
  /** Throws an `AwsError` when there is no such bus. */
  put(busArn: string, event: ServiceEvent): void;
}

/** An event source mapping that runs. */
export interface Mapping {
  /** Invokes nothing any more; resolves when what runs has ended. */
  stop(): Promise<void>;
}

/** Waits between tries. */
export interface Backoff {
  readonly firstMilliseconds: number;
  readonly maxMilliseconds: number;
}

/** How long to wait after so many failures in a row: doubled each time. */
export function delayAfter(failures: number, { firstMilliseconds, maxMilliseconds }: Backoff): number {
  return Math.min(maxMilliseconds, firstMilliseconds * 2 ** Math.min(failures - 1, 30));
}
