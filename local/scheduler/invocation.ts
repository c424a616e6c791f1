import { randomUUID } from 'node:crypto';
import type { AwsError, Place } from '../aws.ts';
import { type Exhausted, isRetriable } from '../events/dead-letter.ts';
import { toSecond } from '../events/event.ts';
import type { MessageAttributes } from '../sqs/message.ts';
import type { ScheduleTarget } from './definition.ts';

/** One run of a schedule, which is tried until its target takes it; times are milliseconds since 1970. */
export interface Invocation {
  readonly scheduleArn: string;
  readonly groupArn: string;
  readonly target: ScheduleTarget;
  readonly executionId: string;
  readonly scheduledAt: number;
  /** When it was tried first. */
  readonly since: number;
  /** Retries so far. */
  readonly attempts: number;
}

export function newInvocation(
  scheduleArn: string,
  groupArn: string,
  target: ScheduleTarget,
  scheduledAt: number,
  since: number,
): Invocation {
  const executionId = randomUUID().replaceAll('-', '').slice(0, 16);
  return { scheduleArn, groupArn, target, executionId, scheduledAt, since, attempts: 0 };
}

/**
 * What the target gets: its input with the context of this run in place of its keywords, or without one the event of a
 * schedule (https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html).
 */
export function inputOf(invocation: Invocation, place: Place): string {
  const { target, scheduleArn, scheduledAt, executionId, attempts } = invocation;
  if (target.Input === undefined) {
    return JSON.stringify({
      version: '0',
      id: randomUUID(),
      'detail-type': 'Scheduled Event',
      source: 'aws.scheduler',
      account: place.accountId,
      time: toSecond(scheduledAt),
      region: place.region,
      resources: [scheduleArn],
      detail: '{}',
    });
  }
  const context: Readonly<Record<string, string>> = {
    'schedule-arn': scheduleArn,
    'scheduled-time': toSecond(scheduledAt),
    'execution-id': executionId,
    'attempt-number': String(attempts + 1),
  };
  return target.Input.replaceAll(/<aws\.scheduler\.([a-z-]+)>/g, (keyword, name) => context[name] ?? keyword);
}

/** Default of Scheduler: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html */
const RETRIES = { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 };

/** Why a run that failed so is given up; undefined when it is tried again. */
export function givenUp(
  { target, attempts, since }: Invocation,
  error: AwsError,
  now: number,
): Exhausted | 'hopeless' | undefined {
  const { MaximumRetryAttempts, MaximumEventAgeInSeconds } = { ...RETRIES, ...target.RetryPolicy };
  if (!isRetriable(error)) return 'hopeless';
  if (attempts >= (MaximumRetryAttempts ?? 0)) return { condition: 'MaximumRetryAttempts', attempts };
  const isOld = now - since > (MaximumEventAgeInSeconds ?? 0) * 1000;
  return isOld ? { condition: 'MaximumEventAgeInSeconds', attempts } : undefined;
}

/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html */
export function deadLetterOf(
  { executionId, scheduledAt, scheduleArn, target, attempts }: Invocation,
  { code, message }: AwsError,
  reason: Exhausted | 'hopeless',
): MessageAttributes {
  const values = {
    ERROR_CODE: code,
    ERROR_MESSAGE: message,
    EXECUTION_ID: executionId,
    ...(reason !== 'hopeless' && { EXHAUSTED_RETRY_CONDITION: reason.condition }),
    IS_PAYLOAD_TRUNCATED: 'false',
    RETRY_ATTEMPTS: String(attempts),
    SCHEDULED_TIME: toSecond(scheduledAt),
    SCHEDULE_ARN: scheduleArn,
    TARGET_ARN: target.Arn,
  };
  return Object.fromEntries(
    Object.entries(values).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
}
