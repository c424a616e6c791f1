import type { Caller, Place } from '../aws.ts';
import type { MayForward } from '../events/delivery.ts';
import type { FunctionDefinition } from '../lambda/function.ts';
import type { Iam } from './iam.ts';
import type { Need } from './need.ts';
import { nameOf } from './principal.ts';

/** What services ask before they act for somebody; each throws an `AwsError` when it may not be. */
type Asked = Pick<Iam, 'assume' | 'demand'>;

const EVENTS = 'events.amazonaws.com';

/**
 * EventBridge sends to a queue, invokes a function and writes to a log group in its own name, for a rule, so their policies
 * must let it; a role of the target is not used
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html).
 */
export function demandDelivery({ demand }: Asked, ruleArn: string, targetArn: string): void {
  const needs = DELIVERIES[targetArn.split(':')[2] ?? '']?.(targetArn) ?? [];
  for (const need of needs) demand({ kind: 'service', service: EVENTS, sourceArn: ruleArn }, need);
}

/** What a log group is asked is about its streams, so a policy's resource ends with `:*`. */
function logNeeds(targetArn: string): Need[] {
  const streams = `${targetArn.replace(/:\*$/, '')}:log-stream:`;
  return [
    { action: 'logs:CreateLogStream', resource: streams },
    { action: 'logs:PutLogEvents', resource: `${streams}events` },
  ];
}

const DELIVERIES: Readonly<Record<string, (targetArn: string) => Need[]>> = {
  sqs: (resource) => [{ action: 'sqs:SendMessage', resource }],
  lambda: (resource) => [{ action: 'lambda:InvokeFunction', resource }],
  logs: logNeeds,
};

/**
 * A rule puts events on another bus with the role of its target
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-bus-to-bus.html). Events that AWS services put on the
 * default bus themselves need nobody's permission.
 */
export function demandForwarding(
  { assume, demand }: Asked,
  { region, accountId }: Place,
  busName: string,
  event: Parameters<MayForward>[1],
  { roleArn = '', ruleArn }: Parameters<MayForward>[2],
): void {
  const principal = assume({ roleArn, session: 'events', service: EVENTS, sourceArn: ruleArn });
  demand(principal, {
    action: 'events:PutEvents',
    resource: `arn:aws:events:${region}:${accountId}:event-bus/${busName}`,
    keys: {
      'events:source': () => [event.source],
      'events:detail-type': () => [event['detail-type']],
      'events:eventbusinvocation': () => ['true'],
    },
  });
}

/** Who calls an API for a rule: a session of the role of its target. @throws {AwsError} when it cannot be assumed */
export function callerForRule(
  { assume }: Pick<Iam, 'assume'>,
  { accountId }: Place,
  { roleArn, ruleArn }: { readonly roleArn: string; readonly ruleArn: string },
): Caller {
  const principal = assume({ roleArn, session: 'events', service: EVENTS, sourceArn: ruleArn });
  return { accessKeyId: '', arn: nameOf(principal), accountId };
}

/** The role of a schedule and the group for which Scheduler takes it on. */
export interface ScheduleRole {
  readonly roleArn: string;
  readonly groupArn: string;
}

const sessionOfSchedule = ({ assume }: Pick<Iam, 'assume'>, { roleArn, groupArn }: ScheduleRole) =>
  assume({ roleArn, session: 'scheduler', service: 'scheduler.amazonaws.com', sourceArn: groupArn });

/** Who calls an action of a service for a schedule. @throws {AwsError} when its role cannot be assumed */
export function callerForSchedule(iam: Pick<Iam, 'assume'>, { accountId }: Place, as: ScheduleRole): Caller {
  return { accessKeyId: '', arn: nameOf(sessionOfSchedule(iam, as)), accountId };
}

/**
 * Scheduler calls targets and dead-letter queues with the role of the schedule, for its group
 * (https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html).
 */
export function demandOfSchedule(iam: Asked, as: ScheduleRole, action: string, resource: string): void {
  iam.demand(sessionOfSchedule(iam, as), { action, resource });
}

/** Lambda reads event sources and writes to destinations with the role of the function. */
export function demandOfFunction(
  { assume, demand }: Asked,
  { roleArn, name, arn }: FunctionDefinition,
  action: string,
  resource: string,
): void {
  const service = 'lambda.amazonaws.com';
  demand(assume({ roleArn, session: name, service, sourceArn: arn }), { action, resource });
}

/**
 * AppSync invokes a function with the role of the data source
 * (https://docs.aws.amazon.com/appsync/latest/devguide/attaching-a-data-source.html).
 */
export function demandInvocation(
  { assume, demand }: Asked,
  apiArn: string,
  roleArn: string,
  functionArn: string,
): void {
  const service = 'appsync.amazonaws.com';
  const principal = assume({ roleArn, session: 'APPSYNC_ASSUME_ROLE', service, sourceArn: apiArn });
  demand(principal, { action: 'lambda:InvokeFunction', resource: functionArn });
}
