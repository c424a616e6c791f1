import { readFileSync } from 'node:fs';
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  AuthorizationType,
  BackedDataSource,
  type BaseDataSource,
  type CfnGraphQLApi,
  Code,
  Definition,
  FunctionRuntime,
  GraphqlApi,
  IntrospectionConfig,
  NoneDataSource,
} from 'aws-cdk-lib/aws-appsync';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IUserPool } from 'aws-cdk-lib/aws-cognito';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';

export interface CrmApiProps {
  readonly alarms: Alarms;
  readonly name: string;
  /** File of the schema, merged and without descriptions. */
  readonly schemaFile: string;
  /** `Type.field` to what answers it: a key of `functions`, or `publish`. */
  readonly manifest: Readonly<Record<string, string>>;
  readonly functions: Readonly<Record<string, IFunction>>;
  /** File of the resolver code that calls a function. */
  readonly invokeCode: string;
  /** File of the resolver code that passes a mutation's input on. */
  readonly publishCode: string;
  readonly userPool: IUserPool;
  /** Whether clients may ask for the schema. */
  readonly introspection: boolean;
  readonly logRetention: RetentionDays;
}

/** As deep as the introspection query of graphql-js, and deeper than any screen asks. */
const QUERY_DEPTH_LIMIT = 15;

/** A batch of 100 rows with a nested field or two for each row stays well below; AppSync's own limit is 10,000. */
const RESOLVER_COUNT_LIMIT = 1000;

/** The GraphQL API: users of the pool and, for the stack's own calls, IAM; one resolver for each field of the manifest. */
export class CrmApi extends Construct {
  readonly api: GraphqlApi;
  readonly realtimeUrl: string;

  constructor(scope: Construct, id: string, props: CrmApiProps) {
    super(scope, id);
    this.api = new GraphqlApi(this, 'Api', {
      name: props.name,
      definition: Definition.fromFile(props.schemaFile),
      authorizationConfig: {
        defaultAuthorization: {
          authorizationType: AuthorizationType.USER_POOL,
          userPoolConfig: { userPool: props.userPool },
        },
        additionalAuthorizationModes: [{ authorizationType: AuthorizationType.IAM }],
      },
      introspectionConfig: props.introspection ? IntrospectionConfig.ENABLED : IntrospectionConfig.DISABLED,
      queryDepthLimit: QUERY_DEPTH_LIMIT,
      resolverCountLimit: RESOLVER_COUNT_LIMIT,
      xrayEnabled: true,
    });
    const resource = this.api.node.defaultChild as CfnGraphQLApi;
    this.realtimeUrl = resource.attrRealtimeUrl;
    this.#logRequests(resource, props.logRetention);
    this.#addResolvers(props);
    props.alarms.watch(this, 'Failing', {
      metric: new Metric({
        namespace: 'AWS/AppSync',
        metricName: '5XXError',
        dimensionsMap: { GraphQLAPIId: this.api.apiId },
        period: Duration.minutes(5),
        statistic: 'Sum',
      }),
      threshold: 1,
      description:
        'The API answered with a server error. Look into the log of the API, then of its functions.',
    });
  }

  /** Requests are logged, their bodies and variables are not: those hold what customers said. */
  #logRequests(resource: CfnGraphQLApi, retention: RetentionDays): void {
    const log = new LogGroup(this, 'Log', {
      logGroupName: `/aws/appsync/apis/${this.api.apiId}`,
      retention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'LogRole', { assumedBy: new ServicePrincipal('appsync.amazonaws.com') });
    log.grantWrite(role);
    resource.logConfig = {
      cloudWatchLogsRoleArn: role.roleArn,
      fieldLogLevel: 'NONE',
      excludeVerboseContent: true,
    };
    Validations.of(resource).acknowledge({
      id: 'AwsSolutions-ASC3',
      reason:
        'Request-level logging is on; headers, bodies and variables are left out, as they hold personal data.',
    });
  }

  #addResolvers(props: CrmApiProps): void {
    const invoke = Code.fromInline(readFileSync(props.invokeCode, 'utf8'));
    const publish = Code.fromInline(readFileSync(props.publishCode, 'utf8'));
    const sources = new Map<string, BaseDataSource>([
      ['publish', new NoneDataSource(this, 'publish', { api: this.api })],
    ]);
    for (const [name, lambda] of Object.entries(props.functions)) {
      sources.set(name, new FunctionDataSource(this, name, this.api, lambda));
    }
    for (const [field, source] of Object.entries(props.manifest)) {
      const [typeName = '', fieldName = ''] = field.split('.');
      const dataSource = sources.get(source);
      if (dataSource === undefined) {
        throw new Error(
          `${field} is answered by ${JSON.stringify(source)}. There are: ${[...sources.keys()].join(', ')}.`,
        );
      }
      dataSource.createResolver(field, {
        typeName,
        fieldName,
        runtime: FunctionRuntime.JS_1_0_0,
        code: source === 'publish' ? publish : invoke,
      });
    }
  }
}

/** Calls one function, and may call no other. The library's own also grants all versions of the function. */
class FunctionDataSource extends BackedDataSource {
  constructor(scope: Construct, id: string, api: GraphqlApi, lambda: IFunction) {
    super(
      scope,
      id,
      { api, name: id },
      { type: 'AWS_LAMBDA', lambdaConfig: { lambdaFunctionArn: lambda.functionArn } },
    );
    this.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [lambda.functionArn] }),
    );
  }
}
