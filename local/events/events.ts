import { AwsError, type AwsService, type Place } from '../aws.ts';
import type { MessageAttributes } from '../sqs/message.ts';
import type { Store } from '../store.ts';
import { deadLetterAttributes } from './dead-letter.ts';
import {
  type BusEvent,
  checkEntries,
  type Entry,
  type EntryError,
  eventOf,
  type ServiceEvent,
  serviceEvent,
  toSecond,
} from './event.ts';
import { isObject } from './leaf.ts';
import {
  compileRule,
  describeRule,
  describeTarget,
  patternMatcher,
  type Rule,
  type RuleDefinition,
  type Target,
} from './rule.ts';

/** Amazon EventBridge: custom buses whose rules deliver to queues. Buses and rules live as long as the process. */
export interface EventBridge {
  /** `PutEvents`, `TestEventPattern`, and the actions that list and describe buses, rules and targets. */
  readonly call: AwsService;
  createBus(name: string): { arn: string };
  /** Makes the rule, or replaces the one of its name; throws an `AwsError` for what cannot be deployed or run here. */
  putRule(rule: RuleDefinition): { arn: string };
  /** Puts an event of an AWS service on the default bus; durable with the `store.write` that surrounds the call. */
  emit(event: ServiceEvent): void;
  /** Whether `event` matches `pattern`, which is an object or its JSON text. */
  matches(pattern: object | string, event: object): boolean;
}

/**
 * Hands a message to a queue inside the `store.write` of `PutEvents`. It throws an `AwsError` when the queue does not
 * take it; the message then goes to the dead-letter queue of the rule's target. `ruleArn` is the `aws:SourceArn`.
 */
export type Deliver = (
  queueArn: string,
  body: string,
  options: { readonly ruleArn: string; readonly attributes?: MessageAttributes },
) => void;

export interface EventBridgeOptions {
  readonly store: Store;
  readonly place: Place;
  readonly deliver: Deliver;
  /** Milliseconds since 1970; default: the system's clock. */
  readonly now?: () => number;
}

export function createEventBridge({
  store,
  place,
  deliver,
  now = Date.now,
}: EventBridgeOptions): EventBridge {
  const buses = new Map<string, Map<string, Rule>>([['default', new Map()]]);
  const arnOf = (resource: string) => `arn:aws:events:${place.region}:${place.accountId}:${resource}`;
  const busArn = (name: string) => arnOf(`event-bus/${name}`);
  const ruleArn = (busName: string, name: string) =>
    arnOf(busName === 'default' ? `rule/${name}` : `rule/${busName}/${name}`);

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

  function deliverTo(target: Target, rule: Rule, event: BusEvent, json: string, ingestionTime: string): void {
    const { arn, deadLetterArn } = target.definition;
    try {
      const body = target.transform(event, json, { ruleArn: rule.arn, ruleName: rule.name, ingestionTime });
      deliver(arn, body, { ruleArn: rule.arn });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (deadLetterArn === undefined) return;
      bury(deadLetterArn, json, rule.arn, deadLetterAttributes(rule.arn, arn, error));
    }
  }

  /** As on AWS, what the dead-letter queue does not take either is dropped. */
  function bury(queueArn: string, json: string, ruleArn: string, attributes: MessageAttributes): void {
    try {
      deliver(queueArn, json, { ruleArn, attributes });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
    }
  }

  function publish(rules: Map<string, Rule>, event: BusEvent): void {
    let json: string | undefined;
    for (const rule of rules.values()) {
      if (!rule.enabled || !rule.matches(event)) continue;
      json ??= JSON.stringify(event);
      for (const target of rule.targets) deliverTo(target, rule, event, json, toSecond(now()));
    }
  }

  /** An entry for a bus that does not exist is answered like any other and goes nowhere, as on AWS. */
  function putEvents(input: Entry): object {
    const entries = checkEntries(input.Entries);
    const results = store.write(() =>
      entries.map((entry): EntryError | { EventId: string } => {
        const event = eventOf(entry, place, now());
        if ('ErrorCode' in event) return event;
        const rules = buses.get(busName(entry.EventBusName));
        if (rules) publish(rules, event);
        return { EventId: event.id };
      }),
    );
    return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
  }

  function testEventPattern(input: Entry): object {
    const matches = patternMatcher(requiredString(input, 'EventPattern'));
    const event = parseEvent(requiredString(input, 'Event'));
    return { Result: matches(event) };
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
  };

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
      const rule = compileRule({ ...definition, busName: bus }, ruleArn(bus, definition.name));
      rulesOf(bus).set(rule.name, rule);
      return { arn: rule.arn };
    },
    emit(event) {
      store.write(() => publish(rulesOf('default'), serviceEvent(event, place, now())));
    },
    matches: (pattern, event) =>
      patternMatcher(typeof pattern === 'string' ? pattern : JSON.stringify(pattern))(event),
  };
}

function requiredString(input: Entry, name: string): string {
  const value = input[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new AwsError(
    'ValidationException',
    `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
  );
}

function parseEvent(text: string): object {
  try {
    const event: unknown = JSON.parse(text);
    if (isObject(event)) return event;
  } catch {
    // Reported below like every other text that is no object.
  }
  throw new AwsError(
    'ValidationException',
    'Parameter Event is not valid. Reason: it must be a JSON object.',
  );
}

function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message);
}
