import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, visit } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manifest } from '../../graphql/manifest.ts';
import { type Assembly, assemblyOf, ofType, removeAssemblies, target } from './assembly.ts';
import {
  blindAlarms,
  endlessLogs,
  sharedRoles,
  statementsOf,
  unsafeTargets,
  unwatchedQueues,
  wildcardGrants,
} from './rules.ts';

const SCHEMA_FOLDER = join(import.meta.dirname, '../../graphql/schema');

let acme: Assembly;

beforeAll(async () => {
  acme = await assemblyOf('acme');
}, 60_000);

afterAll(removeAssemblies);

describe('the functions', () => {
  test('are one each for the contexts of the API, the relay and the consumers', () => {
    const names = functions().map(({ name }) => name);
    const consumers = ['live-updates', 'relay', 'scoring'];
    const api = new Set(Object.values(manifest).filter((source) => source !== 'publish'));
    expect(names.sort()).toEqual([...api, ...consumers].sort());
  });

  test('run as the same bundles on arm64, traced by the platform', () => {
    for (const [, { Properties }] of ofType(acme.app, 'AWS::Lambda::Function')) {
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        TracingConfig: { Mode: 'Active' },
      });
      expect(Properties).not.toHaveProperty('ReservedConcurrentExecutions');
    }
  });

  test('have a role each', () => {
    expect(sharedRoles(acme.app)).toEqual([]);
  });

  test('may call what they call, and nothing else', () => {
    expect(Object.fromEntries(functions().map(({ name, roleId }) => [name, rightsOf(roleId)]))).toEqual({
      team: [],
      nodes: ['dynamodb:BatchGetItem Crm', 'dynamodb:GetItem Crm'],
      customers: [
        'dynamodb:BatchGetItem Crm',
        'dynamodb:DeleteItem Crm',
        'dynamodb:GetItem Crm',
        'dynamodb:GetItem Technical',
        'dynamodb:PutItem Crm',
        'dynamodb:PutItem Technical',
        'dynamodb:Query Crm',
        'dynamodb:Query Crm/index/gsi1',
      ],
      interactions: ['dynamodb:BatchGetItem Crm', 'dynamodb:PutItem Crm', 'dynamodb:Query Crm'],
      sales: ['dynamodb:BatchGetItem Crm', 'dynamodb:PutItem Crm', 'dynamodb:Query Crm'],
      insights: ['dynamodb:GetItem Crm'],
      relay: [
        'dynamodb:DescribeStream Crm',
        'dynamodb:GetRecords Crm',
        'dynamodb:GetShardIterator Crm',
        'dynamodb:ListStreams Crm',
        'events:PutEvents Bus',
        's3:ListBucket FailedBatches',
        's3:PutObject FailedBatches/aws/lambda/*',
      ],
      scoring: [
        'dynamodb:BatchGetItem Crm',
        'dynamodb:GetItem Crm',
        'dynamodb:PutItem Crm',
        'dynamodb:Query Crm',
        ...queueRights('ScoringIncomingQueue'),
      ],
      'live-updates': [
        'appsync:GraphQL GraphQLApi/types/Mutation/fields/_publishCustomerActivity',
        ...queueRights('LiveUpdatesIncomingQueue'),
      ],
    });
  });

  test('get no wildcard but where AWS leaves no choice', () => {
    expect(wildcardGrants(acme.app)).toEqual([]);
  });

  test('find the tables, the tenant and their own settings in the environment', () => {
    const common = [
      'LOG_LEVEL',
      'POWERTOOLS_SERVICE_NAME',
      'TABLE_NAME',
      'TECHNICAL_TABLE_NAME',
      'TENANT',
      'TENANT_CONFIG',
    ];
    const more: Readonly<Record<string, readonly string[]>> = {
      relay: ['BUS_NAME'],
      'live-updates': ['GRAPHQL_URL'],
    };
    for (const { name, environment } of functions()) {
      expect(Object.keys(environment).sort()).toEqual([...common, ...(more[name] ?? [])].sort());
      const { timeZone, engagement } = JSON.parse(String(environment.TENANT_CONFIG));
      expect(timeZone).toBe('Europe/Berlin');
      expect(engagement).toMatchObject({
        halfLifeDays: 45,
        points: { PHONE: { inbound: 8, outbound: 3 }, sale: 20 },
      });
    }
  });

  function functions() {
    return ofType(acme.app, 'AWS::Lambda::Function').map(([, { Properties }]) => {
      const environment = (
        Properties.Environment as { readonly Variables: Readonly<Record<string, unknown>> }
      ).Variables;
      return {
        name: String(environment.POWERTOOLS_SERVICE_NAME),
        roleId: target(Properties.Role) ?? '',
        environment,
      };
    });
  }

  /** All rights of a role but those to write its log and its trace, as `action resource`. */
  function rightsOf(roleId: string): string[] {
    return statementsOf(acme.app, roleId)
      .flatMap(({ Action, Resource }) =>
        [Action]
          .flat()
          .flatMap((action) => [Resource].flat().map((resource) => `${action} ${short(resource)}`)),
      )
      .filter((right) => !/^(logs|xray):/.test(right))
      .sort();
  }

  const queueRights = (queue: string) =>
    ['ChangeMessageVisibility', 'DeleteMessage', 'GetQueueAttributes', 'GetQueueUrl', 'ReceiveMessage'].map(
      (action) => `sqs:${action} ${queue}`,
    );

  /** `Crm/index/gsi1` for a join of an imported or own ARN and a suffix. */
  function short(resource: unknown): string {
    const { 'Fn::Join': join, 'Fn::ImportValue': imported } = (resource ?? {}) as {
      readonly 'Fn::Join'?: readonly [string, readonly unknown[]];
      readonly 'Fn::ImportValue'?: string;
    };
    if (join) {
      return join[1].map((part) => (typeof part === 'string' ? part : short(part))).join(join[0]);
    }
    const id = imported?.match(/FnGetAtt(.+?)[0-9A-F]{8}(Stream)?Arn/)?.[1] ?? target(resource);
    return id?.replace(/[0-9A-F]{8}$/, '') ?? JSON.stringify(resource);
  }
});

