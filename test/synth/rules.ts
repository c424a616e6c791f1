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

/** Wildcards that X-Ray, the keys of failed batches and telephone numbers do not explain. */
export function wildcardGrants(template: Template): string[] {
  return ofType(template, 'AWS::IAM::Role').flatMap(([roleId]) =>
    statementsOf(template, roleId).flatMap(({ Action, Resource = [], NotResource }) =>
      list(Action).flatMap((action) => [
        ...list(Resource)
          .map((resource) => JSON.stringify(resource))
          .filter(
            (resource) => action.includes('*') || (resource.includes('*') && !isExplained(action, resource)),
          )
          .map((resource) => `${roleId}: ${action} on ${resource}`),
        ...(NotResource === undefined || isForPhones(action, NotResource)
          ? []
          : [`${roleId}: ${action} on all but ${JSON.stringify(NotResource)}`]),
      ]),
    ),
  );
}

const isExplained = (action: string, resource: string) =>
  (action.startsWith('xray:Put') && resource === '"*"') ||
  (action === 's3:PutObject' && /"\/(aws\/lambda|relay)\/\*"\]\]\}$/.test(resource));

/** A telephone number has no ARN, and everything else that SNS publishes to has one. */
const isForPhones = (action: string, notResource: unknown) =>
  action === 'sns:Publish' && notResource === 'arn:aws:sns:*:*:*';

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

/**
 * Queues that lose messages: consumed without dead letters, dead letters that nobody watches, and those in which messages
 * wait until they are too old without anybody hearing of it.
 */
export function unwatchedQueues(template: Template): string[] {
  const queues = ofType(template, 'AWS::SQS::Queue');
  const redriveTo = (queue: Resource | undefined) =>
    target(
      (queue?.Properties.RedrivePolicy as { readonly deadLetterTargetArn?: unknown })?.deadLetterTargetArn,
    );
  const consumed = ofType(template, 'AWS::Lambda::EventSourceMapping')
    .map(([, { Properties }]) => target(Properties.EventSourceArn) ?? '')
    .filter((id) => template.Resources[id]?.Type === 'AWS::SQS::Queue');
  const isRead = ([id, queue]: readonly [string, Resource]) =>
    consumed.includes(id) || redriveTo(queue) !== undefined;
  const watchedBy = (metric: string) =>
    ofType(template, 'AWS::CloudWatch::Alarm')
      .filter(([, { Properties }]) => Properties.MetricName === metric)
      .map(([, alarm]) => target(dimensionsOf(alarm).QueueName));
  const full = watchedBy('ApproximateNumberOfMessagesVisible');
  const late = watchedBy('ApproximateAgeOfOldestMessage');
  return [
    ...consumed
      .filter((id) => !redriveTo(template.Resources[id]))
      .map((id) => `${id} has no dead-letter queue`),
    ...queues
      .filter((queue) => !isRead(queue) && !full.includes(queue[0]))
      .map(([id]) => `${id} holds dead letters and has no alarm`),
    ...queues
      .filter((queue) => isRead(queue) && !late.includes(queue[0]))
      .map(([id]) => `${id} has no alarm for messages that wait`),
  ];
}

/** What can be watched: by namespace and metric, the dimension that names it and the type of the resource. */
const METRICS: Readonly<Record<string, readonly [dimension: string, type: string]>> = {
  'AWS/SQS ApproximateNumberOfMessagesVisible': ['QueueName', 'AWS::SQS::Queue'],
  'AWS/SQS ApproximateAgeOfOldestMessage': ['QueueName', 'AWS::SQS::Queue'],
  'AWS/Lambda Errors': ['FunctionName', 'AWS::Lambda::Function'],
  'AWS/Lambda Throttles': ['FunctionName', 'AWS::Lambda::Function'],
  'AWS/Lambda Invocations': ['FunctionName', 'AWS::Lambda::Function'],
  'AWS/Lambda IteratorAge': ['FunctionName', 'AWS::Lambda::Function'],
  'AWS/Lambda OnFailureDestinationDeliveredEventCount': [
    'EventSourceMappingUUID',
    'AWS::Lambda::EventSourceMapping',
  ],
  'AWS/AppSync 5XXError': ['GraphQLAPIId', 'AWS::AppSync::GraphQLApi'],
  'AWS/DynamoDB ReadThrottleEvents': ['TableName', 'AWS::DynamoDB::Table'],
  'AWS/DynamoDB WriteThrottleEvents': ['TableName', 'AWS::DynamoDB::Table'],
};

/** What is measured of the account as a whole, in this region: a metric without dimensions. */
const ACCOUNT_METRICS: ReadonlySet<string> = new Set([
  'AWS/DynamoDB UserErrors',
  'AWS/SES Reputation.BounceRate',
  'AWS/SES Reputation.ComplaintRate',
]);

