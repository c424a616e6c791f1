import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { entriesOf } from './entries.ts';
import { publish } from './publish.ts';

/**
 * The table stream's only reader: puts the events of each change on the bus, in batches. What could not be put is
 * reported, so that the stream goes on from the first record that failed; events repeated by that have the same ids.
 */
export const handler = async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
  const entries = Records.flatMap((record) =>
    entriesOf(record).map((entry) => ({ entry, sequenceNumber: sequenceNumberOf(record) })),
  );
  const failed = new Set(await publish(entries));
  const first = Records.map(sequenceNumberOf).find((sequenceNumber) => failed.has(sequenceNumber));
  return { batchItemFailures: first ? [{ itemIdentifier: first }] : [] };
};

function sequenceNumberOf(record: DynamoDBRecord): string {
  return record.dynamodb?.SequenceNumber ?? '';
}
