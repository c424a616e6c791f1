import { CognitoIdentityProviderClient, ListUsersCommand } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetAccountCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signedPost } from '../../test/support/signed-post.ts';
import { type JsonServices, jsonServices, sts } from '../gateway/services.ts';
import { createGateway, type RestService } from '../gateway.ts';
import { createIdentities, newAdminKey } from '../identity.ts';
import { answerError } from '../lambda/invoke-api.ts';
import { createS3 } from '../s3/s3.ts';
import { createSes } from '../ses/ses.ts';
import { createSns } from '../sns/sns.ts';
import { openStore } from '../store.ts';
import { deploy } from '../template/deploy.ts';
import { plantRole } from '../template/planted-rights.ts';
import { policyTypes } from '../template/resources/policies.ts';
import type { Decision } from './access.ts';
import { createIam } from './iam.ts';

const place = { region: 'eu-central-1', accountId: '111122223333' };
const account = `${place.region}:${place.accountId}`;
const identities = createIdentities({ place, admin: newAdminKey() });
const decisions: Decision[] = [];
const iam = createIam({
  place,
  facts: { partitionKeyOf: () => 'pk', senderOf: () => undefined },
  record: (decision) => decisions.push(decision),
});

function policiesOf(Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }>) {
  const { types, policies } = policyTypes();
  const stack = { name: 'app', accountId: undefined, region: undefined, assets: new Map() };
  deploy([{ ...stack, template: { Resources } }], types, place);
  return policies;
}

const templates = {
  Scoring: plantRole('lambda.amazonaws.com', { 'dynamodb:GetItem': `arn:aws:dynamodb:${account}:table/crm` }),
};
const policies = policiesOf(templates);
const roleArn = [...policies.roles.keys()][0] ?? '';
const sessionArn = `arn:aws:sts::111122223333:assumed-role/${roleArn.split('/')[1]}/scoring`;

const store = openStore();
const answering = { call: () => ({}), streamsCall: () => ({}), isUnsigned: () => false };
const lambda: RestService = { handle: () => ({ status: 200, headers: {}, body: '{}' }), error: answerError };
const outbox = { add() {}, happened() {} } as never;
const s3 = createS3({ store, region: place.region });
const ses = createSes({ store, place, outbox, events: { emit() {} } });
const sns = createSns({ place, outbox });
const gateway = createGateway({
  identities,
  services: () => ({
    json: jsonServices({
      dynamodb: answering,
      sqs: answering,
      events: answering,
      cognito: answering,
    } as unknown as JsonServices),
    rest: { sts, s3, ses, sns, lambda },
  }),
  committed: store.committed,
  authorize: iam.authorize,
  log: (message) => console.error(message),
});

let endpoint: string;
beforeAll(async () => {
  await iam.enforce(policies);
  endpoint = `http://127.0.0.1:${await gateway.listen(0)}`;
});
afterAll(async () => {
  ses.close();
  await gateway.close();
  store.close();
});

const config = (credentials = identities.credentialsFor(roleArn, 'scoring')) => ({
  endpoint,
  region: place.region,
  credentials,
  maxAttempts: 1,
});
const get = (TableName: string) => new GetItemCommand({ TableName, Key: { pk: { S: '1' } } });

test('a role does what its policies allow', async () => {
  decisions.length = 0;

  await expect(new DynamoDBClient(config()).send(get('crm'))).resolves.toBeDefined();

  expect(decisions).toMatchObject([
    {
      principal: { sessionArn, roleArn },
      action: 'dynamodb:GetItem',
      resource: `arn:aws:dynamodb:${account}:table/crm`,
      keys: {},
      allowed: true,
    },
  ]);
});

test('the administrator does everything, and it is heard of', async () => {
  decisions.length = 0;
  const client = new DynamoDBClient(config(identities.admin as never));

  await expect(client.send(get('other'))).resolves.toBeDefined();

  expect(decisions).toMatchObject([{ action: 'dynamodb:GetItem', allowed: true }]);
});