/** The metrics that filters make of logs, as namespace and name. */
function filteredMetrics(template: Template): string[] {
  return ofType(template, 'AWS::Logs::MetricFilter').flatMap(([, { Properties }]) =>
    (Properties.MetricTransformations as readonly { MetricNamespace: string; MetricName: string }[]).map(
      ({ MetricNamespace, MetricName }) => `${MetricNamespace} ${MetricName}`,
    ),
  );
}

/** Whether a metric is published with exactly the dimensions of an alarm: with one more, nothing matches. */
function isPublished(templates: readonly Template[], metric: string, alarm: Resource): boolean {
  const dimensions = dimensionsOf(alarm);
  const count = Object.keys(dimensions).length;
  if (ACCOUNT_METRICS.has(metric) || templates.flatMap(filteredMetrics).includes(metric)) return count === 0;
  if (metric === 'AWS/WAFV2 BlockedRequests') return isRuleOfFirewall(templates, dimensions);
  const [dimension = '', type] = METRICS[metric] ?? [];
  const watched = resolved(templates, dimensions[dimension]);
  return count === 1 && watched !== undefined && watched.Type === type;
}

/** The resource that a value points at, in its own template or in the one that exports it. */
function resolved(templates: readonly Template[], value: unknown): Resource | undefined {
  const exportName = (value as { readonly 'Fn::ImportValue'?: unknown } | undefined)?.['Fn::ImportValue'];
  const outputs = templates.flatMap(({ Outputs = {} }) => Object.values(Outputs));
  const imported = outputs.find(({ Export }) => Export !== undefined && Export.Name === exportName);
  const id = target(imported?.Value ?? value) ?? '';
  return templates.map(({ Resources }) => Resources[id]).find((resource) => resource !== undefined);
}

/** WAF names its metrics as the ACL and the rule say, beside the region. */
function isRuleOfFirewall(
  templates: readonly Template[],
  { WebACL, Rule, Region, ...others }: Readonly<Record<string, unknown>>,
): boolean {
  type Visible = { readonly VisibilityConfig: { readonly MetricName: string } };
  const named = (name: unknown) => (one: Visible) => one.VisibilityConfig.MetricName === name;
  return (
    typeof Region === 'string' &&
    Object.keys(others).length === 0 &&
    templates
      .flatMap((template) => ofType(template, 'AWS::WAFv2::WebACL'))
      .map(([, { Properties }]) => Properties as unknown as Visible & { readonly Rules: readonly Visible[] })
      .filter(named(WebACL))
      .some(({ Rules }) => Rules.some(named(Rule)))
  );
}

/** Alarms that can never go off, or that nobody hears. What they watch may be imported from another template. */
export function blindAlarms(template: Template, ...others: readonly Template[]): string[] {
  const heard = ofType(template, 'AWS::SNS::Subscription').map(([, { Properties }]) =>
    target(Properties.TopicArn),
  );
  return ofType(template, 'AWS::CloudWatch::Alarm').flatMap(([id, alarm]) => {
    const metric = `${alarm.Properties.Namespace} ${alarm.Properties.MetricName}`;
    const actions = (alarm.Properties.AlarmActions ?? []) as readonly unknown[];
    return [
      ...(isPublished([template, ...others], metric, alarm) ? [] : [`${id} watches ${metric} of nothing`]),
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

/** Functions of which nobody hears that they throw, that they are not started, or that they log an error. */
export function unheardFunctions(template: Template): string[] {
  const alarms = ofType(template, 'AWS::CloudWatch::Alarm').map(([, alarm]) => alarm);
  const heard = (metric: string) =>
    alarms.filter(({ Properties }) => `${Properties.Namespace} ${Properties.MetricName}` === metric);
  const filters = ofType(template, 'AWS::Logs::MetricFilter').map(([, { Properties }]) => Properties);
  return ofType(template, 'AWS::Lambda::Function').flatMap(([id, { Properties }]) => {
    const log = target((Properties.LoggingConfig as { readonly LogGroup?: unknown } | undefined)?.LogGroup);
    const counted = (metric: string) =>
      heard(`AWS/Lambda ${metric}`).some((alarm) => target(dimensionsOf(alarm).FunctionName) === id);
    const logged = filters
      .filter((filter) => target(filter.LogGroupName) === log && filter.FilterPattern === ERROR_LINES)
      .flatMap((filter) => filter.MetricTransformations as readonly Readonly<Record<string, string>>[])
      .some(({ MetricNamespace, MetricName }) => heard(`${MetricNamespace} ${MetricName}`).length > 0);
    return [
      ...(counted('Errors') ? [] : [`${id} throws unheard`]),
      ...(counted('Throttles') ? [] : [`${id} is throttled unheard`]),
      ...(logged ? [] : [`${id} logs errors unheard`]),
    ];
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
