import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEventBridge, type EventBridge } from '../../events/events.ts';
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

test('a rule on a schedule and an unknown property of a target are refused', () => {
  const Rule = { Type: 'AWS::Events::Rule', Properties: { EventPattern: { source: ['x'] } } };

  expect(() => deployed({ Rule: { ...Rule, Properties: { ScheduleExpression: 'rate(1 day)' } } })).toThrow(
    'does not know the property ScheduleExpression',
  );
  expect(() =>
    deployed({
      Rule: { ...Rule, Properties: { ...Rule.Properties, Targets: [{ Id: 'T', Arn: 'a', RoleArn: 'r' }] } },
    }),
  ).toThrow('target T has RoleArn');
});

test('what roles may do is kept with the role, from policies of all kinds', () => {
  const allow = (action: string) => ({ Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] });
  const { policies } = deployed({
    Managed: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: allow('s3:*') } },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: { Statement: [] },
        ManagedPolicyArns: [{ Ref: 'Managed' }, 'arn:aws:iam::aws:policy/Other'],
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
  expect(role?.documents).toEqual([allow('sqs:*'), allow('s3:*'), allow('events:*')]);
  expect(() =>
    deployed({ Policy: { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument: {}, Roles: ['nobody'] } } }),
  ).toThrow('the policy is for the role nobody');
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
