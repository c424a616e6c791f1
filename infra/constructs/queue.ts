import { Duration } from 'aws-cdk-lib';
import type { IRuleRef, IRuleTarget } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';

export interface ConsumerQueueProps {
  readonly alarms: Alarms;
  /** The consumer, as the alarm names it. */
  readonly consumer: string;
  /** How long the consumer may work on a batch. */
  readonly timeout: Duration;
  /** The queue's name. @default a generated one */
  readonly queueName?: string;
  /** How long a message waits for the consumer; less than 14 days. @default 4 days */
  readonly retention?: Duration;
  /** How long a message may wait until somebody should know. @default 15 minutes */
  readonly lateAfter?: Duration;
}

/** How often a message is tried before it is a dead letter. */
const MAX_RECEIVE_COUNT = 5;

/**
 * The queue in front of a consumer, with its dead letters: what the consumer failed on, and what the bus could not
 * deliver, since AWS moves messages back only from the dead-letter queue of another queue.
 */
export class ConsumerQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;
  /** The consumer, as alarms name it. */
  readonly consumer: string;

  constructor(scope: Construct, id: string, props: ConsumerQueueProps) {
    super(scope, id);
    const { alarms, consumer, timeout } = props;
    this.consumer = consumer;
    const { retention = Duration.days(4), lateAfter = Duration.minutes(15) } = props;
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // The most that SQS does.
      retentionPeriod: Duration.days(14),
    });
    this.queue = new Queue(this, 'Queue', {
      ...(props.queueName === undefined ? {} : { queueName: props.queueName }),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // Six times the timeout, as Lambda asks, so that a batch in work is not handed out again.
      visibilityTimeout: Duration.seconds(6 * timeout.toSeconds()),
      // Less than the dead letters': a message keeps its age when it moves there.
      retentionPeriod: retention,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVE_COUNT },
    });
    alarms.watch(this.queue, 'Late', {
      metric: this.queue.metricApproximateAgeOfOldestMessage({
        period: Duration.minutes(5),
        statistic: 'Maximum',
      }),
      threshold: lateAfter.toSeconds(),
      description: `An event has waited ${lateAfter.toHumanString()} for ${consumer}, and is lost to it after ${retention.toHumanString()}. Does it run, and does it fail on one event again and again?`,
    });
    alarms.watch(this.deadLetters, 'NotEmpty', {
      metric: this.deadLetters.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      threshold: 1,
      description: [
        `Events did not reach ${consumer}, or it failed ${MAX_RECEIVE_COUNT} times on them.`,
        `Read its log, repair the cause, then (docs/operations.md, "Redrive"):`,
        `aws sqs start-message-move-task --source-arn ${this.deadLetters.queueArn}`,
        `--destination-arn ${this.queue.queueArn}`,
      ].join(' '),
    });
  }

  /**
   * The queue as the target of a rule, which may send to it and nothing more
   * (https://docs.aws.amazon.com/eventbridge/latest/userguide/resource-based-policies-eventbridge.html#sqs-permissions): the library's own target would let
   * it ask for the queue's attributes too.
   */
  get target(): IRuleTarget {
    const { queue, deadLetters } = this;
    return {
      bind(rule) {
        for (const one of [queue, deadLetters]) one.addToResourcePolicy(sendingBy(rule, one));
        return {
          arn: queue.queueArn,
          deadLetterConfig: { arn: deadLetters.queueArn },
          targetResource: queue,
        };
      },
    };
  }
}

const sendingBy = ({ ruleRef }: IRuleRef, { queueArn }: Queue) =>
  new PolicyStatement({
    principals: [new ServicePrincipal('events.amazonaws.com')],
    actions: ['sqs:SendMessage'],
    resources: [queueArn],
    conditions: { ArnEquals: { 'aws:SourceArn': ruleRef.ruleArn } },
  });
