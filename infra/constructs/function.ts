import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement, type PolicyStatementProps, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, LogGroup, MetricFilter, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';

/** What all functions of a stack have in common. */
export interface FunctionDefaults {
  readonly alarms: Alarms;
  /** The folder of each function's bundle by the function's name. */
  readonly bundles: ReadonlyMap<string, string>;
  /** Environment variables that every function gets. */
  readonly environment: Readonly<Record<string, string>>;
  readonly logRetention: RetentionDays;
  /** How many executions are reserved for a function, by its name. @default none */
  readonly concurrency?: Readonly<Record<string, number | undefined>>;
}

export interface FideliaFunctionProps extends FunctionDefaults {
  /** The function's name among the bundles. */
  readonly name: string;
  /** What the function is for, as the console of AWS shows it. */
  readonly description: string;
  /** In MB; the share of a CPU grows with it. */
  readonly memorySize: number;
  readonly timeout: Duration;
}

/** One function with a role, a log and an alarm of its own. It may do nothing but write its log until it is allowed to. */
export class FideliaFunction extends LambdaFunction {
  /** The function's name among the bundles. */
  readonly name: string;

  constructor(scope: Construct, id: string, props: FideliaFunctionProps) {
    const bundle = props.bundles.get(props.name);
    if (bundle === undefined) {
      const known = [...props.bundles.keys()].join(', ');
      throw new Error(`There is no functions/**/${props.name}/handler.ts. There are: ${known || 'none'}.`);
    }
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const logGroup = new LogGroup(scope, `${id}Log`, {
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    logGroup.grantWrite(role);
    const reserved = props.concurrency?.[props.name];
    super(scope, id, {
      description: props.description,
      code: Code.fromAsset(bundle),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memorySize,
      timeout: props.timeout,
      role,
      logGroup,
      tracing: Tracing.ACTIVE,
      ...(reserved === undefined ? {} : { reservedConcurrentExecutions: reserved }),
      environment: { ...props.environment, POWERTOOLS_SERVICE_NAME: props.name },
    });
    this.name = props.name;
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'X-Ray takes no resource in xray:PutTraceSegments and xray:PutTelemetryRecords.',
    });
    props.alarms.watch(this, 'Failing', {
      metric: this.metricErrors({ period: Duration.minutes(5), statistic: 'Sum' }),
      threshold: 1,
      description: `The function ${props.name} threw, timed out or ran out of memory. Read the end of its log.`,
    });
    props.alarms.watch(this, 'Throttled', {
      metric: this.metricThrottles({ period: Duration.minutes(5), statistic: 'Sum' }),
      threshold: 1,
      description: `The function ${props.name} was not started: all executions were in use, its own (concurrency in the tenant's file) or the account's (docs/operations.md, "Quotas").`,
    });
    this.#watchLog(props, logGroup);
  }

  /** Lambda counts only what is thrown; what a handler answers as a failure is an error in the log alone. */
  #watchLog({ name, alarms }: FideliaFunctionProps, logGroup: LogGroup): void {
    const errors = new MetricFilter(this, 'ErrorsLogged', {
      logGroup,
      filterPattern: FilterPattern.stringValue('$.level', '=', 'ERROR'),
      metricNamespace: 'Fidelia',
      metricName: `ErrorsLogged-${name}`,
    });
    alarms.watch(this, 'LoggingErrors', {
      metric: errors.metric({ period: Duration.minutes(5), statistic: 'Sum' }),
      threshold: 1,
      description: `The function ${name} could not do what was asked of it. Look for level ERROR in its log.`,
    });
  }

  /** Adds rights to the function's role; without actions or resources, none. */
  allow(
    actions: readonly string[],
    resources: readonly string[],
    conditions: NonNullable<PolicyStatementProps['conditions']> = {},
  ): void {
    if (actions.length > 0 && resources.length > 0) {
      this.addToRolePolicy(
        new PolicyStatement({ actions: [...actions], resources: [...resources], conditions }),
      );
    }
  }
}
