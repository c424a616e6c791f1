import type { Store } from '../store.ts';
import type { ArchivePosition } from './archive.ts';

export type ReplayState = 'STARTING' | 'RUNNING' | 'CANCELLING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';

/** A replay and how far it has come. Times are in milliseconds since 1970. */
export interface Replay {
  readonly name: string;
  readonly archiveArn: string;
  readonly busArn: string;
  /** The rules that get the events; all of the bus when undefined. */
  readonly filterArns: readonly string[] | undefined;
  readonly description: string | undefined;
  /** Events of this time and later, up to and with `to`. */
  readonly from: number;
  readonly to: number;
  /** The newest group of events when it started. */
  readonly through: number;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  readonly state: ReplayState;
  readonly position: ArchivePosition;
  /** The time of the last event that came back. */
  readonly lastReplayed: number | undefined;
}

/** Replays, each kept whole under its name. */
export interface ReplayStore {
  byName(name: string): Replay | undefined;
  all(): Replay[];
  put(replay: Replay): void;
  /** Forgets those that ended before `time`. */
  forgetBefore(time: number): void;
}

export function openReplayStore(store: Store): ReplayStore {
  store.db.exec('CREATE TABLE IF NOT EXISTS events_replays (name TEXT PRIMARY KEY, replay TEXT NOT NULL)');
  const one = store.db.prepare('SELECT replay FROM events_replays WHERE name = ?');
  const every = store.db.prepare('SELECT replay FROM events_replays ORDER BY name');
  const replace = store.db.prepare('INSERT OR REPLACE INTO events_replays VALUES (?, ?)');
  const forget = store.db.prepare("DELETE FROM events_replays WHERE replay ->> 'endedAt' < ?");
  const read = (row: unknown) => JSON.parse((row as { replay: string }).replay) as Replay;
  return {
    byName(name) {
      const row = one.get(name);
      return row && read(row);
    },
    all: () => every.all().map(read),
    put(replay) {
      store.write(() => replace.run(replay.name, JSON.stringify(replay)));
    },
    forgetBefore(time) {
      store.write(() => forget.run(time));
    },
  };
}
