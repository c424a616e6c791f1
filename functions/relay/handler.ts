import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { entriesOf } from './entries.ts';
import { publish, type RelayedEntry } from './publish.ts';
import { setAside } from './set-aside.ts';

/**
 * The table stream's only reader: puts the events of each change on the bus, in batches. What could not be put is
 * reported, so that the stream goes on from the first record that failed, however long the bus is away; events repeated
 * by that have the same ids. What never can be put is set aside: it would hold up its shard until it is too old.
 */
export const handler = async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
  const { entries, unreadable } = read(Records);
  const { failed, refused } = await publish(entries);
  const hopeless = new Map([...unreadable, ...refused]);
  for (const record of Records) {
    const reason = hopeless.get(sequenceNumberOf(record));
    if (reason !== undefined && !failed.has(sequenceNumberOf(record))) await setAside(record, reason);
  }
  const first = Records.map(sequenceNumberOf).find((sequenceNumber) => failed.has(sequenceNumber));
  return { batchItemFailures: first ? [{ itemIdentifier: first }] : [] };
};

/** The entries of all records that can be read; why the others cannot, by sequence number. */
function read(records: readonly DynamoDBRecord[]) {
  const entries: RelayedEntry[] = [];
  const unreadable = new Map<string, string>();
  for (const record of records) {
    const sequenceNumber = sequenceNumberOf(record);
    try {
      entries.push(...entriesOf(record).map((entry) => ({ entry, sequenceNumber })));
    } catch (error) {
      unreadable.set(sequenceNumber, `its change cannot be read: ${(error as Error).name}`);
    }
  }
  return { entries, unreadable };
}

function sequenceNumberOf(record: DynamoDBRecord): string {
  return record.dynamodb?.SequenceNumber ?? '';
}
