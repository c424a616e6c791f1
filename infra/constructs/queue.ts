import { Duration, Validations } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';

export interface DeadLetterQueueProps {
  readonly alarms: Alarms;
  /** What it means that a message lies here, and what to do. */
  readonly description: string;
}

/** A queue of what could not be delivered or handled: kept for 14 days, the most that SQS does, and watched. */
export class DeadLetterQueue extends Queue {
  constructor(scope: Construct, id: string, { alarms, description }: DeadLetterQueueProps) {
    super(scope, id, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    alarms.watch(this, 'NotEmpty', {
      metric: this.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      threshold: 1,
      description,
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is a dead-letter queue, of a rule or of another queue; cdk-nag sees only the latter.',
    });
  }
}

export interface ConsumerQueueProps {
  readonly alarms: Alarms;
  /** The consumer, as the alarm names it. */
  readonly consumer: string;
  /** How long the consumer may work on a batch. */
  readonly timeout: Duration;
}

/** How often a message is tried before it is a dead letter. */
const MAX_RECEIVE_COUNT = 5;

/** The queue in front of a consumer, with its dead letters. */
export class ConsumerQueue extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, { alarms, consumer, timeout }: ConsumerQueueProps) {
    super(scope, id);
    const deadLetters = new DeadLetterQueue(this, 'DeadLetters', {
      alarms,
      description: `${consumer} failed ${MAX_RECEIVE_COUNT} times on a message. Read its log, repair the cause, start the redrive.`,
    });
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // Six times the timeout, as Lambda asks, so that a batch in work is not handed out again.
      visibilityTimeout: Duration.seconds(6 * timeout.toSeconds()),
      // Less than the dead letters': a message keeps its age when it moves there.
      retentionPeriod: Duration.days(4),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: MAX_RECEIVE_COUNT },
    });
  }
}
