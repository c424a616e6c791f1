import {
  EventBridgeClient,
  type PutEventsRequestEntry,
  type PutEventsResponse,
} from '@aws-sdk/client-eventbridge';
import { jsonCall } from './json-calls.ts';
import { logger } from './logger.ts';
import { busyClient } from './sdk.ts';

const client = new EventBridgeClient(busyClient('events'));
const put = jsonCall<PutEventsResponse>({ client, target: 'AWSEvents', version: '1.1' }, 'PutEvents');

// Limits of PutEvents (https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html), since January
// 2026 (https://aws.amazon.com/blogs/compute/more-room-to-build-serverless-services-now-support-payloads-up-to-1-mb).
const mostEntries = 10;
const mostBytes = 1024 * 1024;

/** Why an entry was not taken. */
export interface Untaken {
  /** The entry's place among those that were to be put. */
  readonly index: number;
  /** What the bus answered, or that it was not asked. */
  readonly reason: string;
  /** Whether it is never taken as it is; else it is to be tried again. */
  readonly hopeless: boolean;
}

// What is wrong with the entry itself (https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html);
// all else passes, or is repaired in the rights and the bus.
const hopeless = new Set(['InvalidArgument', 'MalformedDetail']);

/**
 * Puts entries on their buses, in order, in as few calls as the limits allow.
 *
 * @returns the entries that were not taken
 * @throws Error when a call fails as a whole; those before it may have been taken.
 */
export async function putEvents(entries: readonly PutEventsRequestEntry[]): Promise<Untaken[]> {
  const untaken: Untaken[] = [];
  for (const batch of inBatches(entries)) {
    const [only] = batch;
    if (only && sizeOf(only.entry) > mostBytes) {
      const reason = `an event has more than ${mostBytes} bytes`;
      untaken.push({ index: only.index, reason, hopeless: true });
      continue;
    }
    const answer = await put({ Entries: batch.map(({ entry }) => asSent(entry)) });
    if (!answer.FailedEntryCount) continue;
    for (const [place, { ErrorCode }] of (answer.Entries ?? []).entries()) {
      const index = batch[place]?.index;
      if (!ErrorCode || index === undefined) continue;
      untaken.push({ index, reason: `the bus answers ${ErrorCode}`, hopeless: hopeless.has(ErrorCode) });
    }
    logger.warn('The bus did not take every entry', { failed: answer.FailedEntryCount });
  }
  return untaken;
}

const asSent = ({ Time, ...entry }: PutEventsRequestEntry) =>
  Time ? { ...entry, Time: Time.getTime() / 1000 } : entry;

interface Numbered {
  readonly entry: PutEventsRequestEntry;
  readonly index: number;
}

function inBatches(entries: readonly PutEventsRequestEntry[]): Numbered[][] {
  const batches: Numbered[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const [index, entry] of entries.entries()) {
    const size = sizeOf(entry);
    const batch = batches.at(-1);
    if (!batch || batch.length === mostEntries || bytes + size > mostBytes) {
      batches.push([{ entry, index }]);
      bytes = size;
    } else {
      batch.push({ entry, index });
      bytes += size;
    }
  }
  return batches;
}

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html: 14 bytes for the time, then the texts.
function sizeOf({ Source = '', DetailType = '', Detail = '' }: PutEventsRequestEntry): number {
  return 14 + Buffer.byteLength(Source) + Buffer.byteLength(DetailType) + Buffer.byteLength(Detail);
}
