import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manifest } from '../../graphql/manifest.ts';
import { type Assembly, assemblyOf, ofType, removeAssemblies, target } from './assembly.ts';
import { functionsOf, rightsOf } from './rights.ts';
import {
  blindAlarms,
  endlessLogs,
  sharedRoles,
  unheardFunctions,
  unsafeTargets,
  unwatchedQueues,
  wildcardGrants,
} from './rules.ts';

let acme: Assembly;

beforeAll(async () => {
  acme = await assemblyOf('acme');
}, 60_000);

afterAll(removeAssemblies);

const queueRights = (queue: string) =>
  ['ChangeMessageVisibility', 'DeleteMessage', 'GetQueueAttributes', 'GetQueueUrl', 'ReceiveMessage'].map(
    (action) => `sqs:${action} ${queue}`,
  );

describe('the functions', () => {
  test('are one each for the contexts of the API, the relay and the consumers', () => {
    const names = functionsOf(acme.app).map(({ name }) => name);
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
    expect(
      Object.fromEntries(functionsOf(acme.app).map(({ name, roleId }) => [name, rightsOf(acme.app, roleId)])),
    ).toEqual({
      team: [],
      nodes: ['dynamodb:BatchGetItem Crm'],
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
      insights: ['dynamodb:BatchGetItem Crm'],
      relay: [
        'dynamodb:DescribeStream Crm/stream',
        'dynamodb:GetRecords Crm/stream',
        'dynamodb:GetShardIterator Crm/stream',
        'dynamodb:ListStreams Crm/stream',
        'events:PutEvents Bus',
        's3:ListBucket FailedBatches',
        's3:PutObject FailedBatches/aws/lambda/*',
        's3:PutObject FailedBatches/relay/*',
      ],
      scoring: [
        'dynamodb:BatchGetItem Crm',
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
      relay: ['BUS_NAME', 'FAILURES_BUCKET'],
      'live-updates': ['GRAPHQL_URL'],
    };
    for (const { name, environment } of functionsOf(acme.app)) {
      expect(Object.keys(environment).sort()).toEqual([...common, ...(more[name] ?? [])].sort());
      const { engagement, ...rest } = JSON.parse(String(environment.TENANT_CONFIG));
      expect(rest).toEqual({});
      expect(engagement).toMatchObject({
        halfLifeDays: 45,
        points: { PHONE: { inbound: 8, outbound: 3 }, sale: 20 },
      });
    }
  });
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
    expect(dead).toHaveLength(2);
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
      MaximumRetryAttempts: -1,
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

  test('hear of errors that a function throws, and of those that it only logs', async () => {
    expect(unheardFunctions(acme.app)).toEqual([]);

    const source = "const { logger } = await import('./functions/runtime/logger.ts'); logger.error('no');";
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['-e', source], { env: {} });
    expect(JSON.parse(stdout || stderr)).toMatchObject({ level: 'ERROR' });
  });

  test('read in an alarm about what lies somewhere by which commands it comes back', () => {
    const texts = ofType(acme.app, 'AWS::CloudWatch::Alarm').map(([id, { Properties }]) => [
      id.replace(/[0-9A-F]{8}$/, ''),
      JSON.stringify(Properties.AlarmDescription),
    ]);
    expect(Object.fromEntries(texts)).toMatchObject({
      RelayGaveUp: expect.stringMatching(/aws s3 mv .*FailedBatches.*aws lambda invoke .*"RelayFunction/),
      ScoringIncomingDeadLettersNotEmpty: expect.stringMatching(
        /start-message-move-task .*"ScoringIncomingDeadLetters\w+","Arn".*"ScoringIncomingQueue\w+","Arn"/,
      ),
      LiveUpdatesIncomingDeadLettersNotEmpty: expect.stringContaining('start-message-move-task'),
    });
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
