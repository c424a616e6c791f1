import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { signedPost } from '../../test/support/signed-post.ts';
import { callSqs } from '../../test/support/sqs.ts';
import { type Cloud, startCloud } from '../cloud.ts';
import type { Decision } from '../iam/access.ts';
import { plantAssembly } from '../template/planted-assembly.ts';
import { plantQueuePolicy, plantRole, plantUrlPermissions } from '../template/planted-rights.ts';

const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });
const ApiId = { 'Fn::GetAtt': ['Api', 'ApiId'] };
const busArn = { 'Fn::Sub': `arn:aws:events:\${AWS::Region}:\${AWS::AccountId}:event-bus/partner` };

const logArn = {
  'Fn::Sub': `arn:aws:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:/aws/events/orders`,
};

const rule = (source: string, target: object) => ({
  Type: 'AWS::Events::Rule',
  Properties: {
    EventPattern: { source: [source] },
    Targets: [{ Id: 'one', DeadLetterConfig: { Arn: arnOf('DeadLetters') }, ...target }],
  },
});
const queue = { Type: 'AWS::SQS::Queue' };
const resolver = (FieldName: string, DataSourceName: string, TypeName = 'Query') => ({
  Type: 'AWS::AppSync::Resolver',
  DependsOn: ['Schema', DataSourceName],
  Properties: { ApiId, TypeName, FieldName, Kind: 'UNIT', DataSourceName },
});
const dataSource = (Name: string, role: string) => ({
  Type: 'AWS::AppSync::DataSource',
  Properties: {
    ApiId,
    Name,
    Type: 'AWS_LAMBDA',
    LambdaConfig: { LambdaFunctionArn: arnOf('Hello') },
    ServiceRoleArn: arnOf(role),
  },
});

const resources = {
  Pool: { Type: 'AWS::Cognito::UserPool', Properties: {} },
  Api: {
    Type: 'AWS::AppSync::GraphQLApi',
    Properties: { Name: 'x', AuthenticationType: 'AWS_IAM' },
  },
  Schema: {
    Type: 'AWS::AppSync::GraphQLSchema',
    Properties: {
      ApiId,
      Definition:
        'schema { query: Query mutation: Mutation } type Query { open: String closed: String } type Mutation { tell(what: String!): String }',
    },
  },
  OpenSource: dataSource('OpenSource', 'MayInvoke'),
  ClosedSource: dataSource('ClosedSource', 'MayNothing'),
  Open: resolver('open', 'OpenSource'),
  Closed: resolver('closed', 'ClosedSource'),
  Tell: resolver('tell', 'OpenSource', 'Mutation'),
  MayInvoke: plantRole('appsync.amazonaws.com', { 'lambda:InvokeFunction': arnOf('Hello') }),
  MayNothing: plantRole('appsync.amazonaws.com'),
  Partner: { Type: 'AWS::Events::EventBus', Properties: { Name: 'partner' } },
  Sender: plantRole('events.amazonaws.com'),
  DeadLetters: queue,
  ToQueue: rule('to.queue', { Arn: arnOf('Incoming') }),
  Incoming: queue,
  ToFunction: rule('to.function', { Arn: arnOf('Hello') }),
  DeadLettersOfFunction: plantQueuePolicy('DeadLetters', 'ToFunction'),
  ToBus: rule('to.bus', { Arn: busArn, RoleArn: arnOf('Sender') }),
  ToApi: rule('to.api', {
    Arn: { 'Fn::GetAtt': ['Api', 'GraphQLEndpointArn'] },
    RoleArn: arnOf('Sender'),
    AppSyncParameters: { GraphQLOperation: 'mutation Tell($what: String!) { tell(what: $what) }' },
    InputTransformer: { InputPathsMap: { what: '$.detail-type' }, InputTemplate: '{"what": <what>}' },
  }),
  DeadLettersOfApi: plantQueuePolicy('DeadLetters', 'ToApi'),
  ToLog: rule('to.log', { Arn: logArn }),
  DeadLettersOfLog: plantQueuePolicy('DeadLetters', 'ToLog'),
  DeadLettersOfQueue: plantQueuePolicy('DeadLetters', 'ToQueue'),
  DeadLettersOfBus: plantQueuePolicy('DeadLetters', 'ToBus'),
  Hello: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { S3Key: 'abc.zip' },
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Role: arnOf('HelloRole'),
    },
  },
  HelloRole: plantRole('lambda.amazonaws.com', { 'sqs:ReceiveMessage': arnOf('Incoming') }),
  HelloUrl: { Type: 'AWS::Lambda::Url', Properties: { TargetFunctionArn: arnOf('Hello'), AuthType: 'NONE' } },
};
const mapping = {
  Type: 'AWS::Lambda::EventSourceMapping',
  Properties: { FunctionName: { Ref: 'Hello' }, EventSourceArn: arnOf('Incoming') },
};

