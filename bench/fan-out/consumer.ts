import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tenant } from '../../test/support/assembly.ts';

/** The queue of the benchmark's own consumer. */
export const consumerQueue = 'bench-fan-out';

/** What this needs to know of a CloudFormation template. */
export interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: unknown }>>;
}

/**
 * A template with one more consumer of its bus: a rule on logged interactions and the queue that it fills, as the other
 * consumers have them. It comes with the template since the local cloud takes rules from nowhere else.
 *
 * @throws Error when the template makes no bus
 */
export function withConsumer(template: Template): Template {
  const [bus] =
    Object.entries(template.Resources).find(([, { Type }]) => Type === 'AWS::Events::EventBus') ?? [];
  if (bus === undefined) throw new Error('the template makes no event bus: give the one of the application');
  const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
  return {
    ...template,
    Resources: {
      ...template.Resources,
      BenchQueue: {
        Type: 'AWS::SQS::Queue',
        Properties: { QueueName: consumerQueue, VisibilityTimeout: 180 },
      },
      BenchRule: {
        Type: 'AWS::Events::Rule',
        Properties: {
          EventBusName: { Ref: bus },
          EventPattern: { source: ['fidelia'], 'detail-type': ['crm.interaction.logged.v1'] },
          State: 'ENABLED',
          Targets: [{ Id: 'Queue', Arn: arnOf('BenchQueue') }],
        },
      },
      BenchQueuePolicy: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: {
          Queues: [{ Ref: 'BenchQueue' }],
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Principal: { Service: 'events.amazonaws.com' },
                Action: 'sqs:SendMessage',
                Resource: arnOf('BenchQueue'),
                Condition: { ArnEquals: { 'aws:SourceArn': arnOf('BenchRule') } },
              },
            ],
          },
        },
      },
    },
  };
}

/** Adds the consumer to an assembly, in its folder. */
export function addConsumer(assembly: string): void {
  const file = join(assembly, `fidelia-${tenant}-app.template.json`);
  writeFileSync(file, JSON.stringify(withConsumer(JSON.parse(readFileSync(file, 'utf8')) as Template)));
}
