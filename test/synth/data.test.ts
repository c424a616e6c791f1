import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Assembly, assemblyOf, ofType, removeAssemblies, type Template } from './assembly.ts';
import { type Stateful, statefulOf } from './stateful.ts';

const RECORDED = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../infra/stateful.json'), 'utf8'),
) as Stateful;

const STATEFUL_TYPES = [
  'AWS::DynamoDB::Table',
  'AWS::Cognito::UserPool',
  'AWS::Cognito::UserPoolUser',
  'AWS::S3::Bucket',
  'AWS::SES::EmailIdentity',
];

let acme: Assembly;
let demo: Assembly;

beforeAll(async () => {
  acme = await assemblyOf('acme');
  demo = await assemblyOf('demo');
}, 60_000);

afterAll(removeAssemblies);

describe('what a tenant must not lose', () => {
  test('keeps its logical ids and all that would replace it, for every tenant', () => {
    expect(statefulOf(acme.data)).toEqual(RECORDED);
    expect(statefulOf(demo.data)).toEqual(RECORDED);
  });

  test('lies in the data stack, not in the one that is replaced', () => {
    expect(statefulOf(acme.app)).toEqual({});
  });

  test('outlives its stack in production, and refuses to be deleted', () => {
    for (const [, resource] of stateful(acme.data)) {
      expect(resource.DeletionPolicy).toBe('Retain');
    }
    for (const [, { Properties }] of ofType(acme.data, 'AWS::DynamoDB::Table')) {
      expect(Properties.DeletionProtectionEnabled).toBe(true);
    }
    expect(ofType(acme.data, 'AWS::Cognito::UserPool')[0]?.[1].Properties.DeletionProtection).toBe('ACTIVE');
  });

  test('goes with its stack in development', () => {
    for (const [, resource] of stateful(demo.data)) {
      expect(resource.DeletionPolicy).toBe('Delete');
    }
  });

  test('is noticed when a key changes or a resource gets another id', () => {
    const [[id, table] = ['', undefined]] = ofType(acme.data, 'AWS::DynamoDB::Table');
    const Properties = { ...table?.Properties, KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] };
    const rekeyed = {
      Resources: { ...acme.data.Resources, [id]: { Type: 'AWS::DynamoDB::Table', Properties } },
    };
    expect(statefulOf(rekeyed)).not.toEqual(RECORDED);
    const { [id]: moved, ...rest } = acme.data.Resources;
    expect(statefulOf({ Resources: { ...rest, ...(moved ? { Renamed: moved } : {}) } })).not.toEqual(
      RECORDED,
    );
  });

  const stateful = (template: Template) => {
    const roles = ofType(template, 'AWS::Cognito::UserPoolGroup').filter(
      ([, { Properties }]) => !String(Properties.GroupName).startsWith('team-'),
    );
    const found = [...STATEFUL_TYPES.flatMap((type) => ofType(template, type)), ...roles];
    expect(found).toHaveLength(12);
    return found;
  };
});

describe('the tables', () => {
  test('are paid by request and let items end at expiresAt', () => {
    for (const [, { Properties }] of ofType(acme.data, 'AWS::DynamoDB::Table')) {
      expect(Properties).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      });
    }
  });

  test('are one with indexes, a stream and a way back in time, and one with none of them', () => {
    const [crm, technical] = ofType(acme.data, 'AWS::DynamoDB::Table').map(
      ([, { Properties }]) => Properties,
    );
    const whole = { Projection: { ProjectionType: 'ALL' } };
    expect(crm).toMatchObject({
      GlobalSecondaryIndexes: [
        { IndexName: 'gsi1', ...whole },
        { IndexName: 'gsi2', ...whole },
      ],
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
    expect(technical).not.toHaveProperty('GlobalSecondaryIndexes');
    expect(technical).not.toHaveProperty('StreamSpecification');
    expect(technical?.PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: false });
  });
});

