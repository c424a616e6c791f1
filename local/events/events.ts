import { AwsError, type AwsService, type Place } from '../aws.ts';
import type { Backoff } from '../lambda/sources.ts';
import type { Store } from '../store.ts';
import { createApiCalls } from './api-calls.ts';
import { type ArchiveDefinition, managedRuleName, openArchives } from './archive.ts';
import { archiveActions } from './archive-actions.ts';
import { beginDelivery, type CallApi, type Deliver, type Delivery, type MayForward } from './delivery.ts';
import { fieldsOf } from './dotted.ts';
import {
  checkEntries,
  type EntryError,
  eventOf,
  type ServiceEvent,
  scheduledEvent,
  serviceEvent,
} from './event.ts';
import { disturbedBy, disturbedCalls, type EventFaults } from './faults.ts';
import { type Entry, notFound, requiredObject, requiredString } from './input.ts';
import { replayActions } from './replay-actions.ts';
import { openReplayStore } from './replay-store.ts';
import { createReplays } from './replays.ts';
import { createRetries } from './retries.ts';
import {
  compileRule,
  describeRule,
  managedRule,
  patternMatcher,
  type Rule,
  type RuleDefinition,
} from './rule.ts';
import { createSchedules } from './schedules.ts';
import { describeTarget } from './target.ts';

/**
 * Amazon EventBridge: buses whose rules deliver to queues, functions, log groups, APIs and other buses, on events and on
 * schedules, with archives and replays. Buses, rules and archives are made anew in each process; archived events,
 * replays, calls of APIs and deliveries to be tried again are in the store.
 */
export interface EventBridge {
  /** `PutEvents`, `TestEventPattern`, replays, and the actions that list and describe what there is. */
  readonly call: AwsService;
  createBus(name: string): { arn: string };
  /** Makes the rule, or replaces the one of its name; throws an `AwsError` for what cannot be deployed or run here. */
  putRule(rule: RuleDefinition): { arn: string };
  /** Makes the archive of the bus with this ARN, or replaces the one of its name; throws as `putRule` does. */
  putArchive(archive: Omit<ArchiveDefinition, 'busName'> & { readonly sourceArn: string }): { arn: string };
  /** Names of archives in the store that were not put in this process: no stack has them any more. */
  abandonedArchives(): string[];
  /** Puts an event of an AWS service on the default bus; durable with the `store.write` that surrounds the call. */
  emit(event: ServiceEvent): void;
  /** As `emit`, on the bus with this ARN; throws `ResourceNotFoundException`. */
  put(busArn: string, event: ServiceEvent): void;
  /** Whether `event` matches `pattern`, which is an object or its JSON text. */
  matches(pattern: object | string, event: object): boolean;
  /** Set in tests. */
  readonly faults: EventFaults;
  /** Lets schedules, retries and unfinished replays run, until `close`. */
  start(): void;
  /** Runs all schedules at once as if each were due `at`, in milliseconds since 1970: tests do not wait. */
  runSchedules(at: number): void;
  close(): void;
}

export interface EventBridgeOptions {
  readonly store: Store;
  readonly place: Place;
  readonly deliver: Deliver;
  /** Default: every rule may. */
  readonly mayForward?: MayForward;
  /** Default: there is no API. */
  readonly callApi?: CallApi;
  /** Waits between tries of a delivery; default: 200 ms, doubled up to one minute. */
  readonly backoff?: Backoff;
  /** Milliseconds since 1970; default: the system's clock. */
  readonly now?: () => number;
}

/** How often archives and replays are swept of what is too old. */
const SWEEP_INTERVAL = 3_600_000;
/** How long AWS remembers a replay. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-replay-archived-event.html */
const REPLAY_MEMORY = 90 * 86_400_000;

