import { AwsError, type Place } from '../aws.ts';
import { type Archive, managedRuleName } from './archive.ts';
import { toSecond } from './event.ts';
import { PatternError } from './leaf.ts';
import { compilePattern, type EventMatcher } from './pattern.ts';
import { compileSchedule, type NextRun } from './schedule.ts';
import { compileTarget, type Target, type TargetDefinition } from './target.ts';
import type { RuleContext } from './target-input.ts';

/** A rule as a template describes it. */
export interface RuleDefinition {
  readonly name: string;
  /** Default: `default`. */
  readonly busName?: string;
  /** The pattern, as an object or as its JSON text; left out only where there is a schedule. */
  readonly eventPattern?: object | string;
  /** `rate(…)` or `cron(…)`, on the default bus only. */
  readonly scheduleExpression?: string;
  /** Default: `ENABLED`. */
  readonly state?: 'ENABLED' | 'DISABLED';
  readonly description?: string;
  readonly targets: readonly TargetDefinition[];
}

export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly busName: string;
  readonly pattern: string | undefined;
  readonly schedule: { readonly expression: string; readonly next: NextRun } | undefined;
  readonly enabled: boolean;
  readonly description: string | undefined;
  readonly matches: EventMatcher;
  readonly targets: readonly Target[];
  /** What the matching events are kept in, of a rule that EventBridge made itself. */
  readonly archive?: Archive;
}

/** What a target's input may tell of the rule, `now` in milliseconds since 1970. */
export function contextOf({ arn, name }: Rule, now: number): RuleContext {
  return { ruleArn: arn, ruleName: name, ingestionTime: toSecond(now) };
}

/** Checks and compiles a rule of `place`. Throws `InvalidEventPatternException` or `ValidationException`. */
export function compileRule(definition: RuleDefinition, arn: string, place: Place): Rule {
  const { name, busName = 'default', eventPattern, scheduleExpression, state = 'ENABLED' } = definition;
  if (!/^[\w.-]{1,64}$/.test(name)) {
    throw invalid(`Rule name '${name}' must be 1 to 64 of letters, digits, '.', '-', '_'.`);
  }
  if (definition.targets.length > 5) {
    throw new AwsError(
      'LimitExceededException',
      `Rule ${name} has ${definition.targets.length} targets; a rule has at most 5.`,
    );
  }
  if (eventPattern === undefined && scheduleExpression === undefined) {
    throw invalid(`Rule ${name} needs an EventPattern, a ScheduleExpression or both.`);
  }
  if (scheduleExpression !== undefined && busName !== 'default') {
    throw invalid(
      `ScheduleExpression is supported only on the default event bus, and rule ${name} is on ${busName}.`,
    );
  }
  const pattern = typeof eventPattern === 'object' ? JSON.stringify(eventPattern) : eventPattern;
  return {
    name,
    arn,
    busName,
    pattern,
    schedule:
      scheduleExpression === undefined
        ? undefined
        : { expression: scheduleExpression, next: compileSchedule(scheduleExpression) },
    enabled: state === 'ENABLED',
    description: definition.description,
    matches: pattern === undefined ? () => false : patternMatcher(pattern),
    targets: definition.targets.map((target) => compileTarget(target, name, place)),
  };
}

/**
 * The rule that EventBridge makes for an archive and nobody else can change
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html).
 */
export function managedRule(archive: Archive, arn: string): Rule {
  return {
    name: managedRuleName(archive.name),
    arn,
    busName: archive.busName,
    pattern: archive.managedPattern,
    schedule: undefined,
    enabled: true,
    description: undefined,
    matches: patternMatcher(archive.managedPattern),
    targets: [],
    archive,
  };
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
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

/** A rule as `DescribeRule` answers it. */
export function describeRule(rule: Rule): object {
  const { name, arn, pattern, schedule, enabled, busName, description, archive } = rule;
  return {
    Name: name,
    Arn: arn,
    ...(pattern !== undefined && { EventPattern: pattern }),
    ...(schedule && { ScheduleExpression: schedule.expression }),
    State: enabled ? 'ENABLED' : 'DISABLED',
    EventBusName: busName,
    ...(description !== undefined && { Description: description }),
    ...(archive && { ManagedBy: 'prod.vhs.events.aws.internal' }),
  };
}
