import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, visit } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manifest } from '../../graphql/manifest.ts';
import { type Assembly, assemblyOf, ofType, removeAssemblies, target } from './assembly.ts';
import { statementsOf } from './rights.ts';

const SCHEMA_FOLDER = join(import.meta.dirname, '../../graphql/schema');

let acme: Assembly;

beforeAll(async () => {
  acme = await assemblyOf('acme');
}, 60_000);

afterAll(removeAssemblies);

describe('the API', () => {
  test('has one resolver for each entry of the manifest, and no other', () => {
    const resolvers = ofType(acme.app, 'AWS::AppSync::Resolver').map(([, { Properties }]) => [
      `${Properties.TypeName}.${Properties.FieldName}`,
      Properties.DataSourceName,
    ]);
    expect(resolvers).toHaveLength(Object.keys(manifest).length);
    expect(Object.fromEntries(resolvers)).toEqual(manifest);
  });

  test('calls a function with a role that may call this one only', () => {
    const sources = ofType(acme.app, 'AWS::AppSync::DataSource').filter(
      ([, { Properties }]) => Properties.Type !== 'NONE',
    );
    expect(sources.length).toBeGreaterThan(0);
    for (const [, { Properties }] of sources) {
      const { LambdaFunctionArn } = Properties.LambdaConfig as { readonly LambdaFunctionArn: unknown };
      expect(statementsOf(acme.app, target(Properties.ServiceRoleArn) ?? '')).toEqual([
        { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: LambdaFunctionArn },
      ]);
    }
  });

  test('lets in users of the pool and, for the stack itself, IAM', () => {
    expect(api()).toMatchObject({
      AuthenticationType: 'AMAZON_COGNITO_USER_POOLS',
      AdditionalAuthenticationProviders: [{ AuthenticationType: 'AWS_IAM' }],
    });
  });

  test('bounds queries, and logs requests without what is in them', () => {
    expect(api()).toMatchObject({
      QueryDepthLimit: 15,
      ResolverCountLimit: 1000,
      XrayEnabled: true,
      LogConfig: { FieldLogLevel: 'NONE', ExcludeVerboseContent: true },
    });
  });

  test('is deployed with every type of the schema, without a description and below 1 MB', () => {
    const [schema] = ofType(acme.app, 'AWS::AppSync::GraphQLSchema');
    const text = String(schema?.[1].Properties.Definition);
    const sources = readdirSync(SCHEMA_FOLDER).map((file) => readFileSync(join(SCHEMA_FOLDER, file), 'utf8'));
    expect(Buffer.byteLength(text)).toBeLessThan(1_000_000);
    expect(describedIn(text)).toBe(0);
    expect(describedIn(sources.join('\n'))).toBeGreaterThan(0);
    expect(namesIn(text)).toEqual(namesIn(sources.join('\n')));
  });

  const api = () => ofType(acme.app, 'AWS::AppSync::GraphQLApi')[0]?.[1].Properties ?? {};

  function describedIn(sdl: string): number {
    let count = 0;
    visit(parse(sdl), { StringValue: (_node, key) => void (key === 'description' && count++) });
    return count;
  }

  function namesIn(sdl: string): string[] {
    const names: string[] = [];
    visit(parse(sdl), { Name: (node) => void names.push(node.value) });
    return names.sort();
  }
});

describe('the firewall', () => {
  const header = { SingleHeader: { Name: 'authorization' } };
  const method = { Method: {} };
  const match = (FieldToMatch: object, PositionalConstraint: string, SearchString: string) => ({
    ByteMatchStatement: {
      FieldToMatch,
      PositionalConstraint,
      SearchString,
      TextTransformations: [{ Priority: 0, Type: 'NONE' }],
    },
  });
  const signed = {
    AndStatement: {
      Statements: [match(header, 'STARTS_WITH', 'AWS4-HMAC-SHA256'), match(method, 'EXACTLY', 'POST')],
    },
  };

  test('turns away addresses that are known for attacks or call too often, and looks into no body', () => {
    const [[, acl] = []] = ofType(acme.app, 'AWS::WAFv2::WebACL');
    const visible = (MetricName: string) => ({
      VisibilityConfig: { CloudWatchMetricsEnabled: true, MetricName, SampledRequestsEnabled: false },
    });
    expect(acl?.Properties).toMatchObject({
      Scope: 'REGIONAL',
      DefaultAction: { Allow: {} },
      ...visible('fidelia-acme'),
      Rules: [
        {
          Priority: 0,
          OverrideAction: { None: {} },
          Statement: {
            ManagedRuleGroupStatement: { VendorName: 'AWS', Name: 'AWSManagedRulesAmazonIpReputationList' },
          },
          ...visible('ip-reputation'),
        },
        {
          Priority: 1,
          Action: { Block: {} },
          Statement: {
            RateBasedStatement: {
              AggregateKeyType: 'IP',
              Limit: 10_000,
              EvaluationWindowSec: 300,
              ScopeDownStatement: { NotStatement: { Statement: signed } },
            },
          },
          ...visible('rate'),
        },
        {
          Priority: 2,
          Action: { Block: {} },
          Statement: {
            RateBasedStatement: {
              AggregateKeyType: 'IP',
              EvaluationWindowSec: 300,
              ScopeDownStatement: signed,
            },
          },
          ...visible('signed-rate'),
        },
      ],
    });
    const lookedAt: unknown[] = [];
    JSON.stringify(acl, (name, value) => {
      if (name === 'FieldToMatch') lookedAt.push(value);
      return value;
    });
    expect(lookedAt).toEqual([header, method, header, method]);
  });

  test('bounds what is signed where live updates would come to if a batch took 30 ms', () => {
    const mapping = ofType(acme.app, 'AWS::Lambda::EventSourceMapping').find(([id]) =>
      id.startsWith('LiveUpdates'),
    );
    expect(mapping?.[1].Properties).toMatchObject({
      BatchSize: 10,
      ScalingConfig: { MaximumConcurrency: 10 },
    });
    const [[, acl] = []] = ofType(acme.app, 'AWS::WAFv2::WebACL');
    expect(acl?.Properties.Rules).toContainEqual(
      expect.objectContaining({
        Name: 'signed-rate',
        Statement: { RateBasedStatement: expect.objectContaining({ Limit: (10 * 10 * 300_000) / 30 }) },
      }),
    );
  });

  test('stands before the API', () => {
    const [[, association] = []] = ofType(acme.app, 'AWS::WAFv2::WebACLAssociation');
    expect(association?.Properties).toEqual({
      ResourceArn: { 'Fn::GetAtt': [expect.stringMatching(/^GraphQLApi/), 'Arn'] },
      WebACLArn: { 'Fn::GetAtt': [expect.stringMatching(/^FirewallWebAcl/), 'Arn'] },
    });
  });
});
