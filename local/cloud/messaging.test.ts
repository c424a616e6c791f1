import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AdminCreateUserCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { createTransport } from 'nodemailer';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { callSqs } from '../../test/support/sqs.ts';
import { type Cloud, type CloudOptions, startCloud } from '../cloud.ts';
import { startMailCatcher } from '../ses/fixture.ts';
import { plantAssembly } from '../template/planted-assembly.ts';
import { plantQueuePolicy, plantRole, plantUrlPermissions } from '../template/planted-rights.ts';

const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });
const defaultBus = [
  'arn:aws:events:',
  { Ref: 'AWS::Region' },
  ':',
  { Ref: 'AWS::AccountId' },
  ':event-bus/default',
];
const hook = 'export const handler = async ({ rawPath }) => ({ statusCode: 202, body: rawPath });';

const app = {
  Resources: {
    Pool: { Type: 'AWS::Cognito::UserPool', Properties: {} },
    Api: {
      Type: 'AWS::AppSync::GraphQLApi',
      Properties: {
        Name: 'x',
        AuthenticationType: 'AMAZON_COGNITO_USER_POOLS',
        UserPoolConfig: { UserPoolId: { Ref: 'Pool' }, DefaultAction: 'ALLOW' },
      },
    },
    Schema: {
      Type: 'AWS::AppSync::GraphQLSchema',
      Properties: {
        ApiId: { 'Fn::GetAtt': ['Api', 'ApiId'] },
        Definition: 'schema { query: Query } type Query { a: String }',
      },
    },
    Sender: {
      Type: 'AWS::SES::EmailIdentity',
      Properties: {
        EmailIdentity: 'firm.example',
        ConfigurationSetAttributes: { ConfigurationSetName: { Ref: 'Set' } },
      },
    },
    Set: { Type: 'AWS::SES::ConfigurationSet', Properties: {} },
    Destination: {
      Type: 'AWS::SES::ConfigurationSetEventDestination',
      Properties: {
        ConfigurationSetName: { Ref: 'Set' },
        EventDestination: {
          MatchingEventTypes: ['bounce'],
          EventBridgeDestination: { EventBusArn: { 'Fn::Join': ['', defaultBus] } },
        },
      },
    },
    Bounces: { Type: 'AWS::SQS::Queue' },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: { source: ['aws.ses'], 'detail-type': ['Email Bounced'] },
        Targets: [{ Id: 'Bounces', Arn: arnOf('Bounces') }],
      },
    },
    Hook: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { S3Key: 'abc.zip' },
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Role: arnOf('HookRole'),
      },
    },
    HookUrl: {
      Type: 'AWS::Lambda::Url',
      Properties: { TargetFunctionArn: arnOf('Hook'), AuthType: 'NONE' },
    },
    HookRole: plantRole('lambda.amazonaws.com'),
    ...plantUrlPermissions('Hook'),
    BouncesPolicy: plantQueuePolicy('Bounces', 'Rule'),
  },
  Outputs: {
    bouncesUrl: { Value: { Ref: 'Bounces' } },
    userPoolId: { Value: { Ref: 'Pool' } },
    hookUrl: { Value: { 'Fn::GetAtt': ['HookUrl', 'FunctionUrl'] } },
  },
};

let folder: string;
let assemblyDir: string;
let cloud: Cloud | undefined;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'messaging-'));
  assemblyDir = plantAssembly({ app });
  mkdirSync(join(assemblyDir, 'asset.abc'));
  writeFileSync(join(assemblyDir, 'asset.abc/index.mjs'), hook);
});
afterEach(() => stop());
afterAll(() => {
  for (const dir of [folder, assemblyDir]) rmSync(dir, { recursive: true });
});

async function start(dataDir?: string, more: Partial<CloudOptions> = {}): Promise<Cloud> {
  cloud = await startCloud({
    assemblyDir,
    dataDir,
    certificateDir: join(folder, 'tls'),
    logDir: undefined,
    port: 0,
    tenant: 'demo',
    log: console.error,
    ...more,
  });
  return cloud;
}

async function stop(): Promise<void> {
  await cloud?.stop();
  cloud = undefined;
}