describe('the way of an event', () => {
  test('leads from a rule to a queue, never to a function', () => {
    expect(unsafeTargets(acme.app)).toEqual([]);
  });

  test('loses nothing: what fails lies in a watched dead-letter queue', () => {
    expect(unwatchedQueues(acme.app)).toEqual([]);
  });

  test('gives a message five tries, and keeps its dead letter longer than the message itself', () => {
    const queues = ofType(acme.app, 'AWS::SQS::Queue').map(([, { Properties }]) => Properties);
    const [consumed, dead] = [true, false].map((is) =>
      queues.filter((queue) => 'RedrivePolicy' in queue === is),
    );
    expect(consumed).toHaveLength(2);
    expect(dead).toHaveLength(4);
    for (const queue of consumed ?? []) {
      expect(queue).toMatchObject({
        RedrivePolicy: { maxReceiveCount: 5 },
        MessageRetentionPeriod: 4 * 86_400,
      });
    }
    for (const queue of dead ?? []) {
      expect(queue).toMatchObject({ MessageRetentionPeriod: 14 * 86_400 });
    }
  });

  test('hides a message for six times the timeout of its consumer, which reports partial failures', () => {
    const mappings = ofType(acme.app, 'AWS::Lambda::EventSourceMapping')
      .map(([, { Properties }]) => Properties)
      .filter(({ ScalingConfig }) => ScalingConfig !== undefined);
    expect(mappings).toHaveLength(2);
    for (const mapping of mappings) {
      const queue = acme.app.Resources[target(mapping.EventSourceArn) ?? ''];
      const consumer = acme.app.Resources[target(mapping.FunctionName) ?? ''];
      expect(queue?.Properties.VisibilityTimeout).toBe(6 * Number(consumer?.Properties.Timeout));
      expect(mapping).toMatchObject({ BatchSize: 10, FunctionResponseTypes: ['ReportBatchItemFailures'] });
    }
  });

  test('starts at the stream, whose failed batches end in the bucket', () => {
    const [mapping] = ofType(acme.app, 'AWS::Lambda::EventSourceMapping')
      .map(([, { Properties }]) => Properties)
      .filter(({ StartingPosition }) => StartingPosition !== undefined);
    expect(mapping).toMatchObject({
      BatchSize: 100,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: 10,
      MaximumRecordAgeInSeconds: 43_200,
      StartingPosition: 'TRIM_HORIZON',
    });
    expect(JSON.stringify(mapping?.DestinationConfig)).toContain('FailedBatches');
  });

  test('brings each event to who waits for it', () => {
    const events = ofType(acme.app, 'AWS::Events::Rule').map(([id, { Properties }]) => [
      id.replace(/Rule.*/, ''),
      (Properties.EventPattern as { readonly 'detail-type': readonly string[] })['detail-type'],
    ]);
    expect(Object.fromEntries(events)).toEqual({
      Scoring: ['crm.interaction.logged.v1', 'crm.order.placed.v1'],
      LiveUpdates: [
        'crm.customer.created.v1',
        'crm.customer.updated.v1',
        'crm.interaction.logged.v1',
        'crm.order.placed.v1',
        'crm.score.changed.v1',
      ],
    });
  });
});

