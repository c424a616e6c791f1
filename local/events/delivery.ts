import { AwsError } from '../aws.ts';
import type { MessageAttributes } from '../sqs/message.ts';
import type { ArchivedEvent } from './archive.ts';
import { deadLetterAttributes, type Exhausted, isRetriable } from './dead-letter.ts';
import { fieldsOf } from './dotted.ts';
import type { BusEvent } from './event.ts';
import type { Failed, Tried } from './retries.ts';
import { contextOf, type Rule } from './rule.ts';
import type { Target } from './target.ts';

/**
 * Hands a message to a queue, a function or a log group inside the `store.write` of `PutEvents`. It throws an `AwsError`
 * when it is not taken; the message is then tried again, or goes to the dead-letter queue of the rule's target. `ruleArn`
 * is the `aws:SourceArn`.
 */
export type Deliver = (
  targetArn: string,
  body: string,
  options: { readonly ruleArn: string; readonly attributes?: MessageAttributes },
) => void;

/** How an event came to a bus. */
export interface Passage {
  /**
   * It came from another bus: its rules do not send it to a further one
   * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-bus-to-bus.html).
   */
  readonly forwarded?: boolean;
  /** The ARNs of the rules that get it; all when left out. */
  readonly only?: ReadonlySet<string> | undefined;
}

/** Runs a mutation of an API with a role; rejects with an `AwsError` when it has failed. */
export type CallApi = (
  endpointArn: string,
  request: { readonly query: string; readonly variables: Readonly<Record<string, unknown>> },
  as: { readonly roleArn: string; readonly ruleArn: string },
) => Promise<void>;

/** Lets a rule put events on another bus, or throws an `AwsError`; the event then goes to the dead-letter queue. */
export type MayForward = (
  busName: string,
  event: BusEvent,
  as: { readonly roleArn: string | undefined; readonly ruleArn: string },
) => void;

export interface DeliveryOptions {
  readonly deliver: Deliver;
  readonly mayForward: MayForward;
  readonly rulesOf: (busName: string) => ReadonlyMap<string, Rule> | undefined;
  readonly keep: (events: readonly ArchivedEvent[]) => void;
  /** Keeps a delivery that failed for the moment for later, or says why there is no later. */
  readonly later: (failed: Failed) => Exhausted | undefined;
  /** Keeps a delivery to an API, which takes its time. */
  readonly callApi: (call: Failed) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** One delivery of events, inside of one `store.write`; `end` keeps what archives are to keep. */
export interface Delivery {
  /** Gives an event to the rules of a bus. A bus that does not exist takes it and loses it, as on AWS. */
  publish(busName: string, event: BusEvent, passage?: Passage): void;
  /** Gives an event to the targets of one rule, whatever its pattern says. */
  run(rule: Rule, event: BusEvent): void;
  /** Gives an event that a target did not take to it once more. */
  retry(rule: Rule, target: Target, event: BusEvent, tried: Tried): void;
  /** Keeps what a target did not take for later, or gives it up. */
  fail(delivery: Failed, error: AwsError): void;
  end(): void;
}

export function beginDelivery(options: DeliveryOptions): Delivery {
  const { deliver, mayForward, rulesOf, keep, later, callApi, now } = options;
  const archived: ArchivedEvent[] = [];

  function publish(busName: string, event: BusEvent, passage: Passage = {}, text?: string): void {
    let json = text;
    const fields = fieldsOf(event);
    for (const rule of rulesOf(busName)?.values() ?? []) {
      if (!rule.enabled || passage.only?.has(rule.arn) === false || !rule.matches(fields)) continue;
      json ??= JSON.stringify(event);
      if (rule.archive) archived.push({ archive: rule.archive, time: event.time, json });
      runTargets(rule, event, json, passage);
    }
  }

  function runTargets(rule: Rule, event: BusEvent, json: string, passage: Passage): void {
    for (const target of rule.targets) deliverTo(target, rule, event, json, passage);
  }

  function deliverTo(
    target: Target,
    rule: Rule,
    event: BusEvent,
    json: string,
    passage: Passage,
    tried?: Tried,
  ): void {
    const { arn, roleArn } = target.definition;
    try {
      if (target.operation !== undefined) {
        callApi({ rule, target, json, tried });
        return;
      }
      if (target.busName !== undefined) {
        if (passage.forwarded) return;
        mayForward(target.busName, event, { roleArn, ruleArn: rule.arn });
        forward(target.busName, event, json);
        return;
      }
      const input = target.transform(event, json, contextOf(rule, now()));
      deliver(arn, input, { ruleArn: rule.arn });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      fail({ rule, target, json, tried }, error);
    }
  }

  function fail(delivery: Failed, error: AwsError): void {
    const { rule, target, json } = delivery;
    const { arn, deadLetterArn } = target.definition;
    const exhausted = isRetriable(error) ? later(delivery) : undefined;
    if (deadLetterArn === undefined || (isRetriable(error) && !exhausted)) return;
    bury(deadLetterArn, json, rule.arn, deadLetterAttributes(rule.arn, arn, error, exhausted));
  }

  /** The other bus gets the very same event: its account, region, time and id stay. */
  function forward(busName: string, event: BusEvent, json: string): void {
    if (!rulesOf(busName)) {
      throw new AwsError('ResourceNotFoundException', `Event bus ${busName} does not exist.`);
    }
    publish(busName, event, { forwarded: true }, json);
  }

  /** As on AWS, what the dead-letter queue does not take either is dropped. */
  function bury(queueArn: string, json: string, ruleArn: string, attributes: MessageAttributes): void {
    try {
      deliver(queueArn, json, { ruleArn, attributes });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
    }
  }

  return {
    publish: (busName, event, passage) => publish(busName, event, passage),
    retry: (rule, target, event, tried) => deliverTo(target, rule, event, JSON.stringify(event), {}, tried),
    fail,
    run: (rule, event) => runTargets(rule, event, JSON.stringify(event), {}),
    end() {
      if (archived.length > 0) keep(archived);
    },
  };
}
