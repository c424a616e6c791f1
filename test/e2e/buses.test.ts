import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeArchiveCommand,
  DescribeReplayCommand,
  EventBridgeClient,
  PutEventsCommand,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cloud, startCloud } from '../../local/cloud.ts';
import { plantAssembly } from '../../local/template/planted-assembly.ts';
import { plantQueuePolicy, plantRole } from '../../local/template/planted-rights.ts';
import { callSqs } from '../support/sqs.ts';

const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

const partnerBusArn = (name: string) => ({
  'Fn::Sub': `arn:aws:events:\${AWS::Region}:\${AWS::AccountId}:event-bus/partner-${name}`,
});

/** The stateful stack: the bus of the tenant, its archive, and what the API needs. */
const data = {
  Resources: {
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'crm' } },
    Archive: {
      Type: 'AWS::Events::Archive',
      Properties: { ArchiveName: 'crm', SourceArn: arnOf('Bus'), RetentionDays: 30 },
    },
    Pool: { Type: 'AWS::Cognito::UserPool', Properties: {} },
  },
  Outputs: {
    busName: { Value: { Ref: 'Bus' }, Export: { Name: 'data:BusName' } },
    busArn: { Value: arnOf('Bus') },
    archiveArn: { Value: arnOf('Archive') },
    ExportsOutputPool: { Value: { Ref: 'Pool' }, Export: { Name: 'data:Pool' } },
  },
};

/** The replaceable stack: an API, and a rule that sends to a partner's bus, which it knows by the convention of its name. */
const app = {
  Resources: {
    Api: {
      Type: 'AWS::AppSync::GraphQLApi',
      Properties: {
        Name: 'x',
        AuthenticationType: 'AMAZON_COGNITO_USER_POOLS',
        UserPoolConfig: { UserPoolId: { 'Fn::ImportValue': 'data:Pool' }, DefaultAction: 'ALLOW' },
      },
    },
    Schema: {
      Type: 'AWS::AppSync::GraphQLSchema',
      Properties: {
        ApiId: { 'Fn::GetAtt': ['Api', 'ApiId'] },
        Definition: 'schema { query: Query } type Query { a: String }',
      },
    },
    Sender: plantRole('events.amazonaws.com', { 'events:PutEvents': partnerBusArn('north') }),
    Share: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventBusName: { 'Fn::ImportValue': 'data:BusName' },
        EventPattern: { source: ['shop'] },
        Targets: [
          {
            Id: 'north',
            Arn: partnerBusArn('north'),
            RoleArn: arnOf('Sender'),
          },
        ],
      },
    },
  },
};

/** A partner's own small stack: bus, policy, and a queue that its rule fills. */
const partner = (name: string) => ({
  Resources: {
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: `partner-${name}` } },
    Policy: {
      Type: 'AWS::Events::EventBusPolicy',
      Properties: {
        EventBusName: { Ref: 'Bus' },
        StatementId: 'partner',
        Statement: {
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::999999999999:root' },
          Action: ['events:PutRule', 'events:PutTargets'],
          Resource: arnOf('Bus'),
        },
      },
    },
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: `partner-${name}` } },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventBusName: { Ref: 'Bus' },
        EventPattern: { account: [{ Ref: 'AWS::AccountId' }] },
        Targets: [{ Id: 'queue', Arn: arnOf('Queue') }],
      },
    },
    QueuePolicy: plantQueuePolicy('Queue', 'Rule'),
  },
  Outputs: {
    [`${name}BusArn`]: { Value: arnOf('Bus') },
    [`${name}QueueUrl`]: { Value: { Ref: 'Queue' } },
  },
});

const folder = mkdtempSync(join(tmpdir(), 'buses-'));
let cloud: Cloud;
let events: EventBridgeClient;
beforeAll(async () => {
  const stacks = { data, app, north: partner('north'), south: partner('south') };
  const assemblyDir = plantAssembly(stacks, { data: [], app: ['data'], north: ['data'], south: ['data'] });
  cloud = await startCloud({
    assemblyDir,
    dataDir: undefined,
    certificateDir: folder,
    logDir: undefined,
    port: 0,
    tenant: 'demo',
    log: (message) => console.error(message),
  });
  rmSync(assemblyDir, { recursive: true });
  const { awsEndpointUrl, region, adminAccessKeyId, adminSecretAccessKey } = cloud.stack;
  const credentials = { accessKeyId: adminAccessKeyId, secretAccessKey: adminSecretAccessKey };
  events = new EventBridgeClient({ endpoint: awsEndpointUrl, region, credentials });
});
afterAll(async () => {
  await cloud.stop();
  rmSync(folder, { recursive: true });
});

const put = (EventBusName: unknown, Detail: object) =>
  events.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: String(EventBusName),
          Source: 'shop',
          DetailType: 'placed',
          Detail: JSON.stringify(Detail),
        },
      ],
    }),
  );

async function taken(queueUrl: unknown): Promise<Record<string, unknown>[]> {
  const { Messages = [] } = await callSqs(cloud.stack, 'ReceiveMessage', {
    QueueUrl: queueUrl,
    MaxNumberOfMessages: 10,
    VisibilityTimeout: 300,
  });
  return Messages.map(({ Body }) => JSON.parse(Body) as Record<string, unknown>);
}

test('a partner’s bus takes events by its ARN, and no other partner hears of them', async () => {
  const { southBusArn, southQueueUrl, northQueueUrl } = cloud.stack;

  await put(southBusArn, { order: 1 });

  expect(await taken(southQueueUrl)).toMatchObject([{ detail: { order: 1 } }]);
  expect(await taken(northQueueUrl)).toEqual([]);
});

test('events of the tenant’s bus come to the partner’s, and back from the archive in a replay', async () => {
  const { busArn, archiveArn, northQueueUrl } = cloud.stack;
  const begun = new Date(Date.now() - 1000);

  const { Entries } = await put('crm', { order: 2 });
  const [shared] = await taken(northQueueUrl);

  expect(shared).toMatchObject({ id: Entries?.[0]?.EventId, detail: { order: 2 } });
  const archive = await events.send(new DescribeArchiveCommand({ ArchiveName: 'crm' }));
  expect(archive).toMatchObject({ EventCount: 1, RetentionDays: 30, CreationTime: expect.any(Date) });
  await events.send(
    new StartReplayCommand({
      ReplayName: 'again',
      EventSourceArn: String(archiveArn),
      EventStartTime: begun,
      EventEndTime: new Date(Date.now() + 1000),
      Destination: { Arn: String(busArn) },
    }),
  );
  const stateOf = async () => (await events.send(new DescribeReplayCommand({ ReplayName: 'again' }))).State;
  await expect.poll(stateOf).toBe('COMPLETED');
  expect(await taken(northQueueUrl)).toEqual([{ ...shared, 'replay-name': 'again' }]);
});

test('what cannot be replayed is refused with the error of AWS', async () => {
  const none = events.send(new DescribeReplayCommand({ ReplayName: 'none' }));

  await expect(none).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Replay none does not exist.',
  });
});
