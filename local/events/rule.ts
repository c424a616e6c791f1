import { AwsError } from '../aws.ts';
import { PatternError } from './leaf.ts';
import { compilePattern, type EventMatcher } from './pattern.ts';
import { compileInput, type TargetInput, type Transform } from './target-input.ts';

/** A rule as a template describes it. */
export interface RuleDefinition {
  readonly name: string;
  /** Default: `default`. */
  readonly busName?: string;
  /** The pattern, as an object or as its JSON text. */
  readonly eventPattern: object | string;
  /** Default: `ENABLED`. */
  readonly state?: 'ENABLED' | 'DISABLED';
  readonly description?: string;
  readonly targets: readonly TargetDefinition[];
}

export interface TargetDefinition extends TargetInput {
  readonly id: string;
  /** Of an SQS queue. */
  readonly arn: string;
  /** The queue that receives what could not be delivered. */
  readonly deadLetterArn?: string;
}

export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly busName: string;
  readonly pattern: string;
  readonly enabled: boolean;
  readonly description: string | undefined;
  readonly matches: EventMatcher;
  readonly targets: readonly Target[];
}

export interface Target {
  readonly definition: TargetDefinition;
  readonly transform: Transform;
}

/** Checks and compiles a rule. Throws `InvalidEventPatternException` or `ValidationException`. */
export function compileRule(definition: RuleDefinition, arn: string): Rule {
  const { name, busName = 'default', eventPattern, state = 'ENABLED', targets } = definition;
  if (!/^[\w.-]{1,64}$/.test(name)) {
    throw new AwsError(
      'ValidationException',
      `Rule name '${name}' must be 1 to 64 of letters, digits, '.', '-', '_'.`,
    );
  }
  if (targets.length > 5) {
    throw new AwsError(
      'LimitExceededException',
      `Rule ${name} has ${targets.length} targets; a rule has at most 5.`,
    );
  }
  const pattern = typeof eventPattern === 'string' ? eventPattern : JSON.stringify(eventPattern);
  return {
    name,
    arn,
    busName,
    pattern,
    enabled: state === 'ENABLED',
    description: definition.description,
    matches: patternMatcher(pattern),
    targets: targets.map((target) => compileTarget(target, name)),
  };
}

/** The matcher of a pattern given as text. Throws `InvalidEventPatternException` as the service does. */
export function patternMatcher(pattern: string): EventMatcher {
  try {
    if (pattern.length > 4096) throw new PatternError('The pattern is longer than 4096 characters');
    return compilePattern(JSON.parse(pattern));
  } catch (error) {
    if (!(error instanceof PatternError || error instanceof SyntaxError)) throw error;
    throw new AwsError(
      'InvalidEventPatternException',
      `Event pattern is not valid. Reason: ${error.message} in ${pattern}`,
    );
  }
}

function compileTarget(definition: TargetDefinition, ruleName: string): Target {
  const { id, arn } = definition;
  if (!arn.startsWith('arn:aws:sqs:')) {
    throw new AwsError(
      'ValidationException',
      `Target ${id} of rule ${ruleName} is ${arn}: here a rule delivers to SQS queues only. Put a queue before it.`,
    );
  }
  try {
    return { definition, transform: compileInput(definition) };
  } catch (error) {
    throw new AwsError(
      'ValidationException',
      `Target ${id} of rule ${ruleName}: ${(error as Error).message}`,
    );
  }
}

/** A rule as `DescribeRule` answers it. */
export function describeRule({ name, arn, pattern, enabled, busName, description }: Rule): object {
  return {
    Name: name,
    Arn: arn,
    EventPattern: pattern,
    State: enabled ? 'ENABLED' : 'DISABLED',
    EventBusName: busName,
    ...(description !== undefined && { Description: description }),
  };
}

/** A target as `ListTargetsByRule` answers it. */
export function describeTarget({
  id,
  arn,
  deadLetterArn,
  input,
  inputPath,
  inputTransformer,
}: TargetDefinition): object {
  return {
    Id: id,
    Arn: arn,
    ...(input !== undefined && { Input: input }),
    ...(inputPath !== undefined && { InputPath: inputPath }),
    ...(inputTransformer && {
      InputTransformer: {
        InputPathsMap: inputTransformer.inputPathsMap ?? {},
        InputTemplate: inputTransformer.inputTemplate,
      },
    }),
    ...(deadLetterArn !== undefined && { DeadLetterConfig: { Arn: deadLetterArn } }),
  };
}