const folder = mkdtempSync(join(tmpdir(), 'access-'));
const folders = [folder];
const decisions: Decision[] = [];
let cloud: Cloud | undefined;
afterEach(async () => {
  await cloud?.stop();
  cloud = undefined;
  decisions.length = 0;
});
afterAll(() => {
  for (const dir of folders) rmSync(dir, { recursive: true });
});

async function start(more: object = {}): Promise<Cloud> {
  const Outputs = {
    url: { Value: { 'Fn::GetAtt': ['HelloUrl', 'FunctionUrl'] } },
    deadLettersUrl: { Value: { Ref: 'DeadLetters' } },
    graphqlUrl: { Value: { 'Fn::GetAtt': ['Api', 'GraphQLUrl'] } },
  };
  const assemblyDir = plantAssembly({ app: { Resources: { ...resources, ...more }, Outputs } });
  folders.push(assemblyDir);
  mkdirSync(join(assemblyDir, 'asset.abc'));
  writeFileSync(
    join(assemblyDir, 'asset.abc/index.mjs'),
    'export const handler = async ({ rawPath }) => (rawPath ? { statusCode: 200, body: "hello" } : "hello");',
  );
  cloud = await startCloud({
    assemblyDir,
    dataDir: undefined,
    certificateDir: join(folder, 'tls'),
    logDir: undefined,
    port: 0,
    tenant: 'demo',
    log: () => {},
    record: (decision) => decisions.push(decision),
  });
  return cloud;
}

const credentialsOf = ({ stack }: Cloud) => ({
  accessKeyId: stack.adminAccessKeyId,
  secretAccessKey: stack.adminSecretAccessKey,
});

describe('what a rule may not deliver goes to its dead letters', () => {
  test.each([
    ['to.queue', 'sqs:SendMessage', 'because no resource-based policy allows'],
    ['to.bus', 'events:PutEvents', 'because no identity-based policy allows'],
    ['to.function', 'lambda:InvokeFunction', 'because no resource-based policy allows'],
    ['to.log', 'logs:CreateLogStream', 'because no resource-based policy allows'],
    ['to.api', 'appsync:GraphQL', 'Not Authorized to access tell on type Mutation'],
  ])('%s needs %s', async (Source, action, reason) => {
    const started = await start();
    const { awsEndpointUrl: endpoint, region } = started.stack;
    const client = new EventBridgeClient({ endpoint, region, credentials: credentialsOf(started) });

    await client.send(new PutEventsCommand({ Entries: [{ Source, DetailType: 'x', Detail: '{}' }] }));

    const { Messages = [] } = await callSqs(started.stack, 'ReceiveMessage', {
      QueueUrl: started.stack.deadLettersUrl,
      MessageAttributeNames: ['All'],
      WaitTimeSeconds: 10,
    });
    expect(Messages[0]?.MessageAttributes).toMatchObject({
      ERROR_CODE: { StringValue: 'NO_PERMISSIONS' },
      ERROR_MESSAGE: { StringValue: expect.stringContaining(reason) },
    });
    expect(decisions.find((one) => one.action === action && !one.allowed)).toBeDefined();
  });
});

test('a rule invokes a function that its permission lets it', async () => {
  const Permission = {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: arnOf('Hello'),
      Principal: 'events.amazonaws.com',
      SourceArn: arnOf('ToFunction'),
    },
  };
  const started = await start({ Permission });
  const { awsEndpointUrl: endpoint, region } = started.stack;
  const client = new EventBridgeClient({ endpoint, region, credentials: credentialsOf(started) });

  const Entries = [{ Source: 'to.function', DetailType: 'x', Detail: '{}' }];
  await client.send(new PutEventsCommand({ Entries }));

  await expect
    .poll(() => started.functions(), { timeout: 10_000 })
    .toMatchObject([{ invocations: 1, errors: 0, coldStarts: 1 }]);
});

test('a rule runs a mutation that the role of its target may', async () => {
  const fields = { 'Fn::Sub': `\${Api.Arn}/types/Mutation/fields/tell` };
  const started = await start({ Sender: plantRole('events.amazonaws.com', { 'appsync:GraphQL': fields }) });
  const { awsEndpointUrl: endpoint, region } = started.stack;
  const client = new EventBridgeClient({ endpoint, region, credentials: credentialsOf(started) });

  const Entries = [{ Source: 'to.api', DetailType: 'x', Detail: '{}' }];
  await client.send(new PutEventsCommand({ Entries }));

  await expect
    .poll(() => started.functions(), { timeout: 10_000 })
    .toMatchObject([{ invocations: 1, errors: 0 }]);
  expect(decisions.find(({ action }) => action === 'appsync:GraphQL')).toMatchObject({
    principal: { sessionArn: expect.stringMatching(/Sender.*\/events$/) },
    resource: expect.stringMatching(/\/types\/Mutation\/fields\/tell$/),
    allowed: true,
  });
});

