import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createEventBridge, type EventBridge } from '../../events/events.ts';
import { awsManagedPolicies } from '../../iam/managed-policies.ts';
import { createSns, type Sns } from '../../sns/sns.ts';
import { createSqs, type Sqs } from '../../sqs/sqs.ts';
import { openStore, type Store } from '../../store.ts';
import { type Deployment, deploy } from '../deploy.ts';
import { eventTypes } from './events.ts';
import { inertTypes } from './inert.ts';
import { policyTypes } from './policies.ts';
import { snsTypes } from './sns.ts';
import { sqsTypes } from './sqs.ts';

const place = { region: 'eu-central-1', accountId: '111122223333' };
const admin = {
  accessKeyId: 'AKIA1',
  arn: 'arn:aws:iam::111122223333:user/admin',
  accountId: place.accountId,
};

let store: Store;
let sqs: Sqs;
let sns: Sns;
let events: EventBridge;
beforeEach(() => {
  store = openStore();
  sqs = createSqs({ store, place, endpoint: 'http://127.0.0.1:4001' });
  sns = createSns({ place, outbox: { add() {} } });
  events = createEventBridge({
    store,
    place,
    deliver: (arn, body, { attributes }) => sqs.send(arn, body, attributes ? { attributes } : {}),
  });
});
afterEach(() => {
  sqs.close();
  store.close();
});

function deployed(Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }>) {
  const Outputs = Object.fromEntries(Object.keys(Resources).map((id) => [id, { Value: { Ref: id } }]));
  const stack = {
    name: 'app',
    accountId: undefined,
    region: undefined,
    template: { Resources, Outputs },
    assets: new Map(),
  };
  const { types, policies } = policyTypes();
  const all = {
    ...inertTypes,
    ...types,
    ...snsTypes({ sns }),
    ...sqsTypes({ sqs }),
    ...eventTypes({ events }),
  };
  const deployment: Deployment = deploy([stack], all, place);
  return { ...deployment, policies, refs: deployment.outputs.get('app') ?? {} };
}

const pipeline = {
  Dead: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 1_209_600 } },
  Queue: {
    Type: 'AWS::SQS::Queue',
    Properties: {
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 5 },
    },
  },
  Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'fidelia' } },
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventBusName: { Ref: 'Bus' },
      EventPattern: { source: ['fidelia'] },
      State: 'ENABLED',
      Targets: [{ Id: 'Target0', Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] }, InputPath: '$.detail' }],
    },
  },
};

test('an event put on the bus of a template lies in the queue of its rule', () => {
  const { refs } = deployed(pipeline);

  const entry = { Source: 'fidelia', DetailType: 'x', Detail: '{"a":1}', EventBusName: 'fidelia' };
  events.call('PutEvents', { Entries: [entry] }, admin);

  expect(sqs.call('ReceiveMessage', { QueueUrl: refs.Queue }, admin)).toMatchObject({
    Messages: [{ Body: '{"a":1}' }],
  });
  expect(refs.Rule).toMatch(/^fidelia\|app-Rule-/);
  expect(
    sqs.call('GetQueueAttributes', { QueueUrl: refs.Queue, AttributeNames: ['RedrivePolicy'] }, admin),
  ).toMatchObject({
    Attributes: { RedrivePolicy: expect.stringContaining('"maxReceiveCount":5') },
  });
});

test('an unknown property of a target is refused', () => {
  const Targets = [{ Id: 'T', Arn: 'a', KinesisParameters: {} }];
  const Rule = { Type: 'AWS::Events::Rule', Properties: { EventPattern: { source: ['x'] }, Targets } };

  expect(() => deployed({ Rule })).toThrow('target T has KinesisParameters');
});

test('an archive keeps the events of its bus, under its own or a generated name', () => {
  const archive = (more: object) => ({
    Type: 'AWS::Events::Archive',
    Properties: { SourceArn: { 'Fn::GetAtt': ['Bus', 'Arn'] }, ...more },
  });
  const { refs } = deployed({
    ...pipeline,
    Named: archive({ ArchiveName: 'orders', RetentionDays: 30, EventPattern: { source: ['fidelia'] } }),
    Unnamed: archive({}),
  });

  const entry = { Source: 'fidelia', DetailType: 'x', Detail: '{}', EventBusName: 'fidelia' };
  events.call('PutEvents', { Entries: [entry] }, admin);

  expect(refs.Named).toBe('orders');
  expect(String(refs.Unnamed).length).toBeLessThanOrEqual(48);
  expect(events.call('ListArchives', {}, admin)).toMatchObject({
    Archives: [
      { ArchiveName: 'orders', EventCount: 1, RetentionDays: 30 },
      { ArchiveName: refs.Unnamed, EventCount: 1, RetentionDays: 0 },
    ],
  });
  expect(() => deployed({ ...pipeline, Bad: archive({ RetentionDays: 'x' }) })).toThrow('RetentionDays');
});

