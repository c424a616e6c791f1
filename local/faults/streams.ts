import type { StreamRecord, Streams } from '../lambda/sources.ts';

export interface StreamFaults {
  /** Asked when there are new records: `true` lets the ones of the look before come with them again. */
  repeats?: () => boolean;
}

interface Look {
  readonly after: string;
  readonly records: readonly StreamRecord[];
  /** What the look before gave. */
  readonly before: readonly StreamRecord[];
}

/** Streams whose readers may get records again, as when Lambda lost what it knew of a batch that was done. */
export function repeatingStreams(streams: Streams, faults: StreamFaults): Streams {
  const looks = new Map<string, Look>();
  return {
    onStream: streams.onStream,
    readStream(streamArn, after, limit) {
      const read = streams.readStream(streamArn, after, limit);
      if (read.records.length === 0) return read;
      const last = looks.get(streamArn);
      const before = last?.after === after ? last.before : (last?.records ?? []);
      looks.set(streamArn, { after, records: read.records, before });
      const follows = before.at(-1)?.dynamodb.SequenceNumber === after;
      if (!follows || !faults.repeats?.()) return read;
      return { ...read, records: [...before, ...read.records].slice(-limit) };
    },
  };
}
