import { AwsError } from '../aws.ts';
import type { MessageAttributes } from '../sqs/message.ts';
import type { ArchivedEvent } from './archive.ts';
import { deadLetterAttributes } from './dead-letter.ts';
import { type BusEvent, toSecond } from './event.ts';
import type { Rule, Target } from './rule.ts';

/**
 * Hands a message to a queue inside the `store.write` of `PutEvents`. It throws an `AwsError` when the queue does not
 * take it; the message then goes to the dead-letter queue of the rule's target. `ruleArn` is the `aws:SourceArn`.
 */
export type Deliver = (
  queueArn: string,
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
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** One delivery of events, inside of one `store.write`; `end` keeps what archives are to keep. */
export interface Delivery {
  /** Gives an event to the rules of a bus. A bus that does not exist takes it and loses it, as on AWS. */
  publish(busName: string, event: BusEvent, passage?: Passage): void;
  /** Gives an event to the targets of one rule, whatever its pattern says. */
  run(rule: Rule, event: BusEvent): void;
  end(): void;
}

export function beginDelivery({ deliver, mayForward, rulesOf, keep, now }: DeliveryOptions): Delivery {
  const archived: ArchivedEvent[] = [];

  function publish(busName: string, event: BusEvent, passage: Passage = {}, text?: string): void {
    let json = text;
    for (const rule of rulesOf(busName)?.values() ?? []) {
      if (!rule.enabled || passage.only?.has(rule.arn) === false || !rule.matches(event)) continue;
      json ??= JSON.stringify(event);
      if (rule.archive) archived.push({ archive: rule.archive, time: event.time, json });
      runTargets(rule, event, json, passage);
    }
  }

  function runTargets(rule: Rule, event: BusEvent, json: string, passage: Passage): void {
    for (const target of rule.targets) deliverTo(target, rule, event, json, passage);
  }

  function deliverTo(target: Target, rule: Rule, event: BusEvent, json: string, passage: Passage): void {
    const { arn, roleArn, deadLetterArn } = target.definition;
    try {
      if (target.busName !== undefined) {
        if (passage.forwarded) return;
        mayForward(target.busName, event, { roleArn, ruleArn: rule.arn });
        forward(target.busName, event, json);
        return;
      }
      const context = { ruleArn: rule.arn, ruleName: rule.name, ingestionTime: toSecond(now()) };
      deliver(arn, target.transform(event, json, context), { ruleArn: rule.arn });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (deadLetterArn !== undefined) {
        bury(deadLetterArn, json, rule.arn, deadLetterAttributes(rule.arn, arn, error));
      }
    }
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
    run: (rule, event) => runTargets(rule, event, JSON.stringify(event), {}),
    end() {
      if (archived.length > 0) keep(archived);
    },
  };
}
