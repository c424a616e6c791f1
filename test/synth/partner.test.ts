import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Assembly, assemblyOf, ofType, removeAssemblies, type Template } from './assembly.ts';
import { blindAlarms, unsafeTargets, unwatchedQueues } from './rules.ts';
import { statefulOf } from './stateful.ts';

const NAME = 'fidelia-demo-partner-carrier';
const ACCOUNT = '333333333333';
const RULES = `arn:aws:events:eu-west-2:111111111111:rule/${NAME}/*`;
const PRINCIPAL = { AWS: `arn:aws:iam::${ACCOUNT}:root` };

let demo: Assembly;
let carrier: Template;

beforeAll(async () => {
  demo = await assemblyOf('demo');
  carrier = demo.partners.carrier ?? { Resources: {} };
}, 60_000);

afterAll(removeAssemblies);

const propertiesOf = (type: string) => ofType(carrier, type).map(([, { Properties }]) => Properties);

describe('a partner', () => {
  test('has a stack with a bus and a queue of its name, one for each in the tenant file', () => {
    expect(Object.keys(demo.partners)).toEqual(['carrier', 'wholesaler']);
    expect(propertiesOf('AWS::Events::EventBus')).toMatchObject([{ Name: NAME }]);
    expect(propertiesOf('AWS::SQS::Queue')).toContainEqual(
      expect.objectContaining({
        QueueName: NAME,
        MessageRetentionPeriod: 7 * 86_400,
        VisibilityTimeout: 300,
      }),
    );
    expect(Object.keys(carrier.Outputs ?? {}).sort()).toEqual(['eventBusArn', 'queueUrl']);
  });

  test('manages the rules that its account made, and reads all of its bus', () => {
    const statements = propertiesOf('AWS::Events::EventBusPolicy').map(({ Statement }) => Statement);
    expect(statements).toEqual([
      {
        Sid: 'PartnerManagesItsRules',
        Effect: 'Allow',
        Principal: PRINCIPAL,
        Action: [
          'events:PutRule',
          'events:DeleteRule',
          'events:EnableRule',
          'events:DisableRule',
          'events:PutTargets',
          'events:RemoveTargets',
        ],
        Resource: RULES,
        Condition: { StringEqualsIfExists: { 'events:creatorAccount': ACCOUNT } },
      },
      {
        Sid: 'PartnerReadsRules',
        Effect: 'Allow',
        Principal: PRINCIPAL,
        Action: ['events:DescribeRule', 'events:ListRules', 'events:ListTargetsByRule'],
        Resource: [{ 'Fn::GetAtt': [expect.stringMatching(/^Bus/), 'Arn'] }, RULES],
      },
    ]);
  });

  test('reads its queue over TLS, and nobody but the rule of its bus fills it', () => {
    const statements = propertiesOf('AWS::SQS::QueuePolicy').flatMap(
      ({ PolicyDocument }) =>
        (PolicyDocument as { readonly Statement: readonly Readonly<Record<string, unknown>>[] }).Statement,
    );
    const queue = { 'Fn::GetAtt': [expect.stringMatching(/^OutgoingQueue/), 'Arn'] };
    const foreign = statements.filter(({ Principal }) => JSON.stringify(Principal).includes(ACCOUNT));
    expect(foreign).toEqual([
      {
        Sid: 'PartnerReads',
        Effect: 'Allow',
        Principal: PRINCIPAL,
        Action: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:ReceiveMessage'],
        Resource: queue,
      },
    ]);
    const denied = statements.filter(({ Effect }) => Effect === 'Deny');
    expect(denied).toHaveLength(2);
    for (const { Condition } of denied)
      expect(Condition).toEqual({ Bool: { 'aws:SecureTransport': 'false' } });
    for (const { Action, Condition } of statements.filter(
      ({ Sid, Effect }) => Effect === 'Allow' && Sid !== 'PartnerReads',
    )) {
      expect(Action).toBe('sqs:SendMessage');
      expect(Condition).toMatchObject({ ArnEquals: { 'aws:SourceArn': expect.anything() } });
    }
  });

  test('gets all that comes over its bus, and again what the archive of 14 days is asked for', () => {
    const everything = { account: ['111111111111'] };
    expect(propertiesOf('AWS::Events::Rule')).toMatchObject([{ EventPattern: everything }]);
    expect(propertiesOf('AWS::Events::Archive')).toMatchObject([
      { ArchiveName: NAME, EventPattern: everything, RetentionDays: 14 },
    ]);
  });

  test('loses nothing without a word: operators hear when it does not read, and when it fails', () => {
    expect(unsafeTargets(carrier)).toEqual([]);
    expect(unwatchedQueues(carrier)).toEqual([]);
    expect(blindAlarms(carrier)).toEqual([]);
    const alarms = propertiesOf('AWS::CloudWatch::Alarm').map(({ MetricName, Threshold }) => [
      MetricName,
      Threshold,
    ]);
    expect(Object.fromEntries(alarms)).toEqual({
      ApproximateAgeOfOldestMessage: 86_400,
      ApproximateNumberOfMessagesVisible: 1,
    });
  });

  test('has a stack that can be deleted and deployed again', () => {
    expect(statefulOf(carrier)).toEqual({});
  });
});
