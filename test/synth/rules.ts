/** What must hold in every template of the application: each rule answers what breaks it. */

import { ofType, type Resource, type Template, target } from './assembly.ts';
import { statementsOf } from './rights.ts';

/** Functions whose role is another's too. */
export function sharedRoles(template: Template): string[] {
  const users = ofType(template, 'AWS::Lambda::Function').map(
    ([id, { Properties }]) => [id, target(Properties.Role)] as const,
  );
  return users
    .filter(([id, role]) => users.some(([other, its]) => other !== id && its === role))
    .map(([id]) => id);
}

const list = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);

/** Wildcards that X-Ray and the keys of failed batches do not explain. */
export function wildcardGrants(template: Template): string[] {
  return ofType(template, 'AWS::IAM::Role').flatMap(([roleId]) =>
    statementsOf(template, roleId).flatMap(({ Action, Resource }) =>
      list(Action).flatMap((action) =>
        list(Resource)
          .map((resource) => JSON.stringify(resource))
          .filter(
            (resource) => action.includes('*') || (resource.includes('*') && !isExplained(action, resource)),
          )
          .map((resource) => `${roleId}: ${action} on ${resource}`),
      ),
    ),
  );
}

const isExplained = (action: string, resource: string) =>
  (action.startsWith('xray:Put') && resource === '"*"') ||
  (action === 's3:PutObject' && resource.endsWith('"/aws/lambda/*"]]}'));

interface RuleTarget {
  readonly Arn: unknown;
  readonly DeadLetterConfig?: { readonly Arn: unknown };
}

/** Rules that target something other than a queue, or have no dead-letter queue. */
export function unsafeTargets(template: Template): string[] {
  const isQueue = (arn: unknown) => template.Resources[target(arn) ?? '']?.Type === 'AWS::SQS::Queue';
  return ofType(template, 'AWS::Events::Rule').flatMap(([id, { Properties }]) =>
    (Properties.Targets as readonly RuleTarget[]).flatMap(({ Arn, DeadLetterConfig }) => [
      ...(isQueue(Arn) ? [] : [`${id} targets ${JSON.stringify(Arn)}, not a queue`]),
      ...(isQueue(DeadLetterConfig?.Arn) ? [] : [`${id} has no dead-letter queue`]),
    ]),
  );
}

/** Queues that lose messages: consumed without dead letters, or dead letters that nobody watches. */
export function unwatchedQueues(template: Template): string[] {
  const queues = ofType(template, 'AWS::SQS::Queue');
  const redriveTo = (queue: Resource | undefined) =>
    target(
      (queue?.Properties.RedrivePolicy as { readonly deadLetterTargetArn?: unknown })?.deadLetterTargetArn,
    );
  const consumed = ofType(template, 'AWS::Lambda::EventSourceMapping')
    .map(([, { Properties }]) => target(Properties.EventSourceArn) ?? '')
    .filter((id) => template.Resources[id]?.Type === 'AWS::SQS::Queue');
  const watched = ofType(template, 'AWS::CloudWatch::Alarm')
    .filter(([, { Properties }]) => Properties.MetricName === 'ApproximateNumberOfMessagesVisible')
    .map(([, alarm]) => target(dimensionsOf(alarm).QueueName));
  return [
    ...consumed
      .filter((id) => !redriveTo(template.Resources[id]))
      .map((id) => `${id} has no dead-letter queue`),
    ...queues
      .filter(([id]) => !consumed.includes(id) && !watched.includes(id))
      .map(([id]) => `${id} holds dead letters and has no alarm`),
  ];
}

/** What can be watched: by namespace and metric, the dimension that names it and the type of the resource. */
const METRICS: Readonly<Record<string, readonly [dimension: string, type: string]>> = {
  'AWS/SQS ApproximateNumberOfMessagesVisible': ['QueueName', 'AWS::SQS::Queue'],
  'AWS/Lambda Errors': ['FunctionName', 'AWS::Lambda::Function'],
  'AWS/Lambda IteratorAge': ['FunctionName', 'AWS::Lambda::Function'],
  'AWS/Lambda OnFailureDestinationDeliveredEventCount': [
    'EventSourceMappingUUID',
    'AWS::Lambda::EventSourceMapping',
  ],
  'AWS/AppSync 5XXError': ['GraphQLAPIId', 'AWS::AppSync::GraphQLApi'],
};

/** Alarms that can never go off, or that nobody hears. */
export function blindAlarms(template: Template): string[] {
  const heard = ofType(template, 'AWS::SNS::Subscription').map(([, { Properties }]) =>
    target(Properties.TopicArn),
  );
  return ofType(template, 'AWS::CloudWatch::Alarm').flatMap(([id, alarm]) => {
    const metric = `${alarm.Properties.Namespace} ${alarm.Properties.MetricName}`;
    const [dimension, type] = METRICS[metric] ?? [];
    const watched = template.Resources[target(dimensionsOf(alarm)[dimension ?? '']) ?? ''];
    const actions = (alarm.Properties.AlarmActions ?? []) as readonly unknown[];
    return [
      ...(watched !== undefined && watched.Type === type ? [] : [`${id} watches ${metric} of nothing`]),
      ...(actions.some((action) => heard.includes(target(action))) ? [] : [`${id} tells nobody`]),
    ];
  });
}

function dimensionsOf(alarm: Resource): Readonly<Record<string, unknown>> {
  const dimensions = (alarm.Properties.Dimensions ?? []) as readonly {
    readonly Name: string;
    readonly Value: unknown;
  }[];
  return Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, Value]));
}

/** Logs that are kept for ever, and functions whose log CloudWatch would make by itself, to be kept for ever. */
export function endlessLogs(template: Template): string[] {
  return [
    ...ofType(template, 'AWS::Logs::LogGroup')
      .filter(([, { Properties }]) => Properties.RetentionInDays === undefined)
      .map(([id]) => `${id} has no retention`),
    ...ofType(template, 'AWS::Lambda::Function')
      .filter(([, { Properties }]) => {
        const log = (Properties.LoggingConfig as { readonly LogGroup?: unknown } | undefined)?.LogGroup;
        return template.Resources[target(log) ?? '']?.Type !== 'AWS::Logs::LogGroup';
      })
      .map(([id]) => `${id} has no log group in the template`),
  ];
}
