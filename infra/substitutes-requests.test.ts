import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { bundleFunctions } from './bundle.ts';

/** What functions ask of AWS, by the service that they ask. */
const sources = {
  dynamodb: `
    import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
    import { DynamoDBDocumentClient, GetCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
    const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
    const [TableName, Key] = ['things', { id: 'one' }];
    const Put = { TableName, Item: { id: 'two', size: 2 } };
    const query = { TableName, KeyConditionExpression: 'id = :id', ExpressionAttributeValues: { ':id': 'one' } };
    export const handler = async () => {
      await client.send(new TransactWriteCommand({ TransactItems: [{ Put }], ClientRequestToken: 'one' }));
      await client.send(new QueryCommand(query));
      return (await client.send(new GetCommand({ TableName, Key }))).Item;
    };`,
  events: `
    import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
    export const handler = () => new EventBridgeClient({}).send(
      new PutEventsCommand({ Entries: [{ EventBusName: 'b', Source: 's', DetailType: 't', Detail: '{}' }] }));`,
  'cognito-idp': `
    import { AdminGetUserCommand, CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
    export const handler = () => new CognitoIdentityProviderClient({}).send(
      new AdminGetUserCommand({ UserPoolId: 'eu-central-1_a', Username: 'ada' }));`,
  email: `
    import { SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
    const Content = { Simple: { Subject: { Data: 'Hello' }, Body: { Text: { Data: 'Ada' } } } };
    export const handler = () => new SESv2Client({}).send(
      new SendEmailCommand({ FromEmailAddress: 'a@demo.example', Destination: { ToAddresses: ['b@demo.example'] }, Content }));`,
  s3: `
    import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
    export const handler = () => new S3Client({ forcePathStyle: true }).send(
      new PutObjectCommand({ Bucket: 'failures', Key: 'relay/1', Body: '{}', ContentType: 'application/json' }));`,
  sns: `
    import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
    export const handler = () => new SNSClient({}).send(
      new PublishCommand({ PhoneNumber: '+441632960001', Message: 'Hello' }));`,
};

interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const folder = mkdtempSync(join(tmpdir(), 'fidelia-requests-'));
const asked: Asked[] = [];

/** Fails each first request, as AWS may at any time, and answers the others with an item, which only DynamoDB reads. */
const server = createServer(async (request, response) => {
  const { method, url, headers } = request;
  asked.push({ method, url, headers, body: await text(request) });
  const Item = { id: { S: 'one' }, size: { N: '3' } };
  response.statusCode = asked.length === 1 ? 500 : 200;
  response.end(
    headers['content-type']?.includes('json') ? JSON.stringify({ Item, Items: [Item] }) : '<a><b/></a>',
  );
});

let bundles: ReadonlyMap<string, string>;

beforeAll(async () => {
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  for (const [name, source] of Object.entries(sources)) {
    mkdirSync(join(folder, 'functions', name), { recursive: true });
    writeFileSync(join(folder, 'functions', name, 'handler.ts'), source);
  }
  bundles = await bundleFunctions(join(folder, 'functions'), join(folder, 'out'));
  await once(server.listen(0, '127.0.0.1'), 'listening');
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  const environment = {
    AWS_REGION: 'eu-central-1',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'token',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  return () => vi.unstubAllEnvs();
});

/** Calls a handler; what it answers and what it asked, without what differs each time. */
async function call(module: string): Promise<{ readonly answer: unknown; readonly asked: readonly Asked[] }> {
  asked.splice(0);
  const { handler } = await import(pathToFileURL(module).href);
  const answer = await handler();
  const { $metadata: _, ...rest } = answer as { $metadata?: unknown };
  return { answer: rest, asked: asked.splice(0) };
}

const changing = ['authorization', 'x-amz-date', 'amz-sdk-invocation-id', 'amz-sdk-request', 'user-agent'];
const lasting = ({ headers, ...rest }: Asked) => ({
  ...rest,
  headers: Object.entries(headers).filter(
    ([name]) => !changing.includes(name) && name !== 'x-amz-user-agent',
  ),
});

test.each(Object.keys(sources))('a bundle asks %s what its sources ask, and hears the same', async (name) => {
  const source = await call(join(folder, 'functions', name, 'handler.ts'));
  const bundle = await call(join(bundles.get(name) ?? '', 'index.mjs'));

  expect(bundle.asked.length).toBeGreaterThan(1);
  expect(bundle.asked.map(lasting)).toEqual(source.asked.map(lasting));
  expect(bundle.answer).toEqual(source.answer);
});

test('a bundle signs for its region with the session of its role, and tries again what AWS failed', async () => {
  const { answer, asked: requests } = await call(join(bundles.get('dynamodb') ?? '', 'index.mjs'));

  expect(answer).toEqual({ id: 'one', size: 3 });
  expect(requests[0]?.body).toBe(requests[1]?.body);
  for (const { headers } of requests) {
    expect(headers['x-amz-security-token']).toBe('token');
    expect(headers.authorization).toMatch(/AKIDEXAMPLE\/\d{8}\/eu-central-1\/dynamodb\/aws4_request/);
    expect(headers.authorization).toMatch(/SignedHeaders=[\w;-]*x-amz-security-token/);
  }
});