function configuration({ stack }: Cloud) {
  return {
    endpoint: stack.awsEndpointUrl,
    region: stack.region,
    credentials: { accessKeyId: stack.adminAccessKeyId, secretAccessKey: stack.adminSecretAccessKey },
    maxAttempts: 1,
  };
}

const mailTo = (address: string) =>
  new SendEmailCommand({
    FromEmailAddress: 'desk@firm.example',
    Destination: { ToAddresses: [address] },
    Content: { Simple: { Subject: { Data: 'Hello' }, Body: { Text: { Data: 'Hi' } } } },
  });
const messages = async ({ stack }: Cloud) => (await (await fetch(stack.mailUrl)).json()) as object[];

describe('what leaves the firm', () => {
  test('is kept over a restart, and a bounce comes to the queue of its rule', async () => {
    const dataDir = join(folder, 'data');
    const first = await start(dataDir);
    const { MessageId } = await new SESv2Client(configuration(first)).send(mailTo('ann@bounce.example'));
    await new SNSClient(configuration(first)).send(
      new PublishCommand({ PhoneNumber: '+447700900123', Message: 'Hi' }),
    );
    await stop();

    const again = await start(dataDir);

    await expect
      .poll(() => messages(again))
      .toMatchObject([
        { kind: 'SMS', text: 'Hi' },
        { kind: 'EMAIL', messageId: MessageId, events: ['Email Sent', 'Email Bounced'] },
      ]);
    const { Attributes } = await callSqs(again.stack, 'GetQueueAttributes', {
      QueueUrl: again.stack.bouncesUrl,
      AttributeNames: ['ApproximateNumberOfMessages'],
    });
    expect(Attributes).toEqual({ ApproximateNumberOfMessages: '1' });
  });

  test('can be told to go wrong', async () => {
    const running = await start();
    running.faults.mail.onSend = () => 'throttle';

    const sent = new SESv2Client(configuration(running)).send(mailTo('ann@x.example'));

    await expect(sent).rejects.toMatchObject({ name: 'TooManyRequestsException' });
    expect(await messages(running)).toEqual([]);
  });
});

test('a mail client sends by SMTP, and a mail server of this machine gets it and what Cognito sends', async () => {
  const catcher = await startMailCatcher();
  const running = await start(undefined, { forwardMail: catcher });
  const { stack } = running;
  const client = createTransport({
    host: '127.0.0.1',
    port: Number(new URL(stack.smtpUrl).port),
    requireTLS: true,
    tls: { ca: [readFileSync(stack.caFile)] },
    auth: { user: stack.adminAccessKeyId, pass: stack.smtpPassword },
  });

  const mail = { from: 'desk@firm.example', to: 'ann@x.example', subject: 'Hello', text: 'Hi' };
  await client.sendMail(mail);
  await expect(client.sendMail({ ...mail, from: 'eve@other.example' })).rejects.toThrow('not verified');
  const pool = new CognitoIdentityProviderClient(configuration(running));
  await pool.send(
    new AdminCreateUserCommand({
      UserPoolId: String(stack.userPoolId),
      Username: 'ann',
      UserAttributes: [{ Name: 'email', Value: 'ann@x.example' }],
      DesiredDeliveryMediums: ['EMAIL'],
    }),
  );

  expect(await messages(running)).toMatchObject([{ service: 'cognito' }, { service: 'ses', text: 'Hi\r\n' }]);
  await expect.poll(() => catcher.caught.length).toBe(2);
  const [own, invitation] = catcher.caught.map(({ raw }) => raw.toString());
  expect(own).toMatch(/^Message-ID: .*\r\nSubject: Hello\r\n.*\r\n\r\nHi\r\n$/s);
  expect(invitation).toMatch(/To: ann@x\.example.*Your username is ann/s);
  client.close();
  await catcher.stop();
});

test('a function with a URL is called on the public port', async () => {
  const { stack } = await start();

  const response = await fetch(`${stack.hookUrl}a/b`);

  expect(String(stack.hookUrl)).toContain(`${stack.cognitoUrl}/lambda-url/`);
  expect([response.status, await response.text()]).toEqual([202, '/a/b']);
});
