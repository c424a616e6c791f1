import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manifest } from '../../graphql/manifest.ts';
import { consumerNames, functionNames } from '../../infra/function-names.ts';
import * as grants from '../../infra/grants.ts';
import { type Assembly, assemblyOf, ofType, removeAssemblies, target } from './assembly.ts';
import { functionsOf, rightsOf, statementsOf } from './rights.ts';
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
    (action) => `sqs:${action} ${queue}IncomingQueue`,
  );

const tableRights = ({ crm = [], indexes = [], technical = [] }: grants.TableGrants) => [
  ...crm.map((action) => `dynamodb:${action} Crm`),
  ...indexes.map((index) => `dynamodb:Query Crm/index/${index}`),
  ...technical.map((action) => `dynamodb:${action} Technical`),
];

const poolRights = (...actions: string[]) => actions.map((action) => `cognito-idp:${action} StaffUserPool`);

describe('the functions', () => {
  test('are one each for the contexts of the API, the relay and the consumers', () => {
    const names = functionsOf(acme.app).map(({ name }) => name);
    const others = [...consumerNames, 'relay', 'unsubscribe'];
    const api = new Set(Object.values(manifest).filter((source) => source !== 'publish'));
    expect(names.sort()).toEqual([...api, ...others].sort());
    expect(names).toEqual([...functionNames].sort());
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
    const { apiGrants } = grants;
    const expected: Readonly<Record<string, readonly string[]>> = {
      ...Object.fromEntries(Object.entries(apiGrants).map(([name, its]) => [name, tableRights(its)])),
      team: [
        ...tableRights(apiGrants.team),
        ...poolRights('AdminAddUserToGroup', 'AdminCreateUser', 'AdminDisableUser', 'AdminEnableUser'),
        ...poolRights('AdminGetUser', 'AdminListGroupsForUser', 'AdminRemoveUserFromGroup'),
        ...poolRights('AdminUpdateUserAttributes', 'AdminUserGlobalSignOut', 'ListUsers', 'ListUsersInGroup'),
      ],
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
      scoring: [...tableRights(grants.scoringGrants), ...queueRights('Scoring')],
      'live-updates': [
        'appsync:GraphQL GraphQLApi/types/Mutation/fields/_publishCustomerActivity',
        'appsync:GraphQL GraphQLApi/types/Mutation/fields/_publishNotification',
        ...queueRights('LiveUpdates'),
      ],
      lifecycle: [...tableRights(grants.lifecycleGrants), ...queueRights('Lifecycle')],
      notification: [
        ...tableRights(grants.notificationGrants),
        ...queueRights('Notification'),
        ...poolRights('ListUsers', 'ListUsersInGroup'),
        'ses:SendEmail arn:aws:ses:eu-central-1:222222222222:configuration-set/fidelia-acme',
        'ses:SendEmail arn:aws:ses:eu-central-1:222222222222:identity/acme.example',
        'sns:Publish all but arn:aws:sns:*:*:*',
      ],
      'mail-events': [...tableRights(grants.mailEventsGrants), ...queueRights('MailEvents')],
      'partner-sharing': [
        ...tableRights(grants.partnerSharingGrants),
        ...queueRights('PartnerSharing'),
        'events:PutEvents arn:aws:events:eu-central-1:222222222222:event-bus/fidelia-acme-partner-carrier',
      ],
      unsubscribe: tableRights(grants.unsubscribeGrants),
    };
    const rights = functionsOf(acme.app).map(({ name, roleId }) => [name, rightsOf(acme.app, roleId)]);
    expect(Object.fromEntries(rights)).toEqual(
      Object.fromEntries(Object.entries(expected).map(([name, its]) => [name, [...its].sort()])),
    );
  });

  test('send mail from the address of the tenant only', () => {
    const { roleId = '' } = functionsOf(acme.app).find(({ name }) => name === 'notification') ?? {};
    const sending = statementsOf(acme.app, roleId).filter(({ Action }) => Action === 'ses:SendEmail');
    expect(sending.map(({ Condition }) => Condition)).toEqual([
      { StringEquals: { 'ses:FromAddress': 'kontakt@acme.example' } },
    ]);
  });

  test('are called from outside by nobody, but for the one that unsubscribes', () => {
    const callers = ofType(acme.app, 'AWS::Lambda::Permission').map(([, { Properties }]) => Properties);
    expect(callers.map(({ FunctionName }) => target(FunctionName))).toEqual([
      expect.stringMatching(/^Unsubscribe/),
      expect.stringMatching(/^Unsubscribe/),
    ]);
    // Both ask for the address of the function: nobody gets past it.
    expect(callers).toMatchObject([
      { Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' },
      { Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true },
    ]);
  });

  test('get no wildcard but where AWS leaves no choice', () => {
    expect(wildcardGrants(acme.app)).toEqual([]);
  });

  test('find the tables and their own settings in the environment', () => {
    const common = ['LOG_LEVEL', 'POWERTOOLS_SERVICE_NAME', 'TABLE_NAME', 'TECHNICAL_TABLE_NAME', 'TENANT'];
    const more: Readonly<Record<string, readonly string[]>> = {
      relay: ['BUS_NAME', 'FAILURES_BUCKET'],
      'live-updates': ['GRAPHQL_URL'],
      team: ['USER_POOL_ID'],
      notification: ['CONFIGURATION_SET', 'UNSUBSCRIBE_URL', 'USER_POOL_ID'],
    };
    for (const { name, environment } of functionsOf(acme.app)) {
      expect(Object.keys(environment).sort()).toEqual([...common, ...(more[name] ?? [])].sort());
    }
  });

  test('find what the tenant has decided beside their code', () => {
    const { files } = JSON.parse(readFileSync(join(acme.folder, 'fidelia-acme-app.assets.json'), 'utf8')) as {
      readonly files: Readonly<Record<string, { readonly source: { readonly path: string } }>>;
    };
    const bundles = Object.values(files)
      .map(({ source }) => join(acme.folder, source.path))
      .filter((path) => existsSync(join(path, 'index.mjs')));
    expect(bundles).not.toHaveLength(0);
    for (const bundle of bundles) {
      expect(JSON.parse(readFileSync(join(bundle, 'tenant.json'), 'utf8'))).toMatchObject({
        title: 'ACME',
        engagement: { halfLifeDays: 45, points: { PHONE: { inbound: 8, outbound: 3 }, sale: 20 } },
        partners: { carrier: { title: 'Swift Carriers', busName: 'fidelia-acme-partner-carrier' } },
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
    expect(consumed).toHaveLength(consumerNames.length);
    expect(dead).toHaveLength(consumerNames.length);
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
    expect(mappings).toHaveLength(consumerNames.length);
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

  test('brings each event to who waits for it, and one from an archive only where that changes nothing twice', () => {
    const rules = ofType(acme.app, 'AWS::Events::Rule').map(([id, { Properties }]) => [
      id.replace(/Rule.*/, ''),
      Properties.EventPattern ?? Properties.ScheduleExpression,
    ]);
    const source = ['fidelia'];
    const live = { source, 'replay-name': [{ exists: false }] };
    expect(Object.fromEntries(rules)).toEqual({
      Scoring: { source, 'detail-type': ['crm.interaction.logged.v1', 'crm.order.placed.v1'] },
      LiveUpdates: {
        ...live,
        'detail-type': [
          'crm.customer.created.v1',
          'crm.customer.updated.v1',
          'crm.consent.recorded.v1',
          'crm.interaction.logged.v1',
          'crm.order.placed.v1',
          'crm.score.changed.v1',
          'crm.customer.stage-changed.v1',
          'crm.score.threshold-crossed.v1',
          'crm.notification.created.v1',
        ],
      },
      Lifecycle: 'rate(1 minute)',
      Notification: {
        ...live,
        'detail-type': [
          'crm.interaction.logged.v1',
          'crm.order.placed.v1',
          'crm.customer.stage-changed.v1',
          'crm.score.threshold-crossed.v1',
        ],
      },
      MailEvents: {
        source: ['aws.ses'],
        detail: { mail: { tags: { 'ses:configuration-set': ['fidelia-acme'] } } },
      },
      PartnerSharing: {
        ...live,
        'detail-type': [
          'crm.customer.created.v1',
          'crm.customer.updated.v1',
          'crm.interaction.logged.v1',
          'crm.order.placed.v1',
          'crm.customer.stage-changed.v1',
        ],
      },
    });
  });

  test('takes what is not our own from the default bus, and all else from that of the tenant', () => {
    const onDefault = ofType(acme.app, 'AWS::Events::Rule')
      .filter(([, { Properties }]) => Properties.EventBusName === undefined)
      .map(([id]) => id.replace(/Rule.*/, ''));
    expect(onDefault).toEqual(['Lifecycle', 'MailEvents']);
  });

  test('is kept for 30 days in the archive of the bus', () => {
    expect(ofType(acme.app, 'AWS::Events::Archive').map(([, { Properties }]) => Properties)).toMatchObject([
      {
        ArchiveName: 'fidelia-acme',
        EventPattern: { source: ['fidelia'] },
        RetentionDays: 30,
        SourceArn: { 'Fn::GetAtt': [expect.stringMatching(/^Bus/), 'Arn'] },
      },
    ]);
  });
});

describe('mail', () => {
  test('leaves over TLS only, never again for who bounced or complained, and says what became of it', () => {
    expect(
      ofType(acme.app, 'AWS::SES::ConfigurationSet').map(([, { Properties }]) => Properties),
    ).toMatchObject([
      {
        Name: 'fidelia-acme',
        DeliveryOptions: { TlsPolicy: 'REQUIRE' },
        ReputationOptions: { ReputationMetricsEnabled: true },
        SuppressionOptions: { SuppressedReasons: ['BOUNCE', 'COMPLAINT'] },
      },
    ]);
    const [[, destination] = []] = ofType(acme.app, 'AWS::SES::ConfigurationSetEventDestination');
    expect(destination?.Properties.EventDestination).toEqual({
      Enabled: true,
      EventBridgeDestination: { EventBusArn: 'arn:aws:events:eu-central-1:222222222222:event-bus/default' },
      MatchingEventTypes: ['send', 'delivery', 'deliveryDelay', 'bounce', 'complaint', 'reject'],
    });
  });

  test('names as the place to unsubscribe the address of the function, without the slash at its end', () => {
    const { environment } = functionsOf(acme.app).find(({ name }) => name === 'notification') ?? {};
    const url = { 'Fn::GetAtt': [expect.stringMatching(/^UnsubscribeFunctionUrl/), 'FunctionUrl'] };
    const slashAndMark = { 'Fn::Join': ['', [url, '#']] };
    expect(environment?.UNSUBSCRIBE_URL).toEqual({
      'Fn::Select': [0, { 'Fn::Split': ['/#', slashAndMark] }],
    });
    expect('https://x.lambda-url.eu-central-1.on.aws/#'.split('/#')[0]).toBe(
      'https://x.lambda-url.eu-central-1.on.aws',
    );
  });
});

describe('the firewall', () => {
  test('turns away addresses that are known for attacks or call too often, and looks into no body', () => {
    const [[, acl] = []] = ofType(acme.app, 'AWS::WAFv2::WebACL');
    const visible = (MetricName: string) => ({
      VisibilityConfig: { CloudWatchMetricsEnabled: true, MetricName, SampledRequestsEnabled: false },
    });
    expect(acl?.Properties).toMatchObject({
      Scope: 'REGIONAL',
      DefaultAction: { Allow: {} },
      ...visible('fidelia-acme'),
      Rules: [
        {
          Priority: 0,
          OverrideAction: { None: {} },
          Statement: {
            ManagedRuleGroupStatement: { VendorName: 'AWS', Name: 'AWSManagedRulesAmazonIpReputationList' },
          },
          ...visible('ip-reputation'),
        },
        {
          Priority: 1,
          Action: { Block: {} },
          Statement: {
            RateBasedStatement: { AggregateKeyType: 'IP', Limit: 10_000, EvaluationWindowSec: 300 },
          },
          ...visible('rate'),
        },
      ],
    });
    expect(JSON.stringify(acl)).not.toContain('FieldToMatch');
  });

  test('stands before the API', () => {
    const [[, association] = []] = ofType(acme.app, 'AWS::WAFv2::WebACLAssociation');
    expect(association?.Properties).toEqual({
      ResourceArn: { 'Fn::GetAtt': [expect.stringMatching(/^GraphQLApi/), 'Arn'] },
      WebACLArn: { 'Fn::GetAtt': [expect.stringMatching(/^FirewallWebAcl/), 'Arn'] },
    });
  });
});

describe('the operators', () => {
  test('hear every alarm, and every alarm watches something that is there', () => {
    expect(ofType(acme.app, 'AWS::CloudWatch::Alarm').length).toBeGreaterThan(10);
    expect(blindAlarms(acme.app, acme.data)).toEqual([]);
  });

  test('hear of what is not there: a schedule that does not run', () => {
    const inverse = ofType(acme.app, 'AWS::CloudWatch::Alarm').filter(
      ([, { Properties }]) => Properties.ComparisonOperator === 'LessThanThreshold',
    );
    expect(inverse.map(([id]) => id)).toEqual([expect.stringMatching(/^LifecycleFunctionNotRunning/)]);
    expect(inverse[0]?.[1].Properties).toMatchObject({
      MetricName: 'Invocations',
      Threshold: 1,
      Period: 300,
      Statistic: 'Sum',
      TreatMissingData: 'breaching',
    });
  });

  test.each([
    ['Bounce', 0.05],
    ['Complaint', 0.001],
  ])('hear when the rate of a %s is what SES puts an account under review for', (kind, Threshold) => {
    const alarm = ofType(acme.app, 'AWS::CloudWatch::Alarm').find(([id]) => id.startsWith(`Mail${kind}s`));
    expect(alarm?.[1].Properties).toMatchObject({ MetricName: `Reputation.${kind}Rate`, Threshold });
    expect(alarm?.[1].Properties.AlarmDescription).toContain(`${kind}s are ${Threshold * 100} % of the mail`);
  });

  test('see on one dashboard each function, each queue and each alarm', () => {
    const [[, dashboard] = []] = ofType(acme.app, 'AWS::CloudWatch::Dashboard');
    const body = JSON.stringify(dashboard?.Properties.DashboardBody);
    for (const type of ['AWS::Lambda::Function', 'AWS::SQS::Queue', 'AWS::CloudWatch::Alarm']) {
      const missing = ofType(acme.app, type).filter(([id]) => !body.includes(`"${id}"`));
      expect(missing.map(([id]) => id)).toEqual([]);
    }
    expect(dashboard?.Properties.DashboardName).toBe('fidelia-acme');
  });

  test('find the table of alarms in the guide complete', () => {
    const guide = readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8');
    const ids = [acme.app, ...Object.values(acme.partners)].flatMap((template) =>
      ofType(template, 'AWS::CloudWatch::Alarm').map(([id]) => id.replace(/[0-9A-F]{8}$/, '')),
    );
    const named = [...guide.matchAll(/^\| `(\w+)`/gm)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(10);
    expect(ids.filter((id) => !named.some((name) => id.endsWith(name)))).toEqual([]);
    expect(named.filter((name) => !ids.some((id) => id.endsWith(name)))).toEqual([]);
  });

  test('hear of errors that a function throws, of those that it only logs, and of calls it could not take', async () => {
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
    'archiveArn',
    'eventBusName',
    'graphqlUrl',
    'realtimeUrl',
    'region',
    'tableName',
    'technicalTableName',
    'unsubscribeUrl',
    'userPoolClientId',
    'userPoolId',
  ]);
  expect(app.Outputs?.region?.Value).toBe('eu-central-1');
});
