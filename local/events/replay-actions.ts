import { AwsError } from '../aws.ts';
import { type Archives, MINUTE } from './archive.ts';
import { filtered } from './archive-actions.ts';
import { type Entry, invalidParameter, notFound, requiredString, requiredTime } from './input.ts';
import { isObject } from './leaf.ts';
import type { Replay, ReplayStore } from './replay-store.ts';
import { isActive, nameIn, type Replays } from './replays.ts';
import type { Rule } from './rule.ts';

export interface ReplayActionsOptions {
  readonly archives: Archives;
  readonly replays: ReplayStore;
  readonly runner: Pick<Replays, 'run'>;
  readonly rulesOf: (busName: string) => ReadonlyMap<string, Rule> | undefined;
  /** `arn:aws:events:<region>:<account>:<resource>` */
  readonly arnOf: (resource: string) => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-replay-archived-event.html */
const MOST_ACTIVE = 10;

/** The actions on replays, by name. */
export function replayActions(options: ReplayActionsOptions): Record<string, (input: Entry) => object> {
  const { archives, replays, runner, rulesOf, arnOf, now } = options;
  const replayArn = (name: string) => arnOf(`replay/${name}`);

  function archiveIn(input: Entry) {
    const arn = requiredString(input, 'EventSourceArn');
    if (!arn.startsWith(arnOf('archive/'))) {
      throw invalidParameter('EventSourceArn', 'Must contain an archive ARN');
    }
    const archive = archives.byName(nameIn(arn));
    if (!archive) throw notFound(`Archive ${nameIn(arn)} does not exist.`);
    return archive;
  }

  function destinationOf(input: Entry, sourceBus: string): Pick<Replay, 'busArn' | 'filterArns'> {
    const destination = isObject(input.Destination) ? input.Destination : {};
    const busArn = requiredString(destination, 'Arn');
    if (!busArn.startsWith(arnOf('event-bus/'))) {
      throw invalidParameter('Destination.Arn', 'Must contain an event bus ARN');
    }
    const rules = rulesOf(nameIn(busArn));
    if (!rules) throw notFound(`Event bus ${nameIn(busArn)} does not exist.`);
    if (nameIn(busArn) !== sourceBus) {
      throw invalidParameter('Destination.Arn', 'Cross event bus replay is not permitted');
    }
    const filterArns = Array.isArray(destination.FilterArns) ? destination.FilterArns.map(String) : [];
    const known = new Set([...rules.values()].map(({ arn }) => arn));
    const unknown = filterArns.find((arn) => !known.has(arn));
    if (unknown !== undefined) {
      throw invalidParameter('Destination.FilterArns', `${unknown} is no rule of the event bus`);
    }
    return { busArn, filterArns: filterArns.length > 0 ? filterArns : undefined };
  }

  function newReplay(input: Entry): Replay {
    const name = requiredString(input, 'ReplayName');
    if (!/^[\w.-]{1,64}$/.test(name)) {
      throw invalidParameter('ReplayName', `'${name}' must be 1 to 64 of letters, digits, '.', '-', '_'`);
    }
    const archive = archiveIn(input);
    const destination = destinationOf(input, archive.busName);
    const [from, to] = [requiredTime(input, 'EventStartTime'), requiredTime(input, 'EventEndTime')];
    if (from >= to) throw invalidParameter('EventEndTime', 'EventStartTime must be before EventEndTime');
    return {
      name,
      archiveArn: arnOf(`archive/${archive.name}`),
      ...destination,
      description: typeof input.Description === 'string' ? input.Description : undefined,
      from,
      to,
      through: archives.newest(),
      startedAt: now(),
      endedAt: undefined,
      state: 'STARTING',
      position: { minute: Math.floor(from / MINUTE), seq: 0 },
      lastReplayed: undefined,
    };
  }

  function startReplay(input: Entry): object {
    const replay = newReplay(input);
    if (replays.byName(replay.name)) {
      throw new AwsError('ResourceAlreadyExistsException', `Replay ${replay.name} already exists.`);
    }
    if (replays.all().filter(isActive).length >= MOST_ACTIVE) {
      throw new AwsError('LimitExceededException', `At most ${MOST_ACTIVE} replays run at a time.`);
    }
    replays.put(replay);
    runner.run(replay.name);
    return {
      ReplayArn: replayArn(replay.name),
      State: replay.state,
      ReplayStartTime: replay.startedAt / 1000,
    };
  }

  function existing(input: Entry): Replay {
    const name = requiredString(input, 'ReplayName');
    const replay = replays.byName(name);
    if (!replay) throw notFound(`Replay ${name} does not exist.`);
    return replay;
  }

  return {
    StartReplay: startReplay,
    DescribeReplay(input) {
      const replay = existing(input);
      const { name, busArn, filterArns, description } = replay;
      return {
        ReplayArn: replayArn(name),
        ...(description !== undefined && { Description: description }),
        Destination: { Arn: busArn, ...(filterArns && { FilterArns: filterArns }) },
        ...shortOf(replay),
      };
    },
    ListReplays: (input) => ({ Replays: filtered(input, 'ReplayName', replays.all().map(shortOf)) }),
    CancelReplay(input) {
      const replay = existing(input);
      if (replay.state !== 'STARTING' && replay.state !== 'RUNNING') {
        throw new AwsError(
          'IllegalStatusException',
          `Replay ${replay.name} is not in a valid state for this operation: it is ${replay.state}.`,
        );
      }
      replays.put({ ...replay, state: 'CANCELLING' });
      return { ReplayArn: replayArn(replay.name), State: 'CANCELLING' };
    },
  };
}

function shortOf(replay: Replay): Record<string, unknown> {
  return {
    ReplayName: replay.name,
    EventSourceArn: replay.archiveArn,
    State: replay.state,
    EventStartTime: replay.from / 1000,
    EventEndTime: replay.to / 1000,
    ReplayStartTime: replay.startedAt / 1000,
    ...(replay.endedAt !== undefined && { ReplayEndTime: replay.endedAt / 1000 }),
    ...(replay.lastReplayed !== undefined && { EventLastReplayedTime: replay.lastReplayed / 1000 }),
  };
}
