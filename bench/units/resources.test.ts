import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { consumersIn, relayIn, relayPatternsIn } from './mappings.ts';
import { resourcesIn } from './resources.ts';

const named = (name: string) => ({
  Type: 'AWS::Lambda::Function',
  Properties: { MemorySize: 512, Environment: { Variables: { POWERTOOLS_SERVICE_NAME: name } } },
});
const mapping = (functionId: string, source: string, more: object = {}) => ({
  Type: 'AWS::Lambda::EventSourceMapping',
  Properties: {
    FunctionName: { Ref: functionId },
    EventSourceArn: { 'Fn::GetAtt': [source, 'Arn'] },
    ...more,
  },
});
const app = {
  Late: { Type: 'AWS::CloudWatch::Alarm' },
  Relay: named('relay'),
  Scoring: named('scoring'),
  OfTheLibrary: { Type: 'AWS::Lambda::Function', Properties: {} },
  Queue: {
    Type: 'AWS::SQS::Queue',
    Properties: { VisibilityTimeout: 180, RedrivePolicy: { maxReceiveCount: 5 } },
  },
  FromQueue: mapping('Scoring', 'Queue', { BatchSize: 20, ScalingConfig: { MaximumConcurrency: 7 } }),
  FromStream: mapping('Relay', 'Table', { ParallelizationFactor: 2 }),
  Acl: { Type: 'AWS::WAFv2::WebACL', Properties: { Rules: [{}, {}] } },
};

test('what a stack has is counted over all its templates', () => {
  const folder = mkdtempSync(join(tmpdir(), 'resources-'));
  const write = (name: string, Resources: object) =>
    writeFileSync(join(folder, `${name}.template.json`), JSON.stringify({ Resources }));
  write('app', app);
  write('partner', { Late: { Type: 'AWS::CloudWatch::Alarm' } });
  write('empty', {});

  const resources = resourcesIn(folder);
  rmSync(folder, { recursive: true });

  expect(resources).toEqual({
    ...{ alarms: 2, logMetrics: 0, dashboards: 0, webAcls: 1, webAclRules: 2 },
    memory: { relay: 512, scoring: 512 },
    consumers: { scoring: { batchSize: 20, concurrency: 7, visibilitySeconds: 180, maxReceives: 5 } },
    relay: { batchSize: 100, parallelization: 2 },
  });
});

test('what a template leaves out is as Lambda and SQS have it', () => {
  const plain = { ...app, Queue: { Type: 'AWS::SQS::Queue' }, FromQueue: mapping('Scoring', 'Queue') };

  expect(consumersIn({ Resources: plain })).toEqual([
    [
      'scoring',
      { batchSize: 10, concurrency: 1250, visibilitySeconds: 30, maxReceives: Number.POSITIVE_INFINITY },
    ],
  ]);
});

test('a stack without a relay is refused', () => {
  expect(() => relayIn([{ Resources: { Scoring: named('scoring') } }])).toThrow('where is the relay?');
});

test('what the relay gets of the stream is as its template says, and all when that says nothing', () => {
  const FilterCriteria = { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] };
  const filtered = { ...app, FromStream: mapping('Relay', 'Table', { FilterCriteria }) };

  expect(relayPatternsIn([{ Resources: filtered }])).toEqual(['{"eventName":["INSERT"]}']);
  expect(relayPatternsIn([{ Resources: app }])).toEqual([]);
});