test('a rule on a schedule is there, on the default bus only', () => {
  const rule = (more: object) => ({
    Type: 'AWS::Events::Rule',
    Properties: { ScheduleExpression: 'rate(1 day)', ...more },
  });
  const { refs } = deployed({ Nightly: rule({ Name: 'nightly', State: 'DISABLED' }) });

  expect(refs.Nightly).toBe('nightly');
  expect(events.call('DescribeRule', { Name: 'nightly' }, admin)).toMatchObject({
    ScheduleExpression: 'rate(1 day)',
    State: 'DISABLED',
  });
  expect(() => deployed({ ...pipeline, Nightly: rule({ EventBusName: { Ref: 'Bus' } }) })).toThrow(
    'supported only on the default event bus',
  );
  expect(() => deployed({ Nightly: rule({ State: 'PAUSED' }) })).toThrow('State is PAUSED');
});

test('a bus can be the target of a rule, and the stack says with which role', () => {
  const toPartner = (more: object) => ({
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: { source: ['shop'] },
      Targets: [{ Id: 'partner', Arn: { 'Fn::GetAtt': ['Bus', 'Arn'] }, ...more }],
    },
  });
  const RoleArn = 'arn:aws:iam::111122223333:role/sends';
  const { refs } = deployed({ ...pipeline, Share: toPartner({ RoleArn }) });

  expect(events.call('ListTargetsByRule', { Rule: refs.Share }, admin)).toMatchObject({
    Targets: [{ Id: 'partner', RoleArn }],
  });
  expect(() => deployed({ ...pipeline, Share: toPartner({}) })).toThrow('RoleArn is required');
});

describe('the policy of a bus', () => {
  const Statement = {
    Sid: 'partner',
    Effect: 'Allow',
    Principal: { AWS: 'arn:aws:iam::999999999999:root' },
    Action: 'events:PutEvents',
    Resource: 'arn:aws:events:eu-central-1:111122223333:event-bus/fidelia',
  };
  const policy = (more: object) => ({
    Policy: {
      Type: 'AWS::Events::EventBusPolicy',
      Properties: { EventBusName: 'fidelia', StatementId: 'partner', Statement, ...more },
    },
  });

  test('is kept as data', () => {
    const { policies, inert } = deployed(policy({}));

    expect(policies.resourcePolicies).toEqual([
      {
        type: 'AWS::Events::EventBusPolicy',
        where: 'AWS::Events::EventBusPolicy Policy of the stack app',
        resourceArns: [Statement.Resource],
        document: { Version: '2012-10-17', Statement },
      },
    ]);
    expect(inert).toEqual([]);
  });

  test.each([
    [{ StatementId: undefined }, 'StatementId is undefined'],
    [{ StatementId: 'no spaces' }, 'StatementId is "no spaces"'],
    [{ Statement: [Statement] }, 'give one statement'],
    [{ Statement: { ...Statement, Effect: 'Maybe' } }, 'give Allow or Deny'],
    [{ Statement: { ...Statement, Principal: undefined } }, 'has no Principal'],
    [{ Statement: { ...Statement, Action: ['sqs:SendMessage'] } }, 'give actions of events:'],
    [{ Statement: { ...Statement, Resource: [] } }, 'has no Resource'],
    [{ Action: 'events:PutEvents', Principal: '*' }, 'has Action, Principal: say it in Statement'],
  ])('with %o is refused', (more, message) => {
    expect(() => deployed(policy(more))).toThrow(message);
  });
});

describe('the policy of log groups', () => {
  const policy = (more: object) => ({
    Policy: {
      Type: 'AWS::Logs::ResourcePolicy',
      Properties: { PolicyName: 'events', PolicyDocument: '{"Statement":[]}', ...more },
    },
  });

  test('is about all of the account', () => {
    expect(deployed(policy({})).policies.resourcePolicies).toEqual([
      {
        type: 'AWS::Logs::ResourcePolicy',
        where: 'AWS::Logs::ResourcePolicy Policy of the stack app',
        resourceArns: ['arn:aws:logs:eu-central-1:111122223333:*'],
        document: { Statement: [] },
      },
    ]);
  });

  test.each([
    [{ PolicyName: undefined }, 'PolicyName is undefined: give the policy a name'],
    [{ PolicyDocument: { Statement: [] } }, 'give the policy as a JSON text'],
    [{ PolicyDocument: '{' }, 'PolicyDocument of events is no JSON text'],
    [{ PolicyDocument: ' '.repeat(5121) }, 'has 5121 characters: CloudWatch Logs takes 5120'],
    [{ Tags: [] }, 'Tags'],
  ])('with %j is refused', (more, message) => {
    expect(() => deployed(policy(more))).toThrow(message);
  });
});

