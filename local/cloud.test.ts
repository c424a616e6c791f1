import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Cloud, startCloud } from './cloud.ts';
import type { Decision } from './iam/access.ts';
import { plantAssembly } from './template/planted-assembly.ts';

const folders: string[] = [];
const clouds: Cloud[] = [];
const decisions: Decision[] = [];
const logged: string[] = [];

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'cloud-'));
  folders.push(dir);
  return dir;
}

let certificateDir: string;
beforeAll(() => {
  certificateDir = mkdtempSync(join(tmpdir(), 'certificate-'));
});
afterEach(async () => {
  for (const cloud of clouds.splice(0)) await cloud.stop();
  for (const dir of folders.splice(0)) rmSync(dir, { recursive: true });
});
afterAll(() => rmSync(certificateDir, { recursive: true }));

const group = (GroupName: string) => ({
  Type: 'AWS::Cognito::UserPoolGroup',
  Properties: { GroupName, UserPoolId: { Ref: 'Pool' } },
});
const data = {
  Resources: {
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
      },
    },
    Pool: { Type: 'AWS::Cognito::UserPool', Properties: { AliasAttributes: ['email'] } },
    North: group('team-north'),
    South: group('team-south'),
    Sales: group('sales'),
    Admin: group('admin'),
  },
  Outputs: {
    tableName: { Value: { Ref: 'Table' } },
    userPoolId: { Value: { Ref: 'Pool' }, Export: { Name: 'data:Pool' } },
    ExportsOutputX: { Value: 'x', Export: { Name: 'data:X' } },
  },
};
const UserPoolId = { Ref: 'Pool' };
const firstAdmin = {
  FirstAdmin: {
    Type: 'AWS::Cognito::UserPoolUser',
    Properties: {
      UserPoolId,
      Username: 'admin',
      DesiredDeliveryMediums: ['EMAIL'],
      UserAttributes: [{ Name: 'email', Value: 'ann@firm.example' }],
    },
  },
  FirstAdminGroup: {
    Type: 'AWS::Cognito::UserPoolUserToGroupAttachment',
    Properties: { UserPoolId, Username: { Ref: 'FirstAdmin' }, GroupName: { Ref: 'Admin' } },
  },
};
const ApiId = { 'Fn::GetAtt': ['Api', 'ApiId'] };
const app = {
  Resources: {
    Api: {
      Type: 'AWS::AppSync::GraphQLApi',
      Properties: {
        Name: 'x',
        AuthenticationType: 'AMAZON_COGNITO_USER_POOLS',
        UserPoolConfig: { UserPoolId: { 'Fn::ImportValue': 'data:Pool' }, DefaultAction: 'ALLOW' },
      },
    },
    Schema: {
      Type: 'AWS::AppSync::GraphQLSchema',
      Properties: { ApiId, Definition: 'schema { query: Query } type Query { a: String }' },
    },
  },
  Outputs: { graphqlUrl: { Value: { 'Fn::GetAtt': ['Api', 'GraphQLUrl'] } } },
};

interface Start {
  readonly stacks?: Record<string, object>;
  readonly dataDir?: string;
  readonly port?: number;
  readonly tenant?: string;
}

async function started({
  stacks = { data, app },
  dataDir,
  port = 0,
  tenant = 'demo',
}: Start = {}): Promise<Cloud> {
  const assemblyDir = plantAssembly(stacks);
  folders.push(assemblyDir);
  const cloud = await startCloud({
    assemblyDir,
    dataDir,
    certificateDir,
    logDir: undefined,
    port,
    tenant,
    log: (message) => logged.push(message),
    record: (decision) => decisions.push(decision),
  });
  clouds.push(cloud);
  return cloud;
}

async function stopped(cloud: Cloud): Promise<void> {
  clouds.splice(clouds.indexOf(cloud), 1);
  await cloud.stop();
}

function documents({ stack }: Cloud): DynamoDBDocumentClient {
  const client = new DynamoDBClient({
    endpoint: stack.awsEndpointUrl,
    region: stack.region,
    credentials: { accessKeyId: stack.adminAccessKeyId, secretAccessKey: stack.adminSecretAccessKey },
  });
  return DynamoDBDocumentClient.from(client);
}

