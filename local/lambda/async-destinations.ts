import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws.ts';
import { asyncRecord, deadLetterAttributesOf, type Settled } from './async-record.ts';
import type { AsyncSettings } from './async-settings.ts';
import type { FunctionDefinition } from './function.ts';
import { type Demand, isDenial } from './rights.ts';
import type { Buckets, Buses, Queues } from './sources.ts';

export interface DestinationServices {
  readonly queues: Pick<Queues, 'send'>;
  readonly buckets: Buckets;
  readonly buses: Buses;
  readonly invokeLater: (functionArn: string, event: string) => void;
  readonly demand: Demand;
  readonly log: (message: string) => void;
}

/** The right that a function's role needs for a destination. */
function needOf(arn: string): readonly (readonly [action: string, resource: string])[] {
  const [, , service] = arn.split(':');
  if (service === 'sqs') return [['sqs:SendMessage', arn]];
  if (service === 'events') return [['events:PutEvents', arn]];
  if (service === 'lambda') return [['lambda:InvokeFunction', arn]];
  return [
    ['s3:ListBucket', arn],
    ['s3:PutObject', `${arn}/*`],
  ];
}

/** As Lambda, refuses at deploy what the role of the function could not write. @throws AwsError */
export function demandDestinations(
  demand: Demand,
  definition: FunctionDefinition,
  settings: AsyncSettings,
): void {
  const arns = [settings.onSuccessArn, settings.onFailureArn, settings.deadLetterArn];
  for (const [action, resource] of arns.flatMap((arn) => (arn === undefined ? [] : needOf(arn)))) {
    try {
      demand(definition, action, resource);
    } catch (error) {
      if (!isDenial(error)) throw error;
      throw new AwsError(
        'InvalidParameterValueException',
        `The function's execution role does not have permissions to call ${action} on ${resource}. ${error.message}`,
      );
    }
  }
}

/** `aws/lambda/async/<function>/2026/01/31/2026-01-31T12.30.00-<UUID>` */
function objectKey(functionName: string, at: number): string {
  const time = new Date(at).toISOString();
  const day = time.slice(0, 10).replaceAll('-', '/');
  return `aws/lambda/async/${functionName}/${day}/${time.slice(0, 19).replaceAll(':', '.')}-${randomUUID()}`;
}

function send(
  settled: Settled,
  arn: string,
  definition: FunctionDefinition,
  services: DestinationServices,
): void {
  const { queues, buckets, buses, invokeLater, demand } = services;
  const record = asyncRecord(settled);
  const [, , service, , , resource = ''] = arn.split(':');
  if (service === 's3') {
    const key = objectKey(definition.name, settled.at);
    demand(definition, 's3:ListBucket', arn);
    demand(definition, 's3:PutObject', `${arn}/${key}`);
    buckets.put(resource, key, JSON.stringify(record), 'application/json');
    return;
  }
  for (const [action, on] of needOf(arn)) demand(definition, action, on);
  if (service === 'sqs') queues.send(arn, JSON.stringify(record));
  else if (service === 'lambda') invokeLater(arn, JSON.stringify(record));
  else {
    const result = settled.condition === 'Success' ? 'Success' : 'Failure';
    buses.put(arn, {
      source: 'lambda',
      detailType: `Lambda Function Invocation Result - ${result}`,
      resources: [record.requestContext.functionArn, arn],
      detail: record,
    });
  }
}

/** Tells the destinations of a function what became of an event. As on AWS, what they do not take is lost. */
export function tellDestinations(
  settled: Settled,
  settings: AsyncSettings,
  definition: FunctionDefinition,
  services: DestinationServices,
): void {
  const { onSuccessArn, onFailureArn, deadLetterArn } = settings;
  const attempt = (arn: string, tell: () => void) => {
    try {
      tell();
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      services.log(
        `What became of an event of ${definition.name} did not reach ${arn} and is lost: ${error.message}`,
      );
    }
  };
  const destination = settled.condition === 'Success' ? onSuccessArn : onFailureArn;
  if (destination !== undefined) {
    attempt(destination, () => send(settled, destination, definition, services));
  }
  if (settled.condition === 'Success' || deadLetterArn === undefined) return;
  attempt(deadLetterArn, () => {
    services.demand(definition, 'sqs:SendMessage', deadLetterArn);
    services.queues.send(deadLetterArn, settled.event, { attributes: deadLetterAttributesOf(settled) });
  });
}