test('what roles may do is kept with the role, from policies of all kinds', () => {
  const allow = (action: string) => ({ Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] });
  const xray = 'arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess';
  const { policies } = deployed({
    Managed: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: allow('s3:*') } },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: { Statement: [] },
        ManagedPolicyArns: [{ Ref: 'Managed' }, xray],
        Tags: [{ Key: 'tenant', Value: 'demo' }],
        Policies: [{ PolicyName: 'own', PolicyDocument: allow('sqs:*') }],
      },
    },
    Policy: {
      Type: 'AWS::IAM::Policy',
      Properties: { PolicyDocument: allow('events:*'), Roles: [{ Ref: 'Role' }] },
    },
  });

  const [role] = policies.roles.values();
  expect(role?.arn).toMatch(/^arn:aws:iam::111122223333:role\/app-Role-/);
  expect(role?.documents.map(({ document }) => document)).toEqual([
    allow('sqs:*'),
    allow('s3:*'),
    awsManagedPolicies.get(xray),
    allow('events:*'),
  ]);
  expect(role?.tags).toEqual({ tenant: 'demo' });
  expect(() =>
    deployed({ Policy: { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument: {}, Roles: ['nobody'] } } }),
  ).toThrow('the policy is for the role nobody');
});

test('a policy that AWS manages and that is not known here is an error that names it', () => {
  const ManagedPolicyArns = ['arn:aws:iam::aws:policy/AdministratorAccess'];
  const Properties = { AssumeRolePolicyDocument: { Statement: [] }, ManagedPolicyArns };

  expect(() => deployed({ Role: { Type: 'AWS::IAM::Role', Properties } })).toThrow(
    'the managed policy arn:aws:iam::aws:policy/AdministratorAccess is not known here',
  );
});

test('a permission of a function is a statement of its policy', () => {
  const { policies } = deployed({
    Rule: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: 'hook',
        Principal: 'events.amazonaws.com',
        SourceArn: 'arn:aws:events:eu-central-1:111122223333:rule/x',
        SourceAccount: '111122223333',
      },
    },
    Url: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunctionUrl',
        FunctionName: 'arn:aws:lambda:eu-central-1:111122223333:function:hook',
        Principal: '*',
        FunctionUrlAuthType: 'NONE',
      },
    },
  });

  const resource = 'arn:aws:lambda:eu-central-1:111122223333:function:hook';
  expect(policies.resourcePolicies.map(({ resourceArns }) => resourceArns)).toEqual([[resource], [resource]]);
  expect(policies.resourcePolicies.map(({ document }) => document)).toMatchObject([
    {
      Statement: {
        Principal: { Service: 'events.amazonaws.com' },
        Condition: {
          ArnLike: { 'AWS:SourceArn': 'arn:aws:events:eu-central-1:111122223333:rule/x' },
          StringEquals: { 'AWS:SourceAccount': '111122223333' },
        },
      },
    },
    { Statement: { Principal: '*', Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } } } },
  ]);
});

test('an alarm and its topic are inert and can be referred to', () => {
  const { inert, refs } = deployed({
    Alarm: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: { AlarmActions: [{ 'Fn::GetAtt': ['Topic', 'TopicArn'] }] },
    },
    Topic: { Type: 'AWS::SNS::Topic' },
  });

  expect(inert.map(({ type }) => type).sort()).toEqual(['AWS::CloudWatch::Alarm', 'AWS::SNS::Topic']);
  expect(refs.Topic).toMatch(/^arn:aws:sns:eu-central-1:111122223333:app-Topic-/);
  const body = Buffer.from(
    new URLSearchParams({ Action: 'Publish', TopicArn: String(refs.Topic) }).toString(),
  );
  expect(() => sns.handle({ body })).toThrow(`publishing to the topic ${refs.Topic} is not run here`);
});

test('a dashboard and a composite alarm are inert, under the names that the template gives', () => {
  const { inert, refs } = deployed({
    Dashboard: {
      Type: 'AWS::CloudWatch::Dashboard',
      Properties: { DashboardName: 'crm', DashboardBody: '{}' },
    },
    Any: { Type: 'AWS::CloudWatch::CompositeAlarm', Properties: { AlarmName: 'any', AlarmRule: 'TRUE' } },
  });

  expect(inert).toHaveLength(2);
  expect(refs).toEqual({ Dashboard: 'crm', Any: 'any' });
});