test('a rule writes to a log group that the policy of the account lets it', async () => {
  const allow = (Action: string, resource: string) => ({
    Effect: 'Allow',
    Principal: { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] },
    Action,
    Resource: `arn:aws:logs:*:*:log-group:/aws/events/*${resource}`,
  });
  const policy = (...Statement: object[]) => ({
    LogPolicy: {
      Type: 'AWS::Logs::ResourcePolicy',
      Properties: {
        PolicyName: 'events',
        PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
      },
    },
  });
  const [create, write] = [allow('logs:CreateLogStream', ':*'), allow('logs:PutLogEvents', ':*:*')];
  const Entries = [{ Source: 'to.log', DetailType: 'x', Detail: '{}' }];
  const written = async (more: object) => {
    decisions.length = 0;
    const started = await start(more);
    const { awsEndpointUrl: endpoint, region } = started.stack;
    const client = new EventBridgeClient({ endpoint, region, credentials: credentialsOf(started) });
    await client.send(new PutEventsCommand({ Entries }));
    await started.stop();
    return decisions.filter(({ action }) => action.startsWith('logs:')).map(({ allowed }) => allowed);
  };

  expect(await written(policy(create, write))).toEqual([true, true]);
  expect(await written(policy(create))).toEqual([true, false]);
  const orders = { ArnLike: { 'aws:SourceArn': 'arn:aws:events:*:*:rule/nobody' } };
  expect(await written(policy({ ...create, Condition: orders }, write))).toEqual([false]);
});

describe('a schedule', () => {
  const schedule = (Role: string, more: object = {}) => ({
    ScheduleRole: plantRole('scheduler.amazonaws.com', { 'lambda:InvokeFunction': arnOf('Hello') }),
    Group: {
      Type: 'AWS::Scheduler::ScheduleGroup',
      Properties: { Name: 'tasks', Tags: [{ Key: 'team', Value: 'crm' }] },
    },
    Remind: {
      Type: 'AWS::Scheduler::Schedule',
      Properties: {
        GroupName: { Ref: 'Group' },
        ScheduleExpression: 'rate(1 hour)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { Arn: arnOf('Hello'), RoleArn: arnOf(Role), ...more },
      },
    },
  });
  const invoke = (one: Decision) => one.action === 'lambda:InvokeFunction';

  test('of a template invokes its function with its role', async () => {
    const started = await start(schedule('ScheduleRole'));
    await expect.poll(() => started.functions(), { timeout: 10_000 }).toMatchObject([{ invocations: 1 }]);
    expect(decisions.find(invoke)).toMatchObject({ allowed: true });
  });

  test('whose role may not invoke its function goes to its dead letters', async () => {
    const started = await start({
      ...schedule('BuriesOnly', { DeadLetterConfig: { Arn: arnOf('DeadLetters') } }),
      BuriesOnly: plantRole('scheduler.amazonaws.com', { 'sqs:SendMessage': arnOf('DeadLetters') }),
    });
    const { Messages = [] } = await callSqs(started.stack, 'ReceiveMessage', {
      QueueUrl: started.stack.deadLettersUrl,
      MessageAttributeNames: ['All'],
      WaitTimeSeconds: 10,
    });
    expect(Messages[0]?.MessageAttributes).toMatchObject({
      ERROR_CODE: { StringValue: expect.stringMatching(/^AccessDenied/) },
      RETRY_ATTEMPTS: { StringValue: '0' },
    });
    expect(decisions.find(invoke)).toMatchObject({ allowed: false });
  });

  const action = (name: string, input: string) => ({
    Arn: `arn:aws:scheduler:::aws-sdk:${name}`,
    Input: { 'Fn::Sub': input },
  });
  const sending = action('sqs:sendMessage', `{"QueueUrl":"\${DeadLetters}","MessageBody":"done"}`);

  test.each([
    ['sqs:SendMessage', sending],
    [
      'events:PutEvents',
      action('eventbridge:putEvents', '{"Entries":[{"Source":"to.queue","DetailType":"x","Detail":"{}"}]}'),
    ],
    [
      'dynamodb:PutItem',
      action(
        'dynamodb:putItem',
        `{"TableName":"\${Table}","Item":{"id":{"S":"<aws.scheduler.execution-id>"}}}`,
      ),
    ],
    [
      'lambda:InvokeFunction',
      action(
        'lambda:invoke',
        `{"FunctionName":"\${Hello}","InvocationType":"Event","Payload":"{\\"rawPath\\":\\"/\\"}"}`,
      ),
    ],
  ])('does %s as an action of a service with its role, and only with that right', async (right, target) => {
    const more = {
      ...schedule('Acts', target),
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          BillingMode: 'PAY_PER_REQUEST',
        },
      },
    };
    const decided = () =>
      decisions.filter((one) => one.action === right && JSON.stringify(one.principal).includes('Acts'));

    await start({ ...more, Acts: plantRole('scheduler.amazonaws.com', { [right]: '*' }) });
    await expect.poll(decided, { timeout: 10_000 }).toMatchObject([{ allowed: true }]);
    await cloud?.stop();
    decisions.length = 0;

    await start({ ...more, Acts: plantRole('scheduler.amazonaws.com', { 'sqs:PurgeQueue': '*' }) });
    await expect.poll(decided, { timeout: 10_000 }).toMatchObject([{ allowed: false }]);
  });

  test('sends a message by the action of the service', async () => {
    const { stack } = await start({
      ...schedule('Acts', sending),
      Acts: plantRole('scheduler.amazonaws.com', { 'sqs:SendMessage': arnOf('DeadLetters') }),
    });
    const { Messages } = await callSqs(stack, 'ReceiveMessage', {
      QueueUrl: stack.deadLettersUrl,
      WaitTimeSeconds: 10,
    });
    expect(Messages).toMatchObject([{ Body: 'done' }]);
  });

  test('whose action the service refuses goes to its dead letters with the reason', async () => {
    const nowhere = action('sqs:sendMessage', '{"QueueUrl":"https://nowhere/none","MessageBody":"done"}');
    const { stack } = await start({
      ...schedule('Acts', { ...nowhere, DeadLetterConfig: { Arn: arnOf('DeadLetters') } }),
      Acts: plantRole('scheduler.amazonaws.com', { 'sqs:SendMessage': '*' }),
    });
    const { Messages = [] } = await callSqs(stack, 'ReceiveMessage', {
      QueueUrl: stack.deadLettersUrl,
      MessageAttributeNames: ['All'],
      WaitTimeSeconds: 10,
    });
    expect(Messages[0]?.MessageAttributes).toMatchObject({
      ERROR_CODE: { StringValue: expect.stringContaining('QueueDoesNotExist') },
    });
  });
});

