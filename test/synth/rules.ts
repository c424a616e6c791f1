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
  (action === 's3:PutObject' && /"\/(aws\/lambda|relay)\/\*"\]\]\}$/.test(resource));

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

/** The metrics that filters make of logs, as namespace and name. */
function filteredMetrics(template: Template): string[] {
  return ofType(template, 'AWS::Logs::MetricFilter').flatMap(([, { Properties }]) =>
    (Properties.MetricTransformations as readonly { MetricNamespace: string; MetricName: string }[]).map(
      ({ MetricNamespace, MetricName }) => `${MetricNamespace} ${MetricName}`,
    ),
  );
}

/** Whether a metric is published with exactly the dimensions of an alarm: with one more, nothing matches. */
function isPublished(template: Template, metric: string, alarm: Resource): boolean {
  const dimensions = dimensionsOf(alarm);
  if (filteredMetrics(template).includes(metric)) return Object.keys(dimensions).length === 0;
  const [dimension = '', type] = METRICS[metric] ?? [];
  const watched = template.Resources[target(dimensions[dimension]) ?? ''];
  return Object.keys(dimensions).length === 1 && watched !== undefined && watched.Type === type;
}

/** Alarms that can never go off, or that nobody hears. */
export function blindAlarms(template: Template): string[] {
  const heard = ofType(template, 'AWS::SNS::Subscription').map(([, { Properties }]) =>
    target(Properties.TopicArn),
  );
  return ofType(template, 'AWS::CloudWatch::Alarm').flatMap(([id, alarm]) => {
    const metric = `${alarm.Properties.Namespace} ${alarm.Properties.MetricName}`;
    const actions = (alarm.Properties.AlarmActions ?? []) as readonly unknown[];
    return [
      ...(isPublished(template, metric, alarm) ? [] : [`${id} watches ${metric} of nothing`]),
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

/** Functions whose errors nobody hears: those that Lambda counts, and those that are only in the log. */
export function unheardFunctions(template: Template): string[] {
  const alarms = ofType(template, 'AWS::CloudWatch::Alarm').map(([, alarm]) => alarm);
  const heard = (metric: string) =>
    alarms.filter(({ Properties }) => `${Properties.Namespace} ${Properties.MetricName}` === metric);
  const filters = ofType(template, 'AWS::Logs::MetricFilter').map(([, { Properties }]) => Properties);
  return ofType(template, 'AWS::Lambda::Function').flatMap(([id, { Properties }]) => {
    const log = target((Properties.LoggingConfig as { readonly LogGroup?: unknown } | undefined)?.LogGroup);
    const counted = heard('AWS/Lambda Errors').some(
      (alarm) => target(dimensionsOf(alarm).FunctionName) === id,
    );
    const logged = filters
      .filter((filter) => target(filter.LogGroupName) === log && filter.FilterPattern === ERROR_LINES)
      .flatMap((filter) => filter.MetricTransformations as readonly Readonly<Record<string, string>>[])
      .some(({ MetricNamespace, MetricName }) => heard(`${MetricNamespace} ${MetricName}`).length > 0);
    return [...(counted ? [] : [`${id} throws unheard`]), ...(logged ? [] : [`${id} logs errors unheard`])];
  });
}

/** Matches the errors of the log, which is lines of JSON. */
const ERROR_LINES = '{ $.level = "ERROR" }';

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