describe('the users', () => {
  test('are invited, never sign up, and send no password to sign in', () => {
    expect(ofType(acme.data, 'AWS::Cognito::UserPool')[0]?.[1].Properties).toMatchObject({
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      Policies: { PasswordPolicy: { MinimumLength: 12 } },
    });
    expect(ofType(acme.data, 'AWS::Cognito::UserPoolClient')[0]?.[1].Properties).toMatchObject({
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      PreventUserExistenceErrors: 'ENABLED',
      GenerateSecret: false,
    });
  });

  test('may have a name and a telephone number, which no pool can be given later', () => {
    const [[, pool] = []] = ofType(acme.data, 'AWS::Cognito::UserPool');
    expect(pool?.Properties.Schema).toEqual([
      { Name: 'email', Mutable: true, Required: true },
      { Name: 'name', Mutable: true, Required: false },
      { Name: 'phone_number', Mutable: true, Required: false },
    ]);
  });

  test('begin with the administrator of the tenant file, who is invited by mail', () => {
    const [[id, user] = []] = ofType(acme.data, 'AWS::Cognito::UserPoolUser');
    expect(user?.Properties).toEqual({
      UserPoolId: { Ref: expect.stringMatching(/^StaffUserPool/) },
      Username: 'first.admin',
      DesiredDeliveryMediums: ['EMAIL'],
      UserAttributes: [
        { Name: 'email', Value: 'first.admin@acme.example' },
        { Name: 'email_verified', Value: 'true' },
      ],
    });
    const [[, membership] = []] = ofType(acme.data, 'AWS::Cognito::UserPoolUserToGroupAttachment');
    expect(membership?.Properties).toMatchObject({ GroupName: 'admin', Username: { Ref: id } });

    const [[, pool] = []] = ofType(acme.data, 'AWS::Cognito::UserPool');
    expect(pool?.Properties.AdminCreateUserConfig).toMatchObject({
      InviteMessageTemplate: {
        EmailSubject: 'Your access to the customer records of ACME',
        EmailMessage: expect.stringMatching(/ACME.*\{username\}.*\{####\}/),
      },
    });
  });

  test('have a group for each role and each team of the tenant', () => {
    const groups = ofType(acme.data, 'AWS::Cognito::UserPoolGroup').map(
      ([, { Properties }]) => Properties.GroupName,
    );
    expect(groups.sort()).toEqual(
      [
        'admin',
        'analyst',
        'integration',
        'marketing',
        'sales',
        'service',
        'team-benelux',
        'team-dach',
      ].sort(),
    );
  });
});

test('mail comes from a domain that signs it', () => {
  const [[, identity] = []] = ofType(acme.data, 'AWS::SES::EmailIdentity');
  expect(identity?.Properties).toMatchObject({
    EmailIdentity: 'acme.example',
    DkimAttributes: { SigningEnabled: true },
    FeedbackAttributes: { EmailForwardingEnabled: false },
  });
});

test('the schema can be asked for only where the tenant wants it', () => {
  const introspection = ({ app }: Assembly) =>
    ofType(app, 'AWS::AppSync::GraphQLApi')[0]?.[1].Properties.IntrospectionConfig;
  expect(introspection(acme)).toBe('DISABLED');
  expect(introspection(demo)).toBe('ENABLED');
});

test('the bucket of failed batches is private and forgets after 30 days', () => {
  const [bucket] = ofType(acme.data, 'AWS::S3::Bucket');
  expect(bucket?.[1].Properties).toMatchObject({
    BucketEncryption: expect.anything(),
    LifecycleConfiguration: { Rules: [{ ExpirationInDays: 30, Status: 'Enabled' }] },
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
  });
  const [policy] = ofType(acme.data, 'AWS::S3::BucketPolicy');
  expect(JSON.stringify(policy?.[1].Properties.PolicyDocument)).toContain('"aws:SecureTransport":"false"');
});
