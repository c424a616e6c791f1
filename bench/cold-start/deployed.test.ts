import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { functionNames } from '../../infra/function-names.ts';
import { assemblyDir } from '../../test/support/assembly.ts';
import { deployedFunctions, sizesOf } from './deployed.ts';

const folder = mkdtempSync(join(tmpdir(), 'fidelia-deployed-'));

afterAll(() => rmSync(folder, { recursive: true }));

test('the functions of an assembly are ours, each with its bundle and the environment that it gets', () => {
  const functions = deployedFunctions(assemblyDir);
  expect(functions.map(({ name }) => name)).toEqual([...functionNames].sort());
  const relay = functions.find(({ name }) => name === 'relay');
  expect(relay?.environment).toMatchObject({ TENANT: 'demo', AWS_SESSION_TOKEN: 'stand-in' });
  expect(relay?.environment.BUS_NAME).toMatch(/^https:/);
});

test('the size of an asset is that of all its files, and of its code that of the module that Lambda loads', () => {
  mkdirSync(join(folder, 'asset.1'));
  writeFileSync(join(folder, 'asset.1/index.mjs'), 'x'.repeat(10));
  writeFileSync(join(folder, 'asset.1/tenant.json'), '{}');
  const Code = { S3Key: '1.zip' };
  const Environment = { Variables: { POWERTOOLS_SERVICE_NAME: 'one' } };
  const Resources = {
    One: { Type: 'AWS::Lambda::Function', Properties: { Handler: 'index.handler', Code, Environment } },
    Inline: {
      Type: 'AWS::Lambda::Function',
      Properties: { Handler: 'index.handler', Code: { ZipFile: '' } },
    },
    Table: { Type: 'AWS::DynamoDB::Table', Properties: {} },
  };
  writeFileSync(join(folder, 'app.template.json'), JSON.stringify({ Resources }));
  const functions = deployedFunctions(folder);
  expect(functions.map(sizesOf)).toEqual([{ code: 10, asset: 12 }]);
});
