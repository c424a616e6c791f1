import { describe, expect, test } from 'vitest';
import type { Resource } from './assembly.ts';
import {
  blindAlarms,
  endlessLogs,
  sharedRoles,
  unheardFunctions,
  unsafeTargets,
  unwatchedQueues,
  wildcardGrants,
} from './rules.ts';

const resource = (Type: string, Properties: Resource['Properties'] = {}): Resource => ({ Type, Properties });
const template = (Resources: Readonly<Record<string, Resource>>) => ({ Resources });
const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

describe('the rules find a planted violation:', () => {
  test('two functions with one role', () => {
    const lambda = (role: string) => resource('AWS::Lambda::Function', { Role: arn(role) });
    expect(sharedRoles(template({ A: lambda('R'), B: lambda('R'), C: lambda('S') }))).toEqual(['A', 'B']);
  });

  test.each([
    ['dynamodb:*', arn('T'), true],
    ['dynamodb:GetItem', '*', true],
    ['dynamodb:Query', { 'Fn::Join': ['', [arn('T'), '/index/*']] }, true],
    ['s3:PutObject', { 'Fn::Join': ['', [arn('B'), '/*']] }, true],
    ['s3:PutObject', { 'Fn::Join': ['', [arn('B'), '/aws/lambda/*']] }, false],
    ['xray:PutTraceSegments', '*', false],
    ['dynamodb:GetItem', arn('T'), false],
  ])('the right %s on %j', (Action, Resource, wrong) => {
    const Statement = [{ Effect: 'Allow', Action, Resource }];
    const found = wildcardGrants(
      template({
        R: resource('AWS::IAM::Role'),
        P: resource('AWS::IAM::Policy', { Roles: [{ Ref: 'R' }], PolicyDocument: { Statement } }),
      }),
    );
    expect(found).toHaveLength(wrong ? 1 : 0);
  });

  test('a wildcard in a policy that lies in the role itself', () => {
    const Policies = [
      { PolicyDocument: { Statement: [{ Effect: 'Allow', Action: ['s3:*'], Resource: ['x'] }] } },
    ];
    expect(wildcardGrants(template({ R: resource('AWS::IAM::Role', { Policies }) }))).toEqual([
      'R: s3:* on "x"',
    ]);
  });

  test.each([
    ['sns:Publish', 'arn:aws:sns:*:*:*', false],
    ['sns:Publish', 'arn:aws:sns:*:*:news', true],
    ['dynamodb:GetItem', 'arn:aws:sns:*:*:*', true],
  ])('the right %s on all but %s', (Action, NotResource, wrong) => {
    const Policies = [{ PolicyDocument: { Statement: [{ Effect: 'Allow', Action, NotResource }] } }];
    expect(wildcardGrants(template({ R: resource('AWS::IAM::Role', { Policies }) }))).toEqual(
      wrong ? [`R: ${Action} on all but "${NotResource}"`] : [],
    );
  });

  test('a rule or a schedule that calls a function, and a rule without dead letters', () => {
    const rule = (...Targets: unknown[]) => resource('AWS::Events::Rule', { Targets });
    const found = unsafeTargets(
      template({
        F: resource('AWS::Lambda::Function'),
        Q: resource('AWS::SQS::Queue'),
        Calls: rule({ Arn: arn('F'), DeadLetterConfig: { Arn: arn('Q') } }),
        Ticks: resource('AWS::Events::Rule', {
          ScheduleExpression: 'rate(1 minute)',
          Targets: [{ Arn: arn('F'), DeadLetterConfig: { Arn: arn('Q') } }],
        }),
        Loses: rule({ Arn: arn('Q') }),
        Safe: rule({ Arn: arn('Q'), DeadLetterConfig: { Arn: arn('Q') } }),
      }),
    );
    expect(found).toEqual([
      `Calls targets ${JSON.stringify(arn('F'))}, not a queue`,
      `Ticks targets ${JSON.stringify(arn('F'))}, not a queue`,
      'Loses has no dead-letter queue',
    ]);
  });

  test('a consumed queue without dead letters, and dead letters without an alarm', () => {
    const found = unwatchedQueues(
      template({
        Q: resource('AWS::SQS::Queue'),
        D: resource('AWS::SQS::Queue'),
        M: resource('AWS::Lambda::EventSourceMapping', { EventSourceArn: arn('Q') }),
      }),
    );
    expect(found).toEqual([
      'Q has no dead-letter queue',
      'D holds dead letters and has no alarm',
      'Q has no alarm for messages that wait',
    ]);
  });

  test('an alarm on what is not there, and one that nobody hears', () => {
    const alarm = (Value: unknown, MetricName: string, ...AlarmActions: unknown[]) =>
      resource('AWS::CloudWatch::Alarm', {
        Namespace: 'AWS/Lambda',
        MetricName,
        Dimensions: [{ Name: 'FunctionName', Value }],
        AlarmActions,
      });
    const found = blindAlarms(
      template({
        F: resource('AWS::Lambda::Function'),
        T: resource('AWS::SNS::Topic'),
        S: resource('AWS::SNS::Subscription', { TopicArn: { Ref: 'T' } }),
        Good: alarm({ Ref: 'F' }, 'Errors', { Ref: 'T' }),
        Gone: alarm({ Ref: 'G' }, 'Errors', { Ref: 'T' }),
        Misspelt: alarm({ Ref: 'F' }, 'Error', { Ref: 'T' }),
        Silent: alarm({ Ref: 'F' }, 'Errors'),
        Narrow: resource('AWS::CloudWatch::Alarm', {
          Namespace: 'AWS/Lambda',
          MetricName: 'Errors',
          Dimensions: ['FunctionName', 'Resource'].map((Name) => ({ Name, Value: { Ref: 'F' } })),
          AlarmActions: [{ Ref: 'T' }],
        }),
      }),
    );
    expect(found).toEqual([
      'Gone watches AWS/Lambda Errors of nothing',
      'Misspelt watches AWS/Lambda Error of nothing',
      'Silent tells nobody',
      'Narrow watches AWS/Lambda Errors of nothing',
    ]);
  });

  test('an alarm on a table that another stack does not export, or on a rule that the firewall does not have', () => {
    const data = {
      Resources: { T: resource('AWS::DynamoDB::Table') },
      Outputs: { Out: { Value: { Ref: 'T' }, Export: { Name: 'data:T' } } },
    };
    const watches = (Namespace: string, MetricName: string, dimensions: Readonly<Record<string, unknown>>) =>
      resource('AWS::CloudWatch::Alarm', {
        Namespace,
        MetricName,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        AlarmActions: [{ Ref: 'Topic' }],
      });
    const throttled = (TableName: unknown) => watches('AWS/DynamoDB', 'WriteThrottleEvents', { TableName });
    const blocked = (Rule: string, more = {}) =>
      watches('AWS/WAFV2', 'BlockedRequests', { WebACL: 'acl', Rule, Region: 'eu-west-2', ...more });
    const visible = (MetricName: string) => ({ VisibilityConfig: { MetricName } });
    const app = template({
      Topic: resource('AWS::SNS::Topic'),
      S: resource('AWS::SNS::Subscription', { TopicArn: { Ref: 'Topic' } }),
      Acl: resource('AWS::WAFv2::WebACL', { ...visible('acl'), Rules: [visible('rate')] }),
      Exported: throttled({ 'Fn::ImportValue': 'data:T' }),
      NotExported: throttled({ 'Fn::ImportValue': 'data:Other' }),
      Rate: blocked('rate'),
      Rule: blocked('size'),
      Narrow: blocked('rate', { Country: 'GB' }),
      Account: watches('AWS/SES', 'Reputation.BounceRate', {}),
      OfSet: watches('AWS/SES', 'Reputation.BounceRate', { 'ses:configuration-set': 'set' }),
    });
    expect(blindAlarms(app, data)).toEqual([
      'NotExported watches AWS/DynamoDB WriteThrottleEvents of nothing',
      'Rule watches AWS/WAFV2 BlockedRequests of nothing',
      'Narrow watches AWS/WAFV2 BlockedRequests of nothing',
      'OfSet watches AWS/SES Reputation.BounceRate of nothing',
    ]);
  });

  test('a function whose errors nobody hears', () => {
    const filter = (FilterPattern: string) =>
      resource('AWS::Logs::MetricFilter', {
        LogGroupName: { Ref: 'L' },
        FilterPattern,
        MetricTransformations: [{ MetricNamespace: 'N', MetricName: 'M', MetricValue: '1' }],
      });
    const alarm = (Namespace: string, MetricName: string, Dimensions: unknown[]) =>
      resource('AWS::CloudWatch::Alarm', { Namespace, MetricName, Dimensions });
    const F = resource('AWS::Lambda::Function', { LoggingConfig: { LogGroup: { Ref: 'L' } } });
    const Thrown = alarm('AWS/Lambda', 'Errors', [{ Name: 'FunctionName', Value: { Ref: 'F' } }]);
    const Refused = alarm('AWS/Lambda', 'Throttles', [{ Name: 'FunctionName', Value: { Ref: 'F' } }]);
    const Logged = alarm('N', 'M', []);
    const All = filter('{ $.level = "ERROR" }');

    expect(unheardFunctions(template({ F }))).toEqual([
      'F throws unheard',
      'F is throttled unheard',
      'F logs errors unheard',
    ]);
    expect(unheardFunctions(template({ F, Thrown, Refused, All }))).toEqual(['F logs errors unheard']);
    expect(
      unheardFunctions(template({ F, Thrown, Refused, Logged, Few: filter('{ $.level = "WARN" }') })),
    ).toEqual(['F logs errors unheard']);
    expect(unheardFunctions(template({ F, Thrown, Logged, All }))).toEqual(['F is throttled unheard']);
    expect(unheardFunctions(template({ F, Thrown, Refused, Logged, All }))).toEqual([]);
  });

  test('a log that is kept for ever', () => {
    const found = endlessLogs(
      template({ L: resource('AWS::Logs::LogGroup'), F: resource('AWS::Lambda::Function') }),
    );
    expect(found).toEqual(['L has no retention', 'F has no log group in the template']);
  });
});
