import { Kind, parse } from 'graphql';
import { AwsError, type Place } from '../aws.ts';
import { compileInput, type TargetInput, type Transform } from './target-input.ts';

export interface TargetDefinition extends TargetInput {
  readonly id: string;
  /** Of an SQS queue, an event bus, a function, a log group or the endpoint of a GraphQL API. */
  readonly arn: string;
  /** The role that puts events on the bus, or calls the API, that is the target. */
  readonly roleArn?: string;
  /** The mutation to run, of an API; its variables are the target's input. */
  readonly graphQLOperation?: string;
  /** The queue that receives what could not be delivered. */
  readonly deadLetterArn?: string;
  readonly retryPolicy?: RetryPolicy;
}

/** How often and how long a delivery that failed for the moment is tried again. */
export interface RetryPolicy {
  /** 0 to 185, which is the default. */
  readonly maximumRetryAttempts?: number;
  /** 60 to 86,400, which is the default. */
  readonly maximumEventAgeSeconds?: number;
}

export interface Target {
  readonly definition: TargetDefinition;
  /** The bus that gets the event, of a target that is one. */
  readonly busName: string | undefined;
  /** The mutation to run, of a target that is an API. */
  readonly operation: string | undefined;
  readonly transform: Transform;
  readonly retryPolicy: Required<RetryPolicy>;
}

/** Services whose resources get a message from here; a bus gets the event itself. */
const RECEIVERS = /^arn:aws:(sqs:|lambda:[^:]*:\d*:function:|logs:[^:]*:\d*:log-group:)/;

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** Checks and compiles a target of a rule. Throws `ValidationException`. */
export function compileTarget(definition: TargetDefinition, ruleName: string, place: Place): Target {
  const { id, arn } = definition;
  const buses = `arn:aws:events:${place.region}:${place.accountId}:event-bus/`;
  const apis = `arn:aws:appsync:${place.region}:${place.accountId}:endpoints/graphql-api/`;
  const busName = arn.startsWith(buses) ? arn.slice(buses.length) : undefined;
  const isApi = arn.startsWith(apis);
  if (busName === undefined && !isApi && !RECEIVERS.test(arn)) {
    throw invalid(
      `Target ${id} of rule ${ruleName} is ${arn}: here a rule delivers to SQS queues, functions, log groups and to event buses and GraphQL APIs of ${place.accountId} in ${place.region}. Put a queue before anything else.`,
    );
  }
  if (busName !== undefined) checkBusTarget(definition, ruleName);
  const operation = operationOf(definition, ruleName, isApi);
  try {
    const retryPolicy = retryPolicyOf(definition.retryPolicy);
    return { definition, busName, operation, transform: compileInput(definition), retryPolicy };
  } catch (error) {
    throw invalid(`Target ${id} of rule ${ruleName}: ${(error as Error).message}`);
  }
}

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_RetryPolicy.html */
function retryPolicyOf({
  maximumRetryAttempts = 185,
  maximumEventAgeSeconds = 86_400,
}: RetryPolicy = {}): Required<RetryPolicy> {
  const check = (name: string, value: number, least: number, most: number) => {
    if (Number.isInteger(value) && value >= least && value <= most) return;
    throw new Error(`${name} is ${value}: give a whole number from ${least} to ${most}.`);
  };
  check('MaximumRetryAttempts', maximumRetryAttempts, 0, 185);
  check('MaximumEventAgeInSeconds', maximumEventAgeSeconds, 60, 86_400);
  return { maximumRetryAttempts, maximumEventAgeSeconds };
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-bus-to-bus.html */
function checkBusTarget(definition: TargetDefinition, ruleName: string): void {
  const { id, arn, roleArn, input, inputPath, inputTransformer } = definition;
  if (roleArn === undefined) {
    throw invalid(`RoleArn is required for target ${arn} (target ${id} of rule ${ruleName}).`);
  }
  if ([input, inputPath, inputTransformer].some((given) => given !== undefined)) {
    throw invalid(
      `Target ${id} of rule ${ruleName} is an event bus, which gets the event as it is: leave out Input, InputPath and InputTransformer.`,
    );
  }
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/target-appsync.html */
function operationOf(definition: TargetDefinition, ruleName: string, isApi: boolean): string | undefined {
  const { id, arn, roleArn, graphQLOperation } = definition;
  const where = `(target ${id} of rule ${ruleName})`;
  if (!isApi) {
    if (graphQLOperation === undefined) return undefined;
    throw invalid(`AppSyncParameters is not valid for target ${arn} ${where}: leave it out.`);
  }
  if (roleArn === undefined) throw invalid(`RoleArn is required for target ${arn} ${where}.`);
  if (graphQLOperation === undefined) {
    throw invalid(`AppSyncParameters with a GraphQLOperation is required for target ${arn} ${where}.`);
  }
  const reason = problemOf(graphQLOperation);
  if (reason === undefined) return graphQLOperation;
  throw invalid(`GraphQLOperation of target ${id} of rule ${ruleName} ${reason}: give one mutation.`);
}

function problemOf(operation: string): string | undefined {
  try {
    const [only, ...others] = parse(operation).definitions.filter(
      (one) => one.kind === Kind.OPERATION_DEFINITION,
    );
    if (!only || others.length > 0) return `has ${only ? others.length + 1 : 'no'} operations`;
    return only.operation === 'mutation' ? undefined : `is a ${only.operation}`;
  } catch (error) {
    return `cannot be read (${(error as Error).message})`;
  }
}

/** A target as `ListTargetsByRule` answers it. */
export function describeTarget({
  id,
  arn,
  roleArn,
  graphQLOperation,
  deadLetterArn,
  retryPolicy,
  input,
  inputPath,
  inputTransformer,
}: TargetDefinition): object {
  return {
    Id: id,
    Arn: arn,
    ...(roleArn !== undefined && { RoleArn: roleArn }),
    ...(graphQLOperation !== undefined && { AppSyncParameters: { GraphQLOperation: graphQLOperation } }),
    ...(input !== undefined && { Input: input }),
    ...(inputPath !== undefined && { InputPath: inputPath }),
    ...(inputTransformer && {
      InputTransformer: {
        InputPathsMap: inputTransformer.inputPathsMap ?? {},
        InputTemplate: inputTransformer.inputTemplate,
      },
    }),
    ...(deadLetterArn !== undefined && { DeadLetterConfig: { Arn: deadLetterArn } }),
    ...(retryPolicy && {
      RetryPolicy: {
        MaximumRetryAttempts: retryPolicy.maximumRetryAttempts,
        MaximumEventAgeInSeconds: retryPolicy.maximumEventAgeSeconds,
      },
    }),
  };
}
