import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resourcesIn } from './resources.ts';

test('what a stack costs by itself is counted over all its templates', () => {
  const folder = mkdtempSync(join(tmpdir(), 'resources-'));
  const write = (name: string, Resources: object) =>
    writeFileSync(join(folder, `${name}.template.json`), JSON.stringify({ Resources }));
  write('app', {
    Late: { Type: 'AWS::CloudWatch::Alarm' },
    Relay: {
      Type: 'AWS::Lambda::Function',
      Properties: { MemorySize: 512, Environment: { Variables: { POWERTOOLS_SERVICE_NAME: 'relay' } } },
    },
    OfTheLibrary: { Type: 'AWS::Lambda::Function', Properties: {} },
    Queue: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { ScalingConfig: {} } },
    Stream: { Type: 'AWS::Lambda::EventSourceMapping', Properties: {} },
    Acl: { Type: 'AWS::WAFv2::WebACL', Properties: { Rules: [{}, {}] } },
  });
  write('partner', { Late: { Type: 'AWS::CloudWatch::Alarm' } });
  write('empty', {});

  const resources = resourcesIn(folder);
  rmSync(folder, { recursive: true });

  expect(resources).toEqual({
    ...{ alarms: 2, logMetrics: 0, dashboards: 0, webAcls: 1, webAclRules: 2, polledQueues: 1 },
    memory: { relay: 512 },
  });
});
