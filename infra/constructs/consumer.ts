import { type EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { FideliaFunction, type FideliaFunctionProps } from './function.ts';
import { ConsumerQueue, DeadLetterQueue } from './queue.ts';

export interface ConsumerProps extends FideliaFunctionProps {
  readonly bus: EventBus;
  /** The `detail-type` of the events to consume. */
  readonly events: readonly string[];
  /** How many batches are worked on at once, at most; 2 to 1000. */
  readonly maxConcurrency: number;
}

/**
 * Bus, rule, queue, function. A rule that calls a function itself never hears of the function's errors; a queue keeps
 * a message until the function is done with it. The dead letters of the rule hold only what could not reach the queue.
 */
export class Consumer extends Construct {
  readonly function: FideliaFunction;

  constructor(scope: Construct, id: string, props: ConsumerProps) {
    super(scope, id);
    this.function = new FideliaFunction(this, 'Function', props);
    const { queue } = new ConsumerQueue(this, 'Incoming', {
      alarms: props.alarms,
      consumer: props.name,
      timeout: props.timeout,
    });
    const undelivered = new DeadLetterQueue(this, 'Undelivered', {
      alarms: props.alarms,
      description: `EventBridge could not reach the queue of ${props.name}. Check the queue's policy, start the redrive.`,
    });
    new Rule(this, 'Rule', {
      eventBus: props.bus,
      eventPattern: { source: ['fidelia'], detailType: [...props.events] },
      targets: [new SqsQueue(queue, { deadLetterQueue: undelivered })],
    });
    this.function.addEventSource(
      new SqsEventSource(queue, {
        batchSize: 10,
        reportBatchItemFailures: true,
        maxConcurrency: props.maxConcurrency,
      }),
    );
  }
}