test('a data source invokes with its role, and not without the right', async () => {
  const started = await start();

  const response = await signedPost({
    url: String(started.stack.graphqlUrl),
    service: 'appsync',
    region: started.stack.region,
    credentials: credentialsOf(started),
    body: JSON.stringify({ query: '{ open closed }' }),
  });
  const answer = await response.json();

  expect(answer).toMatchObject({
    data: { open: 'hello', closed: null },
    errors: [
      {
        path: ['closed'],
        message: expect.stringMatching(
          /MayNothing.*\/APPSYNC_ASSUME_ROLE is not authorized to perform: lambda:InvokeFunction/,
        ),
      },
    ],
  });
});

test('a function’s address answers only when everybody may call it', async () => {
  const closed = await start();
  expect((await fetch(String(closed.stack.url))).status).toBe(403);
  await closed.stop();

  const { InvokePermission, ...half } = Object.fromEntries(
    Object.entries(plantUrlPermissions('Hello')).map(([id, one]) => [id.replace('Hello', ''), one]),
  );
  const halfOpen = await start(half);
  expect((await fetch(String(halfOpen.stack.url))).status).toBe(403);
  await halfOpen.stop();

  const open = await start({ ...half, InvokePermission });
  expect(await (await fetch(String(open.stack.url))).text()).toBe('hello');
});

describe('a stack does not start', () => {
  test('whose function may not read its queue', async () => {
    await expect(start({ Mapping: mapping })).rejects.toThrow(
      /permissions to call DeleteMessage on SQS\. User: .*HelloRole.* is not authorized to perform: sqs:DeleteMessage/,
    );
  });

  test('whose function cannot take on its role', async () => {
    await expect(start({ HelloRole: plantRole('events.amazonaws.com') })).rejects.toThrow(
      /HelloRole.* cannot be assumed by lambda\.amazonaws\.com/,
    );
  });

  test('whose policies are wrong', async () => {
    const HelloRole = plantRole('lambda.amazonaws.com', { 'sqs:ReceiveMessages': '*' });

    await expect(start({ HelloRole })).rejects.toThrow(
      'AWS::IAM::Role HelloRole of the stack app, policy own, statement 1: sqs has no action ReceiveMessages',
    );
  });
});
