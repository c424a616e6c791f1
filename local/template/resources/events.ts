import type { EventBridge } from '../../events/events.ts';
import type { RuleDefinition } from '../../events/rule.ts';
import type { TargetDefinition } from '../../events/target.ts';
import type { Properties, ResourceTypes } from '../deploy.ts';

interface TargetProperties {
  readonly Id: string;
  readonly Arn: string;
  readonly RoleArn?: string;
  readonly AppSyncParameters?: { readonly GraphQLOperation?: string };
  readonly DeadLetterConfig?: { readonly Arn?: string };
  readonly Input?: string;
  readonly InputPath?: string;
  readonly InputTransformer?: {
    readonly InputPathsMap?: Readonly<Record<string, string>>;
    readonly InputTemplate: string;
  };
  readonly RetryPolicy?: {
    readonly MaximumRetryAttempts?: number;
    readonly MaximumEventAgeInSeconds?: number;
  };
}

const TARGET_PROPERTIES = new Set([
  'Id',
  'Arn',
  'RoleArn',
  'AppSyncParameters',
  'DeadLetterConfig',
  'Input',
  'InputPath',
  'InputTransformer',
  'RetryPolicy',
]);

function targetOf(target: TargetProperties): TargetDefinition {
  const unknown = Object.keys(target).filter((name) => !TARGET_PROPERTIES.has(name));
  if (unknown.length > 0) {
    throw new Error(`target ${target.Id} has ${unknown.join(', ')}, which rules do not know here`);
  }
  const { Id, Arn, RoleArn, AppSyncParameters, DeadLetterConfig, RetryPolicy } = target;
  const { Input, InputPath, InputTransformer } = target;
  const operation = AppSyncParameters?.GraphQLOperation;
  return {
    id: Id,
    arn: Arn,
    ...(RoleArn !== undefined && { roleArn: RoleArn }),
    ...(operation !== undefined && { graphQLOperation: operation }),
    ...(DeadLetterConfig?.Arn !== undefined && { deadLetterArn: DeadLetterConfig.Arn }),
    ...(RetryPolicy && {
      retryPolicy: {
        ...(RetryPolicy.MaximumRetryAttempts !== undefined && {
          maximumRetryAttempts: Number(RetryPolicy.MaximumRetryAttempts),
        }),
        ...(RetryPolicy.MaximumEventAgeInSeconds !== undefined && {
          maximumEventAgeSeconds: Number(RetryPolicy.MaximumEventAgeInSeconds),
        }),
      },
    }),
    ...(Input !== undefined && { input: Input }),
    ...(InputPath !== undefined && { inputPath: InputPath }),
    ...(InputTransformer && {
      inputTransformer: {
        inputTemplate: InputTransformer.InputTemplate,
        ...(InputTransformer.InputPathsMap && { inputPathsMap: InputTransformer.InputPathsMap }),
      },
    }),
  };
}

function ruleOf(properties: Properties, name: string): RuleDefinition {
  const { EventBusName, EventPattern, ScheduleExpression, State, Description, Targets = [] } = properties;
  if (State !== undefined && State !== 'ENABLED' && State !== 'DISABLED') {
    throw new Error(`State is ${String(State)}: here a rule is ENABLED or DISABLED`);
  }
  return {
    name,
    ...(EventBusName !== undefined && { busName: String(EventBusName) }),
    ...(EventPattern !== undefined && { eventPattern: EventPattern as object }),
    ...(ScheduleExpression !== undefined && { scheduleExpression: String(ScheduleExpression) }),
    ...(State !== undefined && { state: State }),
    ...(Description !== undefined && { description: String(Description) }),
    targets: (Targets as TargetProperties[]).map(targetOf),
  };
}

/** Buses with their rules and archives. */
export function eventTypes({
  events,
}: {
  events: Pick<EventBridge, 'createBus' | 'putRule' | 'putArchive'>;
}): ResourceTypes {
  return {
    'AWS::Events::EventBus': {
      treatment: 'run',
      properties: { Name: 'applied', Description: 'without effect', Tags: 'without effect' },
      create(properties) {
        const name = String(properties.Name);
        const { arn } = events.createBus(name);
        return { ref: name, attributes: { Arn: arn, Name: name } };
      },
    },
    'AWS::Events::Rule': {
      treatment: 'run',
      properties: {
        Name: 'applied',
        EventBusName: 'applied',
        EventPattern: 'applied',
        ScheduleExpression: 'applied',
        RoleArn: 'without effect',
        State: 'applied',
        Targets: 'applied',
        Description: 'applied',
        Tags: 'without effect',
      },
      create(properties, resource) {
        const name = String(properties.Name ?? resource.name());
        // Of a rule on a bus of one's own, CloudFormation's Ref is "bus|rule".
        const bus = properties.EventBusName;
        const { arn } = events.putRule(ruleOf(properties, name));
        return { ref: bus === undefined ? name : `${String(bus)}|${name}`, attributes: { Arn: arn } };
      },
    },
    'AWS::Events::Archive': {
      treatment: 'run',
      properties: {
        ArchiveName: 'applied',
        SourceArn: 'applied',
        EventPattern: 'applied',
        RetentionDays: 'applied',
        Description: 'applied',
        KmsKeyIdentifier: 'without effect',
      },
      create({ ArchiveName, SourceArn, EventPattern, RetentionDays, Description }, resource) {
        const name = String(ArchiveName ?? resource.name(48));
        const { arn } = events.putArchive({
          name,
          sourceArn: String(SourceArn),
          ...(EventPattern !== undefined && { eventPattern: EventPattern as object }),
          ...(RetentionDays !== undefined && { retentionDays: Number(RetentionDays) }),
          ...(Description !== undefined && { description: String(Description) }),
        });
        return { ref: name, attributes: { Arn: arn, ArchiveName: name } };
      },
    },
  };
}
