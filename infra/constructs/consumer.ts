import { type EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { FideliaFunction, type FideliaFunctionProps } from './function.ts';
import { ConsumerQueue } from './queue.ts';

export interface ConsumerProps extends FideliaFunctionProps {
  readonly bus: EventBus;
  /** The `detail-type` of the events to consume. */
  readonly events: readonly string[];
  /** How many batches are worked on at once, at most; 2 to 1000. */
  readonly maxConcurrency: number;
}

/**
 * Bus, rule, queue, function. A rule that calls a function itself never hears of the function's errors; a queue keeps
 * a message until the function is done with it.
 */
export class Consumer extends Construct {
  readonly function: FideliaFunction;

  constructor(scope: Construct, id: string, props: ConsumerProps) {
    super(scope, id);
    this.function = new FideliaFunction(this, 'Function', props);
    const { queue, deadLetters } = new ConsumerQueue(this, 'Incoming', {
      alarms: props.alarms,
      consumer: props.name,
      timeout: props.timeout,
    });
    new Rule(this, 'Rule', {
      eventBus: props.bus,
      eventPattern: { source: ['fidelia'], detailType: [...props.events] },
      targets: [new SqsQueue(queue, { deadLetterQueue: deadLetters })],
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
