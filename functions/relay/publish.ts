import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { putEvents } from '../runtime/put-events.ts';

/** A bus entry and the stream record that it comes from. */
export interface RelayedEntry {
  readonly entry: PutEventsRequestEntry;
  readonly sequenceNumber: string;
}

/** What became of entries that were not taken, by the sequence numbers of their records. */
export interface Untaken {
  /** To be tried again. */
  readonly failed: ReadonlySet<string>;
  /** Never to be taken as they are, and why. */
  readonly refused: ReadonlyMap<string, string>;
}

/** Puts entries on the bus, in order, in as few calls as the limits allow. */
export async function publish(entries: readonly RelayedEntry[]): Promise<Untaken> {
  const failed = new Set<string>();
  const refused = new Map<string, string>();
  for (const { index, reason, hopeless } of await putEvents(entries.map(({ entry }) => entry))) {
    const sequenceNumber = entries[index]?.sequenceNumber ?? '';
    if (hopeless) refused.set(sequenceNumber, reason);
    else failed.add(sequenceNumber);
  }
  return { failed, refused };
}
