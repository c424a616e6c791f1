import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { logger } from '../runtime/logger.ts';

const client = new EventBridgeClient({});

/** A bus entry and the stream record that it comes from. */
export interface RelayedEntry {
  readonly entry: PutEventsRequestEntry;
  readonly sequenceNumber: string;
}

// Limits of PutEvents (https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html).
const mostEntries = 10;
const mostBytes = 256 * 1024;

/**
 * Puts entries on the bus, in order, in as few calls as the limits allow.
 *
 * @returns the sequence numbers of the records of which an entry was not taken.
 */
export async function publish(entries: readonly RelayedEntry[]): Promise<string[]> {
  const failed: string[] = [];
  for (const batch of inBatches(entries)) {
    const answer = await client.send(new PutEventsCommand({ Entries: batch.map(({ entry }) => entry) }));
    if (!answer.FailedEntryCount) continue;
    answer.Entries?.forEach(({ ErrorCode }, index) => {
      if (ErrorCode) failed.push(batch[index]?.sequenceNumber ?? '');
    });
    logger.warn('The bus did not take every entry', { failed: answer.FailedEntryCount });
  }
  return failed;
}

function inBatches(entries: readonly RelayedEntry[]): RelayedEntry[][] {
  const batches: RelayedEntry[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    const size = sizeOf(entry.entry);
    const batch = batches.at(-1);
    if (!batch || batch.length === mostEntries || bytes + size > mostBytes) {
      batches.push([entry]);
      bytes = size;
    } else {
      batch.push(entry);
      bytes += size;
    }
  }
  return batches;
}

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html: 14 bytes for the time, then the texts.
function sizeOf({ Source = '', DetailType = '', Detail = '' }: PutEventsRequestEntry): number {
  return 14 + Buffer.byteLength(Source) + Buffer.byteLength(DetailType) + Buffer.byteLength(Detail);
}
