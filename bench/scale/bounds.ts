import type { Setup } from './setup.ts';
import type { Work } from './work.ts';

/** A step on the way of what is done: the request, the relay, the bus, or a consumer by its name. */
export type Stage = string;

/** Something that bears only so much in a second. */
export interface Bound {
  /** What it is, for who makes it vary: `tableReads`, or the name of a consumer for its batches. */
  readonly key: string;
  readonly name: string;
  /** In units of its own. */
  readonly perSecond: number;
  /** What one thing done takes of it, at each stage. */
  readonly draws: Readonly<Partial<Record<Stage, number>>>;
  /** What is done about it. */
  readonly remedy: 'ask AWS' | 'a setting' | 'the design' | 'none';
}

/** Events of one call of PutEvents, at most. */
const EVENTS_OF_A_CALL = 10;

/** Parts of the index of what falls due. */
const DUE_SHARDS = 16;

/** Seconds that the relay works on a full batch: it puts its events in one call after the other. */
export function relaySeconds({ records, events }: Work, { relay, assumptions }: Setup): number {
  const eventsOfABatch = records === 0 ? 0 : (relay.batchSize * events) / records;
  const calls = Math.ceil(eventsOfABatch / EVENTS_OF_A_CALL);
  return (calls * assumptions.putEventsMilliseconds + assumptions.relayMilliseconds) / 1000;
}

const batchSeconds = ({ assumptions }: Setup, consumer: string): number =>
  (assumptions.batchMilliseconds[consumer] ?? assumptions.requestMilliseconds) / 1000;

/** All that bounds a kind of work. */
export function boundsOf(work: Work, setup: Setup): Bound[] {
  const { consumers, relay, shards, assumptions } = setup;
  const named = Object.entries(work.deliveries).filter(([name]) => consumers[name]);
  const sharing = work.deliveries['partner-sharing'] ?? 0;
  // Sharing reads the agreements, which lie in a partition of their own, once for a batch; measured is one for each event.
  const agreementReads = sharing / (consumers['partner-sharing']?.batchSize ?? 1);
  const elsewhere = (kind: 'read' | 'write', name: string) => {
    if (kind === 'write' || name !== 'partner-sharing') return 0;
    return setup.oneCustomer ? sharing : sharing - agreementReads;
  };
  const unitsOf = (kind: 'read' | 'write') => ({
    request: work.request[kind],
    ...Object.fromEntries(
      Object.entries(work.units).map(([name, units]) => [name, units[kind] - elsewhere(kind, name)]),
    ),
  });
  const executions = named.map(([name, deliveries]): [string, number] => [
    name,
    (deliveries / (consumers[name]?.batchSize ?? 1)) * batchSeconds(setup, name),
  ]);
  const scoring = work.deliveries.scoring ?? 0;
  const place = setup.oneCustomer ? "the customer's partition" : 'the table';
  const all: Bound[] = [
    {
      key: 'appsyncTokens',
      name: 'AppSync: request tokens',
      perSecond: setup.appsyncTokens,
      draws: { request: work.requests, 'live-updates': work.signals },
      remedy: 'ask AWS',
    },
    {
      key: 'lambdaConcurrency',
      name: 'Lambda: executions at once',
      perSecond: setup.lambdaConcurrency,
      draws: {
        request: work.answers * answerSeconds(work, setup),
        relay: (work.records / relay.batchSize) * relaySeconds(work, setup),
        ...Object.fromEntries(executions),
      },
      remedy: 'ask AWS',
    },
    {
      key: 'tableReads',
      name: `DynamoDB: reads of ${place}`,
      perSecond: setup.tableReads,
      draws: unitsOf('read'),
      remedy: 'ask AWS',
    },
    {
      key: 'tableWrites',
      name: `DynamoDB: writes of ${place}`,
      perSecond: setup.tableWrites,
      draws: unitsOf('write'),
      remedy: 'ask AWS',
    },
    {
      key: 'dueIndex',
      name: 'DynamoDB: the index of what falls due, 16 shards',
      perSecond: DUE_SHARDS * setup.partitionWrites,
      draws: { scoring },
      remedy: 'the design',
    },
    {
      key: 'agreements',
      name: 'DynamoDB: the one partition of the agreements',
      perSecond: setup.partitionReads,
      draws: { 'partner-sharing': agreementReads },
      remedy: 'the design',
    },
    {
      key: 'orderStates',
      name: 'DynamoDB: the one partition of the orders in a state',
      perSecond: setup.partitionWrites,
      draws: { request: work.orders * Math.ceil(assumptions.kilobytesOfAnOrder) },
      remedy: 'the design',
    },
    {
      key: 'relay',
      name: 'the relay: batches of all shards',
      perSecond: (shards * relay.parallelization * relay.batchSize) / relaySeconds(work, setup),
      draws: { relay: work.records },
      remedy: 'a setting',
    },
    {
      key: 'putEvents',
      name: 'EventBridge: calls of PutEvents',
      perSecond: setup.putEvents,
      draws: { relay: work.events / EVENTS_OF_A_CALL },
      remedy: 'ask AWS',
    },
    {
      key: 'eventInvocations',
      name: 'EventBridge: matched events',
      perSecond: setup.eventInvocations,
      draws: { bus: work.messages },
      remedy: 'ask AWS',
    },
    ...named.map(([name, deliveries]) => ({
      key: name,
      name: `${name}: batches at once`,
      perSecond:
        ((consumers[name]?.concurrency ?? 1) * (consumers[name]?.batchSize ?? 1)) / batchSeconds(setup, name),
      draws: { [name]: deliveries },
      remedy: 'a setting' as const,
    })),
    {
      key: 'mails',
      name: 'SES: mails',
      perSecond: setup.mails,
      draws: { notification: work.mails },
      remedy: 'ask AWS',
    },
  ];
  return all.filter(({ draws }) => drawnIn(draws) > 0);

  function answerSeconds({ requests }: Work, { assumptions: { requestMilliseconds } }: Setup): number {
    const rows = 1 / requests;
    return Math.max(requestMilliseconds, rows > 1 ? rows * assumptions.rowMilliseconds : 0) / 1000;
  }
}

const drawnIn = (draws: Bound['draws']): number =>
  Object.values(draws).reduce<number>((sum, amount) => sum + (amount ?? 0), 0);

/** How much of a kind of work a bound bears in a second, all stages together. */
export const bearsOf = ({ perSecond, draws }: Bound): number => perSecond / drawnIn(draws);

/** The bounds of a kind of work, the tightest first. */
export const tightestFirst = (work: Work, setup: Setup): Bound[] =>
  boundsOf(work, setup).sort((a, b) => bearsOf(a) - bearsOf(b));
