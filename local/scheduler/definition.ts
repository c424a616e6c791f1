import * as v from 'valibot';
import { AwsError } from '../aws.ts';
import { compileExpression } from './expression.ts';

const name = v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/, 'give 1 to 64 letters, digits, . _ and -'));
const whole = (least: number, most: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));
/** The wire has seconds since 1970, templates have ISO 8601. */
const time = v.pipe(
  v.union([v.number(), v.string()]),
  v.transform((given) => (typeof given === 'number' ? given * 1000 : Date.parse(given))),
  v.number('give a time'),
);

const targetSchema = v.strictObject({
  Arn: v.pipe(
    v.string(),
    v.regex(
      /^arn:aws:(sqs:[^:]*:\d*:(?!.*\.fifo$)|lambda:[^:]*:\d*:function:|events:[^:]*:\d*:event-bus\/)/,
      'here a schedule has a standard queue, a function or an event bus as its target',
    ),
  ),
  RoleArn: v.pipe(v.string(), v.regex(/^arn:aws:iam::\d{12}:role\//, 'give the ARN of a role')),
  Input: v.optional(v.string()),
  EventBridgeParameters: v.optional(
    v.strictObject({
      DetailType: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
      Source: v.pipe(v.string(), v.regex(/^(?!aws\.)[\w.-]+$/, 'a source does not begin with aws.')),
    }),
  ),
  RetryPolicy: v.optional(
    v.strictObject({
      MaximumRetryAttempts: v.optional(whole(0, 185)),
      MaximumEventAgeInSeconds: v.optional(whole(60, 86_400)),
    }),
  ),
  DeadLetterConfig: v.optional(v.strictObject({ Arn: v.optional(v.string()) })),
});

const windowSchema = v.variant('Mode', [
  v.strictObject({ Mode: v.literal('OFF') }),
  v.strictObject({ Mode: v.literal('FLEXIBLE'), MaximumWindowInMinutes: whole(1, 1440) }),
]);

const schema = v.strictObject({
  Name: name,
  GroupName: v.optional(name, 'default'),
  Description: v.optional(v.pipe(v.string(), v.maxLength(512))),
  ScheduleExpression: v.string(),
  ScheduleExpressionTimezone: v.optional(v.string(), 'UTC'),
  FlexibleTimeWindow: windowSchema,
  StartDate: v.optional(time),
  EndDate: v.optional(time),
  State: v.optional(v.picklist(['ENABLED', 'DISABLED']), 'ENABLED'),
  ActionAfterCompletion: v.optional(v.picklist(['NONE', 'DELETE']), 'NONE'),
  Target: targetSchema,
  KmsKeyArn: v.optional(v.string()),
  ClientToken: v.optional(v.string()),
});

/** A schedule as `CreateSchedule` takes it; times are milliseconds since 1970. */
export type ScheduleDefinition = v.InferOutput<typeof schema>;
export type ScheduleTarget = ScheduleDefinition['Target'];

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html @throws AwsError `ValidationException` */
export function scheduleOf(input: unknown): ScheduleDefinition {
  const parsed = v.safeParse(schema, input);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    throw invalid(`${v.getDotPath(issue) ?? 'The schedule'} is not valid: ${issue.message}.`);
  }
  const definition = parsed.output;
  const { ScheduleExpression, ScheduleExpressionTimezone, StartDate, EndDate, Target } = definition;
  try {
    compileExpression(ScheduleExpression, ScheduleExpressionTimezone);
  } catch (error) {
    throw invalid(`Invalid Schedule Expression ${ScheduleExpression}: ${(error as Error).message}.`);
  }
  if (StartDate !== undefined && EndDate !== undefined && EndDate <= StartDate) {
    throw invalid('EndDate must come after StartDate.');
  }
  if (Target.Arn.startsWith('arn:aws:events:')) checkBusTarget(Target);
  return definition;
}

/** A bus gets its input as the detail of an event, which is an object. */
function checkBusTarget({ EventBridgeParameters, Input = '' }: ScheduleTarget): void {
  if (!EventBridgeParameters) throw invalid('EventBridgeParameters are required for an event bus.');
  try {
    const detail: unknown = JSON.parse(Input);
    if (detail !== null && typeof detail === 'object' && !Array.isArray(detail)) return;
  } catch {
    // Told below, with what it is.
  }
  throw invalid(`Input for an event bus must be a JSON object, not ${JSON.stringify(Input)}.`);
}
