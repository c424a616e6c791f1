import type { Lambda } from '../../lambda/lambda.ts';
import { mappingIdOf } from '../../lambda/stream-mapping.ts';
import type { Created, Properties, Resource, ResourceTypes } from '../deploy.ts';
import { mappingOf } from './lambda-mapping.ts';
import { given, optionalNumber } from './lambda-properties.ts';

type Functions = Pick<
  Lambda,
  'createFunction' | 'configureAsync' | 'createUrl' | 'mapStream' | 'mapQueue' | 'start'
>;

export interface LambdaTypesOptions {
  readonly lambda: Functions;
  /** The address of the function URL with this id. */
  readonly urlOf: (id: string) => string;
  /** Throws when Lambda may not take on the role of a function; asked when mappings start. Default: it may. */
  readonly assume?: (roleArn: string, functionArn: string) => void;
}

/** The runtime that this Node stands for. */
const RUNTIME = `nodejs${process.versions.node.split('.')[0]}.x`;

function assetDirOf({ Code, Runtime }: Properties, { assets }: Resource): string {
  if (Runtime !== RUNTIME) {
    throw new Error(`the runtime ${String(Runtime)} does not run here: only ${RUNTIME} does`);
  }
  const { S3Key } = (Code ?? {}) as { S3Key?: string };
  const dir = S3Key === undefined ? undefined : assets.get(S3Key);
  if (dir !== undefined) return dir;
  throw new Error(`its code ${JSON.stringify(Code)} is no asset of the assembly`);
}

/** Event source mappings begin to read only when `start` is called: what their functions call is not there before. */
export function lambdaTypes({ lambda, urlOf, assume = () => {} }: LambdaTypesOptions): {
  types: ResourceTypes;
  start: () => void;
} {
  const mappings: (() => void)[] = [];
  const roles = new Map<string, string>();
  const arnOf = ({ place }: Resource, name: string) =>
    `arn:aws:lambda:${place.region}:${place.accountId}:function:${name}`;

  function createFunction(properties: Properties, resource: Resource): Created {
    const name = String(properties.FunctionName ?? resource.name(64));
    const arn = arnOf(resource, name);
    roles.set(arn, String(properties.Role));
    const { Variables = {} } = (properties.Environment ?? {}) as { Variables?: Record<string, string> };
    lambda.createFunction({
      name,
      arn,
      roleArn: String(properties.Role),
      assetDir: assetDirOf(properties, resource),
      handler: String(properties.Handler),
      env: Variables,
      // Lambda's own defaults: 3 seconds, 128 MB.
      timeoutSeconds: Number(properties.Timeout ?? 3),
      memoryMb: Number(properties.MemorySize ?? 128),
      ...given({
        reservedConcurrency: optionalNumber(properties.ReservedConcurrentExecutions),
        deadLetterArn: (properties.DeadLetterConfig as { TargetArn?: string } | undefined)?.TargetArn,
      }),
    });
    return { ref: name, attributes: { Arn: arn } };
  }

  function configureAsync(properties: Properties, resource: Resource): Created {
    const { Qualifier, FunctionName, DestinationConfig } = properties;
    if (Qualifier !== '$LATEST') {
      throw new Error(`Qualifier ${String(Qualifier)} does not run here: only $LATEST does`);
    }
    const name = String(FunctionName);
    const { OnSuccess, OnFailure } = (DestinationConfig ?? {}) as Record<string, { Destination: string }>;
    lambda.configureAsync(
      name.startsWith('arn:') ? name : arnOf(resource, name),
      given({
        maximumRetryAttempts: optionalNumber(properties.MaximumRetryAttempts),
        maximumEventAgeSeconds: optionalNumber(properties.MaximumEventAgeInSeconds),
        onSuccessArn: OnSuccess?.Destination,
        onFailureArn: OnFailure?.Destination,
      }),
    );
    return { ref: resource.name() };
  }

  function createMapping(properties: Properties, resource: Resource): Created {
    const target = String(properties.FunctionName);
    const functionArn = target.startsWith('arn:') ? target : arnOf(resource, target);
    const start = mappingOf(lambda, functionArn, properties);
    if (properties.Enabled !== false) mappings.push(start);
    const id = mappingIdOf(functionArn, String(properties.EventSourceArn));
    const arn = `arn:aws:lambda:${resource.place.region}:${resource.place.accountId}:event-source-mapping:${id}`;
    return { ref: id, attributes: { Id: id, EventSourceMappingArn: arn } };
  }

  function createUrl(properties: Properties, resource: Resource): Created {
    const { AuthType, InvokeMode = 'BUFFERED' } = properties;
    if (AuthType !== 'NONE') {
      throw new Error(`AuthType ${String(AuthType)} does not run here: only NONE does`);
    }
    if (InvokeMode !== 'BUFFERED') {
      throw new Error(`InvokeMode ${String(InvokeMode)} does not run here: only BUFFERED does`);
    }
    const target = String(properties.TargetFunctionArn);
    const arn = target.startsWith('arn:') ? target : arnOf(resource, target);
    const { id } = lambda.createUrl(arn);
    return { ref: arn, attributes: { FunctionArn: arn, FunctionUrl: urlOf(id) } };
  }

  const types: ResourceTypes = {
    'AWS::Lambda::Function': {
      treatment: 'run',
      properties: {
        FunctionName: 'applied',
        Code: 'applied',
        Handler: 'applied',
        Runtime: 'applied',
        Role: 'applied',
        Environment: 'applied',
        Timeout: 'applied',
        MemorySize: 'applied',
        ReservedConcurrentExecutions: 'applied',
        DeadLetterConfig: 'applied',
        Architectures: 'without effect',
        Description: 'without effect',
        EphemeralStorage: 'without effect',
        LoggingConfig: 'without effect',
        Tags: 'without effect',
        TracingConfig: 'without effect',
      },
      create: createFunction,
    },
    'AWS::Lambda::Url': {
      treatment: 'run',
      properties: { TargetFunctionArn: 'applied', AuthType: 'applied', InvokeMode: 'applied' },
      create: createUrl,
    },
    'AWS::Lambda::EventInvokeConfig': {
      treatment: 'run',
      properties: {
        FunctionName: 'applied',
        Qualifier: 'applied',
        MaximumRetryAttempts: 'applied',
        MaximumEventAgeInSeconds: 'applied',
        DestinationConfig: 'applied',
      },
      create: configureAsync,
    },
    'AWS::Lambda::EventSourceMapping': {
      treatment: 'run',
      properties: {
        FunctionName: 'applied',
        EventSourceArn: 'applied',
        Enabled: 'applied',
        StartingPosition: 'applied',
        BatchSize: 'applied',
        MaximumBatchingWindowInSeconds: 'applied',
        BisectBatchOnFunctionError: 'applied',
        MaximumRetryAttempts: 'applied',
        MaximumRecordAgeInSeconds: 'applied',
        ParallelizationFactor: 'applied',
        FunctionResponseTypes: 'applied',
        FilterCriteria: 'applied',
        DestinationConfig: 'applied',
        ScalingConfig: 'applied',
        MetricsConfig: 'without effect',
        Tags: 'without effect',
      },
      create: createMapping,
    },
  };
  return {
    types,
    start() {
      for (const [functionArn, roleArn] of roles) assume(roleArn, functionArn);
      lambda.start();
      for (const map of mappings) map();
    },
  };
}
