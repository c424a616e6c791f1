import type { CloudOptions } from '../../local/cloud.ts';
import type { HeardCall } from '../../local/gateway/heard.ts';
import type { Decision } from '../../local/iam/access.ts';
import type { Entry } from './usage.ts';

type Options = Required<CloudOptions>;
type Hooks = { readonly [Name in 'hear' | 'observe' | 'record']: NonNullable<Options[Name]> };

/** Counts what the functions of a cloud use: its `hooks` are options of the cloud. */
export interface Meter {
  readonly hooks: Hooks;
  /** What was used since the last time it was asked, by the functions' names in the cloud. */
  take(): Entry[];
  /** Grows with everything that happens in the cloud, and is still while nothing does. */
  moves(): number;
  /** How often something was used since the start. */
  total(what: Entry['what'], by?: string): number;
  /** The sequence number of the last stream record that a function got; undefined before there was one. */
  lastRecord(): string | undefined;
}

interface Capacity {
  readonly CapacityUnits: number;
}

/** The function in whose session something was asked; undefined for the administrator and others. */
const functionIn = (arn: string): string | undefined => /:assumed-role\/[^/]+\/(.+)$/.exec(arn)?.[1];

/** What a function asked of an AWS API; nothing when the administrator did. */
export function entriesOfCall({ service, action, input, answer, caller }: HeardCall): Entry[] {
  const by = functionIn(caller.arn);
  if (by === undefined) return [];
  if (service === 'dynamodb') {
    const { ConsumedCapacity = [] } = answer as { readonly ConsumedCapacity?: Capacity | Capacity[] };
    const amount = [ConsumedCapacity].flat().reduce((sum, { CapacityUnits }) => sum + CapacityUnits, 0);
    return amount > 0 ? [{ by, what: /Get|Query|Scan/.test(action) ? 'read' : 'write', amount }] : [];
  }
  if (action !== 'PutEvents') return [];
  const buses = (input.Entries as readonly { readonly EventBusName: string }[]).map(
    (one) => one.EventBusName,
  );
  return buses.map((bus) => ({ by, what: bus.includes('-partner-') ? 'shared' : 'published', amount: 1 }));
}

/** What IAM was asked for beside the calls of JSON services. */
export function entriesOfDecision({ principal, action, resource, allowed }: Decision): Entry[] {
  if (!allowed) return [];
  if (principal.kind === 'service' && action === 'sqs:SendMessage') {
    return [{ by: /Lifecycle/.test(resource) ? 'lifecycle' : 'bus', what: 'message', amount: 1 }];
  }
  const by = principal.kind === 'session' ? functionIn(principal.sessionArn) : undefined;
  if (by === undefined) return [];
  if (action === 'appsync:GraphQL' && /\/Mutation\//.test(resource))
    return [{ by, what: 'signal', amount: 1 }];
  return action === 'ses:SendEmail' && /:identity\//.test(resource) ? [{ by, what: 'mail', amount: 1 }] : [];
}

interface Event {
  readonly Records?: readonly { readonly dynamodb?: { readonly SequenceNumber: string } }[];
}

/** @param relayed the last stream record that the relay got before */
export function createMeter(relayed?: string): Meter {
  const all: Entry[] = [];
  let taken = 0;
  let moves = 0;
  let last = relayed;

  function note(entries: readonly Entry[]): void {
    moves++;
    all.push(...entries);
  }

  return {
    hooks: {
      hear: (call) => {
        const entries = entriesOfCall(call);
        if (entries.length > 0) note(entries);
      },
      record: (decision) => {
        const entries = entriesOfDecision(decision);
        if (entries.length > 0) note(entries);
      },
      observe(functionName, { event }) {
        const { Records } = JSON.parse(event) as Event;
        last = Records?.at(-1)?.dynamodb?.SequenceNumber ?? last;
        note([{ by: functionName, what: 'delivery', amount: Records?.length ?? 1 }]);
      },
    },
    take() {
      const entries = all.slice(taken);
      taken = all.length;
      return entries;
    },
    moves: () => moves,
    total: (what, by) =>
      all
        .filter((entry) => entry.what === what && (by === undefined || entry.by === by))
        .reduce((sum, { amount }) => sum + amount, 0),
    lastRecord: () => last,
  };
}
