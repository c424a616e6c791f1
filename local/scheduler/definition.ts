import * as v from 'valibot';
import { compileExpression } from './expression.ts';
import { invalid } from './rest.ts';
import { checkParameters, objectIn, universalTarget } from './universal.ts';

/** The name of a schedule or of a group. */
export const nameSchema = v.pipe(
  v.string(),
  v.regex(/^[\w.-]{1,64}$/, 'give 1 to 64 letters, digits, . _ and -'),
);
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
      /^arn:aws:(sqs:[^:]*:\d*:(?!.*\.fifo$)|lambda:[^:]*:\d*:function:|events:[^:]*:\d*:event-bus\/|scheduler:::aws-sdk:[^:]+:[^:]+$)/,
      'here a schedule has a standard queue, a function, an event bus or an action of a service as its target',
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
  Name: nameSchema,
  GroupName: v.optional(nameSchema, 'default'),
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
  checkTarget(Target);
  return definition;
}

/** A bus gets its input as the detail of an event, an action as its parameters. */
function checkTarget({ Arn, EventBridgeParameters, Input }: ScheduleTarget): void {
  const universal = universalTarget(Arn);
  if (universal) checkParameters(universal, Input);
  if (!Arn.startsWith('arn:aws:events:')) return;
  if (!EventBridgeParameters) throw invalid('EventBridgeParameters are required for an event bus.');
  objectIn(Input, 'an event bus');
}
