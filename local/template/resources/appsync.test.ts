import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { deploy } from '../deploy.ts';
import { appSyncTypes } from './appsync.ts';

const dir = mkdtempSync(join(tmpdir(), 'assets-'));
writeFileSync(join(dir, 'resolver.js'), 'export const code = 1;');
afterAll(() => rmSync(dir, { recursive: true }));

const place = { region: 'eu-central-1', accountId: '111122223333' };
const url = 'http://127.0.0.1:4000/graphql';

type Resources = Record<string, { Type: string; Properties: Record<string, unknown> }>;

function deployed(Resources: Resources) {
  const { types, apis } = appSyncTypes({ url, realtimeUrl: 'ws://127.0.0.1:4000/graphql/realtime' });
  const assets = new Map([['resolver.js', join(dir, 'resolver.js')]]);
  deploy(
    [{ name: 'app', accountId: undefined, region: undefined, template: { Resources }, assets }],
    types,
    place,
  );
  return { apis };
}

const ApiId = { 'Fn::GetAtt': ['Api', 'ApiId'] };
const api = (more: object = {}) => ({
  Type: 'AWS::AppSync::GraphQLApi',
  Properties: {
    Name: 'x',
    AuthenticationType: 'AMAZON_COGNITO_USER_POOLS',
    UserPoolConfig: { UserPoolId: 'pool', DefaultAction: 'DENY' },
    AdditionalAuthenticationProviders: [{ AuthenticationType: 'AWS_IAM' }],
    ...more,
  },
});
const Schema = {
  Type: 'AWS::AppSync::GraphQLSchema',
  Properties: { ApiId, Definition: 'type Query { a: Int }' },
};
const source = (Name: string, more: object) => ({
  Type: 'AWS::AppSync::DataSource',
  Properties: { ApiId, Name, ...more },
});
const resolver = (more: object) => ({
  Type: 'AWS::AppSync::Resolver',
  Properties: { ApiId, TypeName: 'Query', FieldName: 'a', Runtime: { Name: 'APPSYNC_JS' }, ...more },
});

test('an API is put together from its schema, data sources, functions and resolvers', () => {
  const { apis } = deployed({
    Api: api({ QueryDepthLimit: 12, IntrospectionConfig: 'DISABLED' }),
    Schema,
    None: source('none', { Type: 'NONE' }),
    Relay: source('relay', {
      Type: 'AWS_LAMBDA',
      LambdaConfig: { LambdaFunctionArn: 'arn:relay' },
      ServiceRoleArn: 'arn:role',
    }),
    Step: {
      Type: 'AWS::AppSync::FunctionConfiguration',
      Properties: {
        ApiId,
        Name: 'step',
        DataSourceName: 'none',
        CodeS3Location: 's3://assets/resolver.js',
      },
    },
    A: resolver({ Kind: 'UNIT', DataSourceName: 'relay', Code: 'code' }),
    B: resolver({
      FieldName: 'b',
      Kind: 'PIPELINE',
      Code: 'code',
      PipelineConfig: { Functions: [{ 'Fn::GetAtt': ['Step', 'FunctionId'] }] },
    }),
  });

  expect(apis()).toEqual([
    expect.objectContaining({
      definition: 'type Query { a: Int }',
      authModes: [
        { type: 'AMAZON_COGNITO_USER_POOLS', userPoolId: 'pool', defaultAction: 'DENY' },
        { type: 'AWS_IAM' },
      ],
      limits: { queryDepthLimit: 12, resolverCountLimit: 0 },
      introspection: 'DISABLED',
      dataSources: {
        none: { type: 'NONE' },
        relay: { type: 'AWS_LAMBDA', functionArn: 'arn:relay', roleArn: 'arn:role' },
      },
      resolvers: [
        expect.objectContaining({
          typeName: 'Query',
          fieldName: 'a',
          kind: 'UNIT',
          dataSourceName: 'relay',
        }),
        expect.objectContaining({
          fieldName: 'b',
          kind: 'PIPELINE',
          functions: [{ name: 'step', dataSourceName: 'none', code: 'export const code = 1;' }],
        }),
      ],
    }),
  ]);
});

test('an API without a schema is refused', () => {
  expect(deployed({ Api: api() }).apis).toThrow('has no schema');
});

test.each([
  [
    'an API key',
    { Api: api({ AuthenticationType: 'API_KEY' }) },
    'the authentication type API_KEY is not known here',
  ],
  [
    'a table as data source',
    { Api: api(), Bad: source('t', { Type: 'AMAZON_DYNAMODB' }) },
    'the data source t has the type AMAZON_DYNAMODB',
  ],
  [
    'a function without a role to invoke it',
    {
      Api: api(),
      Bad: source('f', { Type: 'AWS_LAMBDA', LambdaConfig: { LambdaFunctionArn: 'arn:f' } }),
    },
    'the data source f has no ServiceRoleArn',
  ],
  [
    'a mapping template',
    { Api: api(), Bad: resolver({ RequestMappingTemplate: '{}' }) },
    'does not know the property RequestMappingTemplate',
  ],
  [
    'another runtime',
    { Api: api(), Bad: resolver({ Runtime: { Name: 'VTL' } }) },
    'the runtime VTL is not known',
  ],
  [
    'code that is no asset',
    { Api: api(), Bad: resolver({ CodeS3Location: 's3://assets/gone.js' }) },
    's3://assets/gone.js is no asset of the assembly',
  ],
  [
    'a pipeline of nobody',
    { Api: api(), Bad: resolver({ PipelineConfig: { Functions: ['f'] } }) },
    'the pipeline names the function f',
  ],
])('an API with %s is refused', (_, resources, message) => {
  expect(() => deployed(resources as unknown as Resources)).toThrow(message);
});