describe('a cloud that has started', () => {
  test('answers on both ports, under the addresses that it gives', async () => {
    const cloud = await started();
    const { stack } = cloud;
    const [graphqlUrl, TableName] = [String(stack.graphqlUrl), String(stack.tableName)];

    const api = await fetch(graphqlUrl, { method: 'POST', body: '{"query":"{ a }"}' });
    const keys = await fetch(`${stack.cognitoUrl}/${stack.userPoolId}/.well-known/jwks.json`);
    await documents(cloud).send(new PutCommand({ TableName, Item: { pk: '1' } }));

    expect(graphqlUrl).toBe(`${stack.cognitoUrl}/graphql`);
    expect(Number(new URL(stack.awsEndpointUrl).port)).toBe(Number(new URL(stack.cognitoUrl).port) + 1);
    expect(api.status).toBe(401);
    expect(await keys.json()).toMatchObject({ keys: [{ kty: 'RSA' }] });
    expect(decisions.at(-1)).toMatchObject({
      action: 'dynamodb:PutItem',
      resource: expect.stringMatching(`:table/${TableName}$`),
      keys: { 'dynamodb:leadingkeys': ['1'], 'dynamodb:attributes': ['pk'] },
      allowed: true,
    });
    expect(stack.mailUrl).toBe(`${stack.cognitoUrl}/mail`);
    expect(await (await fetch(stack.mailUrl)).json()).toEqual([]);
    expect(stack.smtpUrl).toMatch(/^smtp:\/\/127\.0\.0\.1:\d+$/);
    expect(stack).not.toHaveProperty('ExportsOutputX');
  });

  test('has a user for each group that is no team, and sales is in the first team', async () => {
    const { stack } = await started();

    expect(stack.users.map(({ username, groups }) => [username, groups])).toEqual([
      ['admin', ['admin']],
      ['sales', ['sales', 'team-north']],
    ]);
    expect(new Set(stack.users.map(({ password }) => password)).size).toBe(2);
  });

  test('has demo users beside the one that its template invites by mail', async () => {
    const dataDir = folder();
    const stacks = { data: { ...data, Resources: { ...data.Resources, ...firstAdmin } }, app };

    const { stack } = await started({ dataDir, stacks });

    expect(stack.users.map(({ username, groups }) => [username, groups])).toEqual([
      ['demo-admin', ['admin']],
      ['sales', ['sales', 'team-north']],
    ]);
    const invitations = async (mailUrl: string) => (await fetch(`${mailUrl}?to=ann@firm.example`)).json();
    const invited = await invitations(stack.mailUrl);
    expect(invited).toMatchObject([
      {
        kind: 'EMAIL',
        service: 'cognito',
        from: 'no-reply@verificationemail.com',
        subject: 'Your temporary password',
        text: expect.stringMatching(/^Your username is admin and temporary password is \S+$/),
      },
    ]);
    await stopped(clouds[0] as Cloud);
    const again = await started({ dataDir, stacks });
    expect(again.stack.users).toEqual(stack.users);
    expect(await invitations(again.stack.mailUrl)).toEqual(invited);
  });

  test('has an account of its own for each tenant', async () => {
    const tables = [await started({ tenant: 'demo' }), await started({ tenant: 'acme' })].map(
      ({ stack }) => stack.tableName,
    );

    expect(new Set(tables).size).toBe(2);
  });
});

describe('a web ACL', () => {
  const rule = (Limit: number) => ({
    Name: 'rate',
    Priority: 0,
    Statement: { RateBasedStatement: { Limit, AggregateKeyType: 'IP' } },
    Action: { Block: {} },
  });
  const protectedBy = (Rules: object[], ResourceArn: unknown = { 'Fn::GetAtt': ['Api', 'Arn'] }) => ({
    data,
    app: {
      ...app,
      Resources: {
        ...app.Resources,
        Acl: {
          Type: 'AWS::WAFv2::WebACL',
          Properties: { Scope: 'REGIONAL', DefaultAction: { Allow: {} }, Rules },
        },
        Association: {
          Type: 'AWS::WAFv2::WebACLAssociation',
          Properties: { ResourceArn, WebACLArn: { 'Fn::GetAtt': ['Acl', 'Arn'] } },
        },
      },
    },
  });

  test('blocks the eleventh request within five minutes, and not the sign-in', async () => {
    const { stack } = await started({ stacks: protectedBy([rule(10)]) });
    const statuses: number[] = [];

    for (let request = 0; request < 11; request++) {
      statuses.push((await fetch(String(stack.graphqlUrl), { method: 'POST', body: '{}' })).status);
    }

    expect(statuses.slice(0, 10)).not.toContain(403);
    expect(statuses[10]).toBe(403);
    expect((await fetch(`${stack.cognitoUrl}/${stack.userPoolId}/.well-known/jwks.json`)).status).toBe(200);
  });

  test('for anything but the API is refused', async () => {
    const stacks = protectedBy([rule(10)], 'arn:aws:cognito-idp:eu-west-1:1:userpool/x');

    await expect(started({ stacks })).rejects.toThrow('here one protects the GraphQL API only');
  });
});