describe('what is denied is told as the service tells it', () => {
  const because = (action: string, resource: string, quote = '') =>
    `User: ${sessionArn} is not authorized to perform: ${action} on resource: ${quote}${resource}${quote} because no identity-based policy allows the ${action} action`;
  const table = `arn:aws:dynamodb:${account}:table/other`;

  test.each<[string, () => Promise<unknown>, string, number, string]>([
    [
      'DynamoDB',
      () => new DynamoDBClient(config()).send(get('other')),
      'AccessDeniedException',
      400,
      because('dynamodb:GetItem', table),
    ],
    [
      'EventBridge',
      () =>
        new EventBridgeClient(config()).send(new PutEventsCommand({ Entries: [{ EventBusName: 'crm' }] })),
      'AccessDeniedException',
      400,
      because('events:PutEvents', `arn:aws:events:${account}:event-bus/crm`),
    ],
    [
      'Cognito',
      () => new CognitoIdentityProviderClient(config()).send(new ListUsersCommand({ UserPoolId: 'p_1' })),
      'AccessDeniedException',
      400,
      because('cognito-idp:ListUsers', `arn:aws:cognito-idp:${account}:userpool/p_1`),
    ],
    [
      'S3',
      () =>
        new S3Client({ ...config(), forcePathStyle: true }).send(
          new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: '' }),
        ),
      'AccessDenied',
      403,
      because('s3:PutObject', 'arn:aws:s3:::b/k', '"'),
    ],
    [
      'SES',
      () => new SESv2Client(config()).send(new GetAccountCommand({})),
      'AccessDeniedException',
      403,
      because('ses:GetAccount', '*'),
    ],
    [
      'SNS',
      () => new SNSClient(config()).send(new PublishCommand({ PhoneNumber: '+441632960001', Message: 'x' })),
      'AuthorizationErrorException',
      403,
      because('SNS:Publish', '*'),
    ],
  ])('by %s', async (_, call, name, httpStatusCode, message) => {
    await expect(call()).rejects.toMatchObject({ name, message, $metadata: { httpStatusCode } });
  });
});

function post(service: string, path: string, headers: Record<string, string>, body: string) {
  const { region, credentials } = config();
  return signedPost({ url: `${endpoint}${path}`, service, region, credentials, headers, body });
}

test('a denial of SQS has the code of both its protocols', async () => {
  const response = await post(
    'sqs',
    '/',
    { 'x-amz-target': 'AmazonSQS.SendMessage', 'content-type': 'application/x-amz-json-1.0' },
    JSON.stringify({ QueueUrl: `${endpoint}/111122223333/q`, MessageBody: 'x' }),
  );

  expect(response.status).toBe(400);
  expect(response.headers.get('x-amzn-query-error')).toBe('AccessDenied;Sender');
  expect(await response.json()).toMatchObject({
    __type: 'com.amazon.coral.service#AccessDeniedException',
    message: expect.stringContaining(`sqs:SendMessage on resource: arn:aws:sqs:${account}:q`),
  });
});

test('a denial of Lambda has its code in a header', async () => {
  const response = await post('lambda', '/2015-03-31/functions/relay/invocations', {}, '{}');

  expect(response.status).toBe(403);
  expect(response.headers.get('x-amzn-errortype')).toBe('AccessDeniedException');
  expect(await response.json()).toMatchObject({
    Message: expect.stringContaining(
      `lambda:InvokeFunction on resource: arn:aws:lambda:${account}:function:relay`,
    ),
  });
});

test('who one is may be asked without any right', async () => {
  const body = 'Action=GetCallerIdentity&Version=2011-06-15';

  const response = await post('sts', '/', { 'content-type': 'application/x-www-form-urlencoded' }, body);

  expect(await response.text()).toContain(sessionArn);
});

describe('a role is taken on', () => {
  const assumed = {
    roleArn,
    session: 'scoring',
    service: 'lambda.amazonaws.com',
    sourceArn: `arn:aws:lambda:${account}:function:scoring`,
  };

  test('by the service that it trusts', () => {
    expect(iam.assume(assumed)).toEqual({ kind: 'session', sessionArn, roleArn });
  });

  test('by no other, and not when it is not there', () => {
    expect(() => iam.assume({ ...assumed, service: 'events.amazonaws.com' })).toThrow(
      'its AssumeRolePolicyDocument does not allow it',
    );
    expect(() => iam.assume({ ...assumed, roleArn: `${roleArn}x` })).toThrow('no stack has it');
  });
});

describe('policies are refused at start', () => {
  const enforced = (policy: Record<string, unknown>) => {
    const { enforce } = createIam({
      place,
      facts: { partitionKeyOf: () => undefined, senderOf: () => undefined },
    });
    const Properties = { PolicyName: 'x', Roles: [{ Ref: 'Scoring' }], PolicyDocument: policy };
    return enforce(policiesOf({ ...templates, Own: { Type: 'AWS::IAM::Policy', Properties } }));
  };
  const allow = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' };

  test.each([
    [{ Statement: [{ ...allow, Action: 'sqs:Send' }] }, 'sqs has no action Send'],
    [{ Statement: [{ ...allow, Effect: 'Permit' }] }, 'Effect is "Permit"'],
    [{ Statement: [{ ...allow, Condition: { Equals: { a: 'b' } } }] }, 'operator Equals is unknown'],
  ])('%j', async (document, message) => {
    await expect(enforced(document)).rejects.toThrow(`AWS::IAM::Policy Own of the stack app, statement 1`);
    await expect(enforced(document)).rejects.toThrow(message);
  });
});
