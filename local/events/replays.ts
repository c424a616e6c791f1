import type { Store } from '../store.ts';
import { type Archives, MINUTE } from './archive.ts';
import type { Delivery } from './delivery.ts';
import type { BusEvent } from './event.ts';
import type { Replay, ReplayStore } from './replay-store.ts';

/** Brings archived events back, in the background, as long as the process runs. */
export interface Replays {
  /** Lets a replay that was put into the store run. */
  run(name: string): void;
  /** Goes on with those that the last process left unfinished. */
  start(): void;
  close(): void;
}

export interface ReplaysOptions {
  readonly store: Store;
  readonly archives: Archives;
  readonly replays: ReplayStore;
  readonly begin: () => Delivery;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Groups of events that one commit brings back; between two of them, other requests are answered. */
const GROUPS = 10;

export const isActive = ({ state }: Replay) =>
  state === 'STARTING' || state === 'RUNNING' || state === 'CANCELLING';

/** Events come back minute by minute of their time; where a replay stands is part of the commit that delivers them. */
export function createReplays({ store, archives, replays, begin, now }: ReplaysOptions): Replays {
  let closed = false;

  /** The replay after the next groups of events. */
  function advance(replay: Replay): Replay {
    if (replay.state === 'CANCELLING') return { ...replay, state: 'CANCELLED', endedAt: now() };
    const archive = archives.byName(nameIn(replay.archiveArn));
    if (!archive) return { ...replay, state: 'FAILED', endedAt: now() };
    const busName = nameIn(replay.busArn);
    const passage = { only: replay.filterArns && new Set(replay.filterArns) };
    const delivery = begin();
    let { position, lastReplayed } = replay;
    for (let groups = 0; groups < GROUPS; groups++) {
      const group = archives.next(archive, position, Math.floor(replay.to / MINUTE), replay.through);
      if (!group) {
        delivery.end();
        return { ...replay, position, lastReplayed, state: 'COMPLETED', endedAt: now() };
      }
      position = { minute: group.minute, seq: group.seq };
      for (const event of JSON.parse(group.events) as BusEvent[]) {
        const time = Date.parse(event.time);
        if (time < replay.from || time > replay.to) continue;
        delivery.publish(busName, { ...event, 'replay-name': replay.name }, passage);
        lastReplayed = time;
      }
    }
    delivery.end();
    return { ...replay, position, lastReplayed, state: 'RUNNING' };
  }

  function step(name: string): void {
    const replay = closed ? undefined : replays.byName(name);
    if (!replay || !isActive(replay)) return;
    store.write(() => replays.put(advance(replay)));
    setImmediate(step, name);
  }

  return {
    run: (name) => void setImmediate(step, name),
    start() {
      for (const replay of replays.all().filter(isActive)) setImmediate(step, replay.name);
    },
    close() {
      closed = true;
    },
  };
}

/** What stands behind the last slash of an ARN. */
export function nameIn(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
