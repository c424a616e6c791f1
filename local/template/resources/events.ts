import type { EventBridge } from '../../events/events.ts';
import type { TargetDefinition } from '../../events/rule.ts';
import type { Properties, ResourceTypes } from '../deploy.ts';

interface TargetProperties {
  readonly Id: string;
  readonly Arn: string;
  readonly DeadLetterConfig?: { readonly Arn?: string };
  readonly Input?: string;
  readonly InputPath?: string;
  readonly InputTransformer?: {
    readonly InputPathsMap?: Readonly<Record<string, string>>;
    readonly InputTemplate: string;
  };
  /** Retries do not matter where a queue in the same process takes every message. */
  readonly RetryPolicy?: unknown;
}

const TARGET_PROPERTIES = new Set([
  'Id',
  'Arn',
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
  const { Id, Arn, DeadLetterConfig, Input, InputPath, InputTransformer } = target;
  return {
    id: Id,
    arn: Arn,
    ...(DeadLetterConfig?.Arn !== undefined && { deadLetterArn: DeadLetterConfig.Arn }),
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

export function eventTypes({
  events,
}: {
  events: Pick<EventBridge, 'createBus' | 'putRule'>;
}): ResourceTypes {
  function createRule(properties: Properties, name: string) {
    if (properties.EventPattern === undefined) {
      throw new Error('the rule has no EventPattern, and only patterns start rules here');
    }
    return events.putRule({
      name,
      ...(properties.EventBusName !== undefined && { busName: String(properties.EventBusName) }),
      eventPattern: properties.EventPattern as object,
      state: properties.State === 'DISABLED' ? 'DISABLED' : 'ENABLED',
      ...(properties.Description !== undefined && { description: String(properties.Description) }),
      targets: ((properties.Targets ?? []) as TargetProperties[]).map(targetOf),
    });
  }

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
        State: 'applied',
        Targets: 'applied',
        Description: 'applied',
        Tags: 'without effect',
      },
      create(properties, resource) {
        const name = String(properties.Name ?? resource.name());
        // Of a rule on a bus of one's own, CloudFormation's Ref is "bus|rule".
        const bus = properties.EventBusName;
        const { arn } = createRule(properties, name);
        return { ref: bus === undefined ? name : `${String(bus)}|${name}`, attributes: { Arn: arn } };
      },
    },
  };
}
