import type { Template } from './assembly.ts';

/** The resources of a template that hold something, each with the properties that replace it when they change. */
export type Stateful = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * By type, the properties that CloudFormation cannot change in place ("Update requires: Replacement"), or refuses to
 * change at all. A replaced resource is an empty one.
 */
const FIXED: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::Table': [
    'TableName',
    'KeySchema',
    'AttributeDefinitions',
    'GlobalSecondaryIndexes',
    'LocalSecondaryIndexes',
  ],
  'AWS::Cognito::UserPool': ['AliasAttributes', 'UsernameAttributes', 'UsernameConfiguration', 'Schema'],
  'AWS::Cognito::UserPoolClient': ['GenerateSecret', 'UserPoolId'],
  'AWS::Cognito::UserPoolGroup': ['GroupName', 'UserPoolId'],
  // Who it is says the tenant; another one is another user.
  'AWS::Cognito::UserPoolUser': [],
  'AWS::S3::Bucket': ['BucketName'],
  // The domain is the tenant's. The keys that DNS knows go with the resource.
  'AWS::SES::EmailIdentity': [],
};

/** What `infra/stateful.json` has to say of a template; the groups of teams, which tenants add and drop, are left out. */
export function statefulOf(template: Template): Stateful {
  const entries = Object.entries(template.Resources).flatMap(([id, { Type, Properties }]) => {
    const fixed = FIXED[Type];
    if (fixed === undefined || String(Properties.GroupName ?? '').startsWith('team-')) {
      return [];
    }
    const set = fixed.filter((name) => name in Properties).map((name) => [name, Properties[name]]);
    return [[id, { Type, ...Object.fromEntries(set) }] as const];
  });
  return Object.fromEntries(entries);
}
