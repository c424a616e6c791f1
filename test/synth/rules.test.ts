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

  test('a rule that calls a function, and a rule without dead letters', () => {
    const rule = (...Targets: unknown[]) => resource('AWS::Events::Rule', { Targets });
    const found = unsafeTargets(
      template({
        F: resource('AWS::Lambda::Function'),
        Q: resource('AWS::SQS::Queue'),
        Calls: rule({ Arn: arn('F'), DeadLetterConfig: { Arn: arn('Q') } }),
        Loses: rule({ Arn: arn('Q') }),
        Safe: rule({ Arn: arn('Q'), DeadLetterConfig: { Arn: arn('Q') } }),
      }),
    );
    expect(found).toEqual([
      `Calls targets ${JSON.stringify(arn('F'))}, not a queue`,
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
    expect(found).toEqual(['Q has no dead-letter queue', 'D holds dead letters and has no alarm']);
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
    const Logged = alarm('N', 'M', []);
    const All = filter('{ $.level = "ERROR" }');

    expect(unheardFunctions(template({ F }))).toEqual(['F throws unheard', 'F logs errors unheard']);
    expect(unheardFunctions(template({ F, Thrown, All }))).toEqual(['F logs errors unheard']);
    expect(unheardFunctions(template({ F, Thrown, Logged, Few: filter('{ $.level = "WARN" }') }))).toEqual([
      'F logs errors unheard',
    ]);
    expect(unheardFunctions(template({ F, Thrown, Logged, All }))).toEqual([]);
  });

  test('a log that is kept for ever', () => {
    const found = endlessLogs(
      template({ L: resource('AWS::Logs::LogGroup'), F: resource('AWS::Lambda::Function') }),
    );
    expect(found).toEqual(['L has no retention', 'F has no log group in the template']);
  });
});