describe('the operators', () => {
  test('hear every alarm, and every alarm watches something that is there', () => {
    expect(ofType(acme.app, 'AWS::CloudWatch::Alarm').length).toBeGreaterThan(10);
    expect(blindAlarms(acme.app)).toEqual([]);
  });

  test('are told at the address of the tenant', () => {
    const [subscription] = ofType(acme.app, 'AWS::SNS::Subscription');
    expect(subscription?.[1].Properties).toMatchObject({ Protocol: 'email', Endpoint: 'ops@acme.example' });
  });

  test('pay for no log that is kept for ever', () => {
    expect(endlessLogs(acme.app)).toEqual([]);
    const days = ofType(acme.app, 'AWS::Logs::LogGroup').map(
      ([, { Properties }]) => Properties.RetentionInDays,
    );
    expect(new Set(days)).toEqual(new Set([90]));
  });
});

describe('the API', () => {
  test('has one resolver for each entry of the manifest, and no other', () => {
    const resolvers = ofType(acme.app, 'AWS::AppSync::Resolver').map(([, { Properties }]) => [
      `${Properties.TypeName}.${Properties.FieldName}`,
      Properties.DataSourceName,
    ]);
    expect(resolvers).toHaveLength(Object.keys(manifest).length);
    expect(Object.fromEntries(resolvers)).toEqual(manifest);
  });

  test('calls a function with a role that may call this one only', () => {
    const sources = ofType(acme.app, 'AWS::AppSync::DataSource').filter(
      ([, { Properties }]) => Properties.Type !== 'NONE',
    );
    expect(sources.length).toBeGreaterThan(0);
    for (const [, { Properties }] of sources) {
      const { LambdaFunctionArn } = Properties.LambdaConfig as { readonly LambdaFunctionArn: unknown };
      expect(statementsOf(acme.app, target(Properties.ServiceRoleArn) ?? '')).toEqual([
        { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: LambdaFunctionArn },
      ]);
    }
  });

  test('lets in users of the pool and, for the stack itself, IAM', () => {
    expect(api()).toMatchObject({
      AuthenticationType: 'AMAZON_COGNITO_USER_POOLS',
      AdditionalAuthenticationProviders: [{ AuthenticationType: 'AWS_IAM' }],
    });
  });

  test('bounds queries, and logs requests without what is in them', () => {
    expect(api()).toMatchObject({
      QueryDepthLimit: 15,
      ResolverCountLimit: 1000,
      XrayEnabled: true,
      LogConfig: { FieldLogLevel: 'NONE', ExcludeVerboseContent: true },
    });
  });

  test('is deployed with every type of the schema, without a description and below 1 MB', () => {
    const [schema] = ofType(acme.app, 'AWS::AppSync::GraphQLSchema');
    const text = String(schema?.[1].Properties.Definition);
    const sources = readdirSync(SCHEMA_FOLDER).map((file) => readFileSync(join(SCHEMA_FOLDER, file), 'utf8'));
    expect(Buffer.byteLength(text)).toBeLessThan(1_000_000);
    expect(describedIn(text)).toBe(0);
    expect(describedIn(sources.join('\n'))).toBeGreaterThan(0);
    expect(namesIn(text)).toEqual(namesIn(sources.join('\n')));
  });

  const api = () => ofType(acme.app, 'AWS::AppSync::GraphQLApi')[0]?.[1].Properties ?? {};

  function describedIn(sdl: string): number {
    let count = 0;
    visit(parse(sdl), { StringValue: (_node, key) => void (key === 'description' && count++) });
    return count;
  }

  function namesIn(sdl: string): string[] {
    const names: string[] = [];
    visit(parse(sdl), { Name: (node) => void names.push(node.value) });
    return names.sort();
  }
});

test('an assembly tells tools where everything is', () => {
  const { data, app } = acme;
  expect(
    Object.keys({ ...data.Outputs, ...app.Outputs })
      .filter((name) => !name.startsWith('Exports'))
      .sort(),
  ).toEqual([
    'eventBusName',
    'graphqlUrl',
    'realtimeUrl',
    'region',
    'tableName',
    'technicalTableName',
    'userPoolClientId',
    'userPoolId',
  ]);
  expect(app.Outputs?.region?.Value).toBe('eu-central-1');
});