export function createEventBridge({
  store,
  place,
  deliver,
  mayForward = () => {},
  callApi = async (endpointArn) => {
    throw notFound(`GraphQL API ${endpointArn} does not exist.`);
  },
  backoff = { firstMilliseconds: 200, maxMilliseconds: 60_000 },
  now = Date.now,
}: EventBridgeOptions): EventBridge {
  const buses = new Map<string, Map<string, Rule>>([['default', new Map()]]);
  const arnOf = (resource: string) => `arn:aws:events:${place.region}:${place.accountId}:${resource}`;
  const busArn = (name: string) => arnOf(`event-bus/${name}`);
  const ruleArn = (busName: string, name: string) =>
    arnOf(busName === 'default' ? `rule/${name}` : `rule/${busName}/${name}`);
  const archiveArn = (name: string) => arnOf(`archive/${name}`);

  const archives = openArchives(store, now);
  const rulesIn = (busName: string) => buses.get(busName);
  const ruleIn = (busName: string, name: string) => rulesIn(busName)?.get(name);
  const faults: EventFaults = {};
  const retries = createRetries({
    store,
    backoff,
    ruleOf: ruleIn,
    deliver: (rule, target, event, tried) =>
      delivered((delivery) => delivery.retry(rule, target, event, tried)),
    now,
  });
  const apiCalls = createApiCalls({
    store,
    ruleOf: ruleIn,
    callApi: disturbedCalls(faults, callApi),
    failed: (call, error) => delivered((delivery) => delivery.fail(call, error)),
    now,
  });
  const begin = () =>
    beginDelivery({
      deliver: disturbedBy(faults, deliver),
      mayForward,
      rulesOf: rulesIn,
      keep: archives.keep,
      later: retries.later,
      callApi: apiCalls.add,
      now,
    });
  const replays = openReplayStore(store);
  const runner = createReplays({ store, archives, replays, begin, now });
  const schedules = createSchedules({
    store,
    now,
    run: (rule, at) => delivered((delivery) => delivery.run(rule, scheduledEvent(rule.arn, place, at))),
  });
  let sweeper: NodeJS.Timeout | undefined;

  function delivered<T>(give: (delivery: Delivery) => T): T {
    return store.write(() => {
      const delivery = begin();
      const result = give(delivery);
      delivery.end();
      return result;
    });
  }

  function busName(nameOrArn: unknown): string {
    const given = typeof nameOrArn === 'string' ? nameOrArn : 'default';
    return given.startsWith(busArn('')) ? given.slice(busArn('').length) : given;
  }

  function rulesOf(nameOrArn: unknown): Map<string, Rule> {
    const name = busName(nameOrArn);
    const rules = buses.get(name);
    if (!rules) throw notFound(`Event bus ${name} does not exist.`);
    return rules;
  }

  function ruleOf(input: Entry, name: unknown): Rule {
    const rule = rulesOf(input.EventBusName).get(String(name));
    if (!rule) throw notFound(`Rule ${name} does not exist on EventBus ${busName(input.EventBusName)}.`);
    return rule;
  }

  /** An entry for a bus that does not exist is answered like any other and goes nowhere, as on AWS. */
  function putEvents(input: Entry): object {
    const entries = checkEntries(input.Entries);
    const results = delivered((delivery) =>
      entries.map((entry): EntryError | { EventId: string } => {
        const event = eventOf(entry, place, now());
        if ('ErrorCode' in event) return event;
        delivery.publish(busName(entry.EventBusName), event);
        return { EventId: event.id };
      }),
    );
    return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
  }

  function testEventPattern(input: Entry): object {
    const matches = patternMatcher(requiredString(input, 'EventPattern'));
    return { Result: matches(fieldsOf(requiredObject(input, 'Event'))) };
  }

  const describeBus = (name: string) => ({ Name: name, Arn: busArn(name) });

  const prefixed = (input: Entry) => (name: string) => name.startsWith(String(input.NamePrefix ?? ''));

  const actions: Readonly<Record<string, (input: Entry) => object>> = {
    PutEvents: putEvents,
    TestEventPattern: testEventPattern,
    ListEventBuses: (input) => ({ EventBuses: [...buses.keys()].filter(prefixed(input)).map(describeBus) }),
    DescribeEventBus(input) {
      rulesOf(input.Name);
      return describeBus(busName(input.Name));
    },
    ListRules: (input) => ({
      Rules: [...rulesOf(input.EventBusName).values()]
        .filter(({ name }) => prefixed(input)(name))
        .map(describeRule),
    }),
    DescribeRule: (input) => describeRule(ruleOf(input, input.Name)),
    ListTargetsByRule: (input) => ({
      Targets: ruleOf(input, input.Rule).targets.map(({ definition }) => describeTarget(definition)),
    }),
    ...archiveActions({ archives, archiveArn, busArn }),
    ...replayActions({ archives, replays, runner, rulesOf: rulesIn, arnOf, now }),
  };

  function sweep(): void {
    archives.sweep();
    replays.forgetBefore(now() - REPLAY_MEMORY);
  }

  return {
    call(action, input) {
      const run = Object.hasOwn(actions, action) ? actions[action] : undefined;
      if (!run)
        throw new AwsError('UnknownOperationException', `The EventBridge action ${action} is not run here.`);
      return run(input);
    },
    createBus(name) {
      if (!buses.has(name)) buses.set(name, new Map());
      return { arn: busArn(name) };
    },
    putRule(definition) {
      const bus = busName(definition.busName);
      const rule = compileRule({ ...definition, busName: bus }, ruleArn(bus, definition.name), place);
      rulesOf(bus).set(rule.name, rule);
      schedules.put(rule);
      return { arn: rule.arn };
    },
    putArchive({ sourceArn, ...definition }) {
      const rules = rulesOf(sourceArn);
      const former = archives.byName(definition.name);
      const archive = archives.put({ ...definition, busName: busName(sourceArn) });
      if (former) buses.get(former.busName)?.delete(managedRuleName(former.name));
      const rule = managedRule(archive, ruleArn(archive.busName, managedRuleName(archive.name)));
      rules.set(rule.name, rule);
      return { arn: archiveArn(archive.name) };
    },
    abandonedArchives: archives.abandoned,
    emit(event) {
      delivered((delivery) => delivery.publish('default', serviceEvent(event, place, now())));
    },
    put(busArn, event) {
      rulesOf(busArn);
      delivered((delivery) => delivery.publish(busName(busArn), serviceEvent(event, place, now())));
    },
    matches: (pattern, event) =>
      patternMatcher(typeof pattern === 'string' ? pattern : JSON.stringify(pattern))(fieldsOf(event)),
    faults,
    start() {
      sweep();
      sweeper = setInterval(sweep, SWEEP_INTERVAL).unref();
      schedules.start();
      retries.start();
      apiCalls.start();
      runner.start();
    },
    runSchedules: schedules.runAll,
    close() {
      clearInterval(sweeper);
      schedules.close();
      retries.close();
      apiCalls.close();
      runner.close();
    },
  };
}
