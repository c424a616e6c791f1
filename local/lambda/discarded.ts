import { randomUUID } from 'node:crypto';
import type { Buckets, Queues, StreamRecord } from './sources.ts';

/** A batch that a stream mapping gave up. */
export interface Discarded {
  readonly mappingId: string;
  readonly functionArn: string;
  readonly streamArn: string;
  readonly records: readonly StreamRecord[];
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
  readonly invokeCount: number;
  /** Of the last invocation. */
  readonly requestId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A stream of the local cloud has one shard. */
const shardId = 'shardId-00000000000000000000-00000000';

/**
 * Sends the invocation record of a batch to a queue or a bucket: a queue gets what the batch was, a bucket the records
 * too, as JSON text in `payload`. https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export function sendDiscarded(
  batch: Discarded,
  destinationArn: string,
  queues: Queues,
  buckets: Buckets,
): void {
  const record = invocationRecord(batch);
  const [, , service, , , resource = ''] = destinationArn.split(':');
  if (service === 'sqs') queues.send(destinationArn, JSON.stringify(record));
  else {
    const body = { ...record, payload: JSON.stringify({ Records: batch.records }) };
    buckets.put(resource, objectKey(batch), JSON.stringify(body), 'application/json');
  }
}

function invocationRecord(batch: Discarded): object {
  const { records, condition } = batch;
  const [first, last] = [records[0], records.at(-1)].map((record) => record?.dynamodb);
  const arrival = (seconds = 0) => new Date(seconds * 1000).toISOString();
  return {
    requestContext: {
      requestId: batch.requestId,
      functionArn: batch.functionArn,
      condition,
      approximateInvokeCount: batch.invokeCount,
    },
    ...(condition === 'RetryAttemptsExhausted' && {
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    }),
    version: '1.0',
    timestamp: new Date(batch.at).toISOString(),
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: first?.SequenceNumber,
      endSequenceNumber: last?.SequenceNumber,
      approximateArrivalOfFirstRecord: arrival(first?.ApproximateCreationDateTime),
      approximateArrivalOfLastRecord: arrival(last?.ApproximateCreationDateTime),
      batchSize: records.length,
      streamArn: batch.streamArn,
    },
  };
}

function objectKey({ mappingId, at }: Discarded): string {
  const time = new Date(at).toISOString();
  const day = time.slice(0, 10).replaceAll('-', '/');
  const second = time.slice(0, 19).replaceAll(':', '.');
  return `aws/lambda/${mappingId}/${shardId}/${day}/${second}-${randomUUID()}`;
}
