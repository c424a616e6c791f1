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

/** What became of entries that were not taken, by the sequence numbers of their records. */
export interface Untaken {
  /** To be tried again. */
  readonly failed: ReadonlySet<string>;
  /** Never to be taken as they are, and why. */
  readonly refused: ReadonlyMap<string, string>;
}

// What is wrong with the entry itself (https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html);
// all else passes, or is repaired in the rights and the bus.
const hopeless = new Set(['InvalidArgument', 'MalformedDetail']);

/** Puts entries on the bus, in order, in as few calls as the limits allow. */
export async function publish(entries: readonly RelayedEntry[]): Promise<Untaken> {
  const failed = new Set<string>();
  const refused = new Map<string, string>();
  for (const batch of inBatches(entries)) {
    const [only] = batch;
    if (only && sizeOf(only.entry) > mostBytes) {
      refused.set(only.sequenceNumber, `an event has more than ${mostBytes} bytes`);
      continue;
    }
    const answer = await client.send(new PutEventsCommand({ Entries: batch.map(({ entry }) => entry) }));
    if (!answer.FailedEntryCount) continue;
    answer.Entries?.forEach(({ ErrorCode }, index) => {
      const sequenceNumber = batch[index]?.sequenceNumber ?? '';
      if (ErrorCode && hopeless.has(ErrorCode)) refused.set(sequenceNumber, `the bus answers ${ErrorCode}`);
      else if (ErrorCode) failed.add(sequenceNumber);
    });
    logger.warn('The bus did not take every entry', { failed: answer.FailedEntryCount });
  }
  return { failed, refused };
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
