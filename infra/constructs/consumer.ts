import { Names } from 'aws-cdk-lib';
import { type CfnRule, type EventBus, Rule, type RuleProps } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { patternOf, type Wanted } from '../event-pattern.ts';
import { FideliaFunction, type FideliaFunctionProps } from './function.ts';
import { ConsumerQueue } from './queue.ts';

/** What fills the queue of a consumer: events of a bus (the account's default one when none is named), or a schedule. */
export interface Feed extends Pick<RuleProps, 'eventBus' | 'eventPattern' | 'schedule'> {
  /** Whether events that come from an archive count too. @default true */
  readonly replays?: boolean;
  /** Whether events of what was imported count too. @default true */
  readonly imports?: boolean;
}

/** The tenant's own events, of types or of what in them is wanted. */
export const eventsOf = (eventBus: EventBus, wanted: readonly (string | Wanted)[]): Feed => ({
  eventBus,
  eventPattern: patternOf(wanted.map((each) => (typeof each === 'string' ? { on: each } : each))),
});

export interface ConsumerProps extends FideliaFunctionProps {
  readonly feed: Feed;
  /** How many batches are worked on at once, at most; 2 to 1000. */
  readonly maxConcurrency: number;
}

/**
 * Rule, queue, function. A rule that calls a function itself never hears of the function's errors; a queue keeps a
 * message until the function is done with it.
 */
export class Consumer extends Construct {
  readonly function: FideliaFunction;

  constructor(scope: Construct, id: string, props: ConsumerProps) {
    super(scope, id);
    this.function = new FideliaFunction(this, 'Function', props);
    const { queue, target } = new ConsumerQueue(this, 'Incoming', {
      alarms: props.alarms,
      consumer: props.name,
      timeout: props.timeout,
    });
    const { replays = true, imports = true, ...feed } = props.feed;
    const rule = new Rule(this, 'Rule', { ...feed, targets: [target] });
    const resource = rule.node.defaultChild as CfnRule;
    if (!imports) resource.addPropertyOverride('EventPattern.detail.via', ['API', { exists: false }]);
    if (!replays) {
      // Only events of a replay have this field: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-replay-archived-event.html
      resource.addPropertyOverride('EventPattern.replay-name', [{ exists: false }]);
    }
    this.function.allow(READING, [queue.queueArn]);
    // The id that the library's own source gives: under another one, an update would make a second mapping of the queue,
    // which Lambda refuses.
    this.function.addEventSourceMapping(`SqsEventSource:${Names.nodeUniqueId(queue.node)}`, {
      eventSourceArn: queue.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
      // Above what the function may have at once, batches would only be refused, and end as dead letters.
      maxConcurrency: Math.min(props.maxConcurrency, props.concurrency?.[props.name] ?? Infinity),
    });
  }
}

/** All that Lambda needs: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions */
const READING = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
