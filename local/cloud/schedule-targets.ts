import { AwsError, type Place } from '../aws.ts';
import type { DynamoDb } from '../dynamodb/dynamodb.ts';
import type { EventBridge } from '../events/events.ts';
import { parseInput } from '../gateway/json.ts';
import type { Iam } from '../iam/iam.ts';
import { callerForSchedule, demandOfSchedule, type ScheduleRole } from '../iam/services.ts';
import type { Lambda } from '../lambda/lambda.ts';
import type { ScheduleTarget } from '../scheduler/definition.ts';
import type { CallTarget } from '../scheduler/scheduler.ts';
import { universalTarget } from '../scheduler/universal.ts';
import type { Sqs } from '../sqs/sqs.ts';

export interface CallTargetOptions {
  readonly place: Place;
  readonly iam: Pick<Iam, 'assume' | 'authorize' | 'demand'>;
  readonly dynamodb: Pick<DynamoDb, 'call'>;
  readonly sqs: Pick<Sqs, 'call' | 'send'>;
  readonly events: Pick<EventBridge, 'call' | 'put'>;
  readonly lambda: Pick<Lambda, 'invokeLater'>;
}

/** Gives the runs of schedules to their targets, each with the role of its schedule. */
export function createCallTarget(options: CallTargetOptions): CallTarget {
  const { place, iam, dynamodb, sqs, events, lambda } = options;
  const services = {
    dynamodb: { name: 'dynamodb', call: dynamodb.call },
    eventbridge: { name: 'events', call: events.call },
    sqs: { name: 'sqs', call: sqs.call },
  };

  function invoke(functionArn: string, event: string, as: ScheduleRole): void {
    demandOfSchedule(iam, as, 'lambda:InvokeFunction', functionArn);
    lambda.invokeLater(functionArn, event);
  }

  /** A failure that the service did not mean is one of this run, and goes to its dead letters as others do. */
  function act(service: keyof typeof services, action: string, input: string, as: ScheduleRole): void {
    const { name, call } = services[service];
    const parameters = parseInput(Buffer.from(input));
    const caller = callerForSchedule(iam, place, as);
    iam.authorize(caller, { service: name, action, input: parameters });
    try {
      call(action, parameters, caller);
    } catch (error) {
      if (error instanceof AwsError) throw error;
      throw new AwsError('InternalFailure', `${name}:${action} failed: ${(error as Error).message}`, 500);
    }
  }

  function invokeBy(input: string, as: ScheduleRole): void {
    const { FunctionName, Payload = '{}' } = parseInput(Buffer.from(input));
    const name = String(FunctionName).replace(/^arn:.*?:function:/, '');
    invoke(`arn:aws:lambda:${place.region}:${place.accountId}:function:${name}`, String(Payload), as);
  }

  function send(queueArn: string, body: string, as: ScheduleRole): void {
    demandOfSchedule(iam, as, 'sqs:SendMessage', queueArn);
    sqs.send(queueArn, body);
  }

  function put({ Arn, EventBridgeParameters }: ScheduleTarget, detail: string, as: ScheduleRole): void {
    demandOfSchedule(iam, as, 'events:PutEvents', Arn);
    const { Source = '', DetailType = '' } = EventBridgeParameters ?? {};
    events.put(Arn, {
      source: Source,
      detailType: DetailType,
      resources: [],
      detail: JSON.parse(detail) as Record<string, unknown>,
    });
  }

  return (target, input, as) => {
    const universal = universalTarget(target.Arn);
    const [, , service] = target.Arn.split(':');
    if (universal?.service === 'lambda') invokeBy(input, as);
    else if (universal) act(universal.service, universal.action, input, as);
    else if (service === 'lambda') invoke(target.Arn, input, as);
    else if (service === 'sqs') send(target.Arn, input, as);
    else put(target, input, as);
  };
}