describe('a data folder', () => {
  test('keeps items, users, keys and names over restarts, on another port too', async () => {
    const dataDir = folder();
    const first = await started({ dataDir });
    const TableName = String(first.stack.tableName);
    await documents(first).send(new PutCommand({ TableName, Item: { pk: '1' } }));
    await stopped(first);

    const again = await started({ dataDir });

    const { tableName, userPoolId, users, adminAccessKeyId } = first.stack;
    expect(again.stack).toMatchObject({ tableName, userPoolId, users, adminAccessKeyId });
    const { Item } = await documents(again).send(new GetCommand({ TableName, Key: { pk: '1' } }));
    expect(Item).toEqual({ pk: '1' });
  });

  test('that holds what the stacks no longer have keeps it, and says so', async () => {
    const dataDir = folder();
    const { Table, ...others } = data.Resources;
    const Dead = { Type: 'AWS::SQS::Queue' };
    const SourceArn = { 'Fn::Sub': `arn:aws:events:\${AWS::Region}:\${AWS::AccountId}:event-bus/default` };
    const Old = { Type: 'AWS::Events::Archive', Properties: { ArchiveName: 'old', SourceArn } };
    const first = await started({
      dataDir,
      stacks: { data: { ...data, Resources: { ...data.Resources, Dead, Old } }, app },
    });
    const TableName = String(first.stack.tableName);
    await documents(first).send(new PutCommand({ TableName, Item: { pk: '1' } }));
    await stopped(first);
    logged.length = 0;

    const renamed = {
      ...data,
      Resources: { ...others, Table2: Table },
      Outputs: { ...data.Outputs, tableName: { Value: { Ref: 'Table2' } } },
    };
    const again = await started({ dataDir, stacks: { data: renamed, app } });

    expect(logged).toEqual([
      expect.stringMatching(
        new RegExp(`nothing reads: table ${TableName}, queue data-Dead-\\w+, archive old.$`),
      ),
    ]);
    expect(again.stack.tableName).not.toBe(TableName);
    const { Item } = await documents(again).send(new GetCommand({ TableName, Key: { pk: '1' } }));
    expect(Item).toEqual({ pk: '1' });
  });

  test('whose table would have to be replaced is refused, and still holds its items', async () => {
    const dataDir = folder();
    const first = await started({ dataDir });
    const TableName = String(first.stack.tableName);
    await documents(first).send(new PutCommand({ TableName, Item: { pk: '1' } }));
    await stopped(first);
    const { Table } = data.Resources;
    const Properties = {
      ...Table.Properties,
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    };
    const changed = { ...data, Resources: { ...data.Resources, Table: { ...Table, Properties } } };

    await expect(started({ dataDir, stacks: { data: changed, app } })).rejects.toThrow(
      `Stack data, Table (AWS::DynamoDB::Table): the table ${TableName} of the data folder cannot change its key`,
    );

    const { Item } = await documents(await started({ dataDir })).send(
      new GetCommand({ TableName, Key: { pk: '1' } }),
    );
    expect(Item).toEqual({ pk: '1' });
  });

  test('keeps nothing when there is none', async () => {
    const first = await started();
    const TableName = String(first.stack.tableName);
    await documents(first).send(new PutCommand({ TableName, Item: { pk: '1' } }));
    await stopped(first);

    const again = await started();

    const { Item } = await documents(again).send(new GetCommand({ TableName, Key: { pk: '1' } }));
    expect(Item).toBeUndefined();
    expect(again.stack.adminAccessKeyId).not.toBe(first.stack.adminAccessKeyId);
  });
});

describe('what cannot start leaves nothing behind', () => {
  async function freePair(): Promise<number> {
    const cloud = await started();
    await stopped(cloud);
    return Number(new URL(cloud.stack.cognitoUrl).port);
  }

  test.each([
    [
      'an unknown type',
      { data, app, more: { Resources: { X: { Type: 'AWS::X::Y' } } } },
      'AWS::X::Y (stack more, X)',
    ],
    ['no API', { data }, 'no AWS::AppSync::GraphQLApi'],
    ['two APIs', { data, app, more: app }, 'there is an API already'],
    [
      'a schema that AppSync refuses',
      {
        data,
        app: {
          Resources: {
            ...app.Resources,
            Schema: { ...app.Resources.Schema, Properties: { ApiId, Definition: 'scalar Mine' } },
          },
        },
      },
      'Mine',
    ],
  ])('%s', async (_, stacks, message) => {
    const port = await freePair();

    await expect(started({ stacks, port })).rejects.toThrow(message);

    expect((await started({ port })).stack.cognitoUrl).toContain(`:${port}`);
  });

  test('a busy port', async () => {
    const port = await freePair();
    const holder = createServer();
    await new Promise<void>((listening) => holder.listen(port + 1, '127.0.0.1', listening));

    try {
      await expect(started({ port })).rejects.toThrow(`Port ${port + 1} is busy`);
    } finally {
      holder.close();
    }
    expect((await started({ port })).stack.cognitoUrl).toContain(`:${port}`);
  });
});
