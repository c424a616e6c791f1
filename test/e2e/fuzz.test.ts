import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { Hash } from '@smithy/hash-node';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { readEndpoint } from '../../tools/client/endpoint.ts';
import { signInAs } from '../../tools/client/session.ts';
import { type CloudInProcess, startCloudInProcess } from '../support/cloud.ts';
import { mutatedJson, mutatedText, type Random, seeded } from '../support/mutations.ts';
import { callSqs } from '../support/sqs.ts';

/** Requests that are valid but for one thing. `FUZZ_RUNS=10000 FUZZ_SEED=7` tries more, and others. */
const runs = Number(process.env.FUZZ_RUNS ?? 400);
const seed = Number(process.env.FUZZ_SEED ?? 1);
/** Nothing that is refused takes longer, in milliseconds. */
const longest = 10_000;

interface Request {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, or a text of another kind. */
  readonly body: unknown;
  /** The service that it is signed for; unsigned without one. */
  readonly service?: string;
}

let cloud: CloudInProcess;
let token: string;
let valid: readonly Request[];

beforeAll(async () => {
  cloud = await startCloudInProcess();
  token = await (await signInAs(readEndpoint(cloud.stackFile, 'sales', {})))();
  valid = await validRequests();
});
afterAll(() => cloud.stop());

async function validRequests(): Promise<Request[]> {
  const { stack } = cloud;
  const aws = stack.awsEndpointUrl;
  const TableName = String(stack.tableName);
  const { QueueUrls = [] } = (await callSqs(stack as never, 'ListQueues', {})) as { QueueUrls?: string[] };
  const QueueUrl = QueueUrls[0];
  const json = (service: string, target: string, body: unknown): Request => ({
    url: `${aws}/`,
    method: 'POST',
    service,
    headers: { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.0' },
    body,
  });
  const table = (action: string, body: object) =>
    json('dynamodb', `DynamoDB_20120810.${action}`, { TableName, ...body });
  const key = { pk: { S: 'fuzz' }, sk: { S: 'fuzz' } };
  const values = { ':v': { S: 'x' }, ':n': { N: '1' } };
  const graphql = (query: string, variables: object = {}): Request => ({
    url: String(stack.graphqlUrl),
    method: 'POST',
    headers: { authorization: token, 'content-type': 'application/json' },
    body: { query, variables, operationName: null },
  });
  const signIn = (action: string, body: unknown): Request => ({
    url: `${stack.cognitoUrl}/`,
    method: 'POST',
    headers: { 'x-amz-target': `AWSCognitoIdentityProviderService.${action}` },
    body,
  });
  const rest = (service: string, method: string, path: string, body: unknown = ''): Request => ({
    url: `${aws}${path}`,
    method,
    service,
    headers: { 'content-type': 'application/json' },
    body,
  });
  const ClientId = String(stack.userPoolClientId);
  const UserPoolId = String(stack.userPoolId);
  const [user] = stack.users;
  return [
    table('GetItem', {
      Key: key,
      ProjectionExpression: 'a.b[0], #c',
      ExpressionAttributeNames: { '#c': 'c' },
    }),
    table('PutItem', {
      Item: { ...key, l: { L: [{ N: '1' }] } },
      ConditionExpression: 'attribute_not_exists(pk) OR sk <> :v',
      ExpressionAttributeValues: { ':v': { S: 'x' } },
    }),
    table('UpdateItem', {
      Key: key,
      UpdateExpression: 'SET a = if_not_exists(a, :n) + :n REMOVE b ADD c :n',
      ExpressionAttributeValues: { ':n': { N: '1' } },
      ReturnValues: 'ALL_NEW',
    }),
    table('Query', {
      KeyConditionExpression: 'pk = :v AND begins_with(sk, :v)',
      FilterExpression: 'size(a) > :n',
      ExpressionAttributeValues: values,
      Limit: 5,
    }),
    table('Scan', {
      Limit: 2,
      FilterExpression: 'a BETWEEN :n AND :n',
      ExpressionAttributeValues: { ':n': { N: '1' } },
    }),
    json('dynamodb', 'DynamoDB_20120810.TransactWriteItems', {
      TransactItems: [{ Delete: { TableName, Key: key } }],
      ClientRequestToken: 'once',
    }),
    json('dynamodb', 'DynamoDB_20120810.BatchGetItem', { RequestItems: { [TableName]: { Keys: [key] } } }),
    json('dynamodb', 'DynamoDB_20120810.BatchWriteItem', {
      RequestItems: { [TableName]: [{ DeleteRequest: { Key: key } }] },
    }),
    json('dynamodb', 'DynamoDBStreams_20120810.ListStreams', { TableName, Limit: 1 }),
    json('sqs', 'AmazonSQS.SendMessage', {
      QueueUrl,
      MessageBody: '{}',
      DelaySeconds: 900,
      MessageAttributes: { a: { DataType: 'String', StringValue: 'x' } },
    }),
    json('sqs', 'AmazonSQS.SendMessageBatch', {
      QueueUrl,
      Entries: [{ Id: '1', MessageBody: 'x', DelaySeconds: 900 }],
    }),
    json('sqs', 'AmazonSQS.GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] }),
    json('sqs', 'AmazonSQS.ChangeMessageVisibility', { QueueUrl, ReceiptHandle: 'x', VisibilityTimeout: 1 }),
    json('events', 'AWSEvents.PutEvents', {
      Entries: [
        {
          Source: 'fuzz',
          DetailType: 'fuzz',
          Detail: '{"a":1}',
          EventBusName: stack.eventBusName,
          Time: 1_700_000_000,
        },
      ],
    }),
    json('events', 'AWSEvents.ListRules', { EventBusName: stack.eventBusName, Limit: 1 }),
    json('events', 'AWSEvents.DescribeEventBus', { Name: stack.eventBusName }),
    json('cognito-idp', 'AWSCognitoIdentityProviderService.AdminGetUser', {
      UserPoolId,
      Username: user?.username,
    }),
    json('cognito-idp', 'AWSCognitoIdentityProviderService.ListUsers', {
      UserPoolId,
      Limit: 2,
      Filter: 'email ^= "a"',
    }),
    json('cognito-idp', 'AWSCognitoIdentityProviderService.AdminUpdateUserAttributes', {
      UserPoolId,
      Username: 'nobody',
      UserAttributes: [{ Name: 'name', Value: 'x' }],
    }),
    rest('lambda', 'POST', '/2015-03-31/functions/none/invocations', { a: 1 }),
    rest('s3', 'GET', '/none/a/b?max-keys=2'),
    rest('s3', 'PUT', '/none/a%20b', { a: 1 }),
    rest('ses', 'GET', '/v2/email/suppression/addresses?PageSize=1'),
    rest('ses', 'POST', '/v2/email/outbound-emails', {
      FromEmailAddress: 'a@demo.example',
      Destination: { ToAddresses: ['b@demo.example'] },
      Content: { Simple: { Subject: { Data: 'x' }, Body: { Text: { Data: 'x' } } } },
      EmailTags: [{ Name: 'a', Value: 'b' }],
    }),
    rest('sts', 'POST', '/', 'Action=GetCallerIdentity&Version=2011-06-15'),
    rest('sns', 'POST', '/', 'Action=Publish&Version=2010-03-31&PhoneNumber=%2B447700900123&Message=hello'),
    graphql(
      'query Q($first: Int) { customers(first: $first) { nodes { id name ...N } } } fragment N on Customer { version }',
      { first: 2 },
    ),
    graphql('mutation M($input: CreateCustomerInput!) { createCustomer(input: $input) { id } }', {
      input: {
        kind: 'PERSON',
        name: 'Ann',
        clientRequestId: 'x',
        identities: [{ kind: 'EMAIL', value: 'ann@example.com' }],
      },
    }),
    graphql('{ a: me { id } b: node(id: "cus_1") { __typename ... on Customer @include(if: true) { id } } }'),
    signIn('InitiateAuth', {
      AuthFlow: 'USER_SRP_AUTH',
      ClientId,
      AuthParameters: { USERNAME: 'nobody', SRP_A: 'abcdef12' },
    }),
    signIn('RespondToAuthChallenge', {
      ChallengeName: 'PASSWORD_VERIFIER',
      ClientId,
      ChallengeResponses: {
        USERNAME: 'nobody',
        PASSWORD_CLAIM_SECRET_BLOCK: 'AAAA',
        TIMESTAMP: 'x',
        PASSWORD_CLAIM_SIGNATURE: 'x',
      },
    }),
    signIn('GetTokensFromRefreshToken', { ClientId, RefreshToken: 'x' }),
    signIn('ForgotPassword', { ClientId, Username: 'nobody' }),
    signIn('GetUser', { AccessToken: token }),
    signIn('UpdateUserAttributes', { AccessToken: token, UserAttributes: [{ Name: 'name', Value: 'x' }] }),
  ];
}

/** The request with one thing wrong: what it says, how that is written, its headers, its address or its signature. */
async function spoiled(random: Random, request: Request): Promise<Request & { readonly body: string }> {
  const { body } = request;
  const kind = random.below(10);
  const changed = typeof body === 'string' || kind > 5 ? body : mutatedJson(random, body);
  const whole = typeof changed === 'string' ? changed : (JSON.stringify(changed) ?? '');
  const text = kind === 6 || (typeof body === 'string' && kind < 6) ? mutatedText(random, whole) : whole;
  const at = new URL(request.url);
  const path =
    kind === 7
      ? encodeURI(mutatedText(random, at.pathname + at.search)).replace(/^\/*/, '/')
      : at.pathname + at.search;
  const readable = printable(path);
  const sent = { ...request, url: `${at.origin}${readable}`, body: text };
  const headers = kind === 8 ? spoiledHeaders(random, request.headers) : request.headers;
  const signed = request.service ? await sign({ ...sent, headers }, request.service) : headers;
  return { ...sent, headers: kind === 9 ? spoiledHeaders(random, signed) : signed };
}

const printable = (text: string) => text.replace(/[^\x21-\x7e]/g, '');

function spoiledHeaders(random: Random, headers: Readonly<Record<string, string>>): Record<string, string> {
  const name = random.pick(Object.keys(headers).filter((one) => one !== 'host'));
  const { [name]: value = '', ...others } = headers;
  return random.below(3) === 0 ? others : { ...others, [name]: printable(mutatedText(random, value)) };
}

async function sign({ url, method, headers, body }: Request & { body: string }, service: string) {
  const { protocol, hostname, port, host, pathname, searchParams } = new URL(url);
  const signer = new SignatureV4({
    service,
    region: cloud.stack.region,
    credentials: {
      accessKeyId: cloud.stack.adminAccessKeyId,
      secretAccessKey: cloud.stack.adminSecretAccessKey,
    },
    sha256: Hash.bind(null, 'sha256'),
    uriEscapePath: service !== 's3',
  });
  const signed = await signer.sign({
    method,
    protocol,
    hostname,
    port: Number(port),
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: { host, ...headers },
    body,
  });
  return signed.headers;
}

/** S3 answers this to what it does not do, on AWS too. */
const isAnswer = (status: number, service = '') => status < 500 || (service === 's3' && status === 501);

test('is answered with an error of the service, in time and without a word about its insides', async () => {
  const random = seeded(seed);
  const failures: string[] = [];
  const statuses = new Map<number, number>();
  for (let run = 0; run < runs; run++) {
    const { url, method, headers, body, service } = await spoiled(random, random.pick(valid));
    const about = () => `run ${run}: ${method} ${url} ${headers['x-amz-target'] ?? ''} ${body.slice(0, 300)}`;
    try {
      const bodied = method === 'GET' ? {} : { body };
      const signal = AbortSignal.timeout(longest);
      const response = await fetch(url, { method, headers, ...bodied, signal });
      const text = await response.text();
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
      if (
        !isAnswer(response.status, service) ||
        /node:internal|\.ts:\d|RangeError|TypeError|URIError|SQLITE/.test(text)
      ) {
        failures.push(`${about()} -> ${response.status} ${text.slice(0, 300)}`);
      }
    } catch (error) {
      failures.push(`${about()} -> ${String(error)} ${String((error as Error).cause ?? '')}`);
    }
  }
  expect(failures).toEqual([]);
  expect([...statuses.keys()].sort()).toEqual(expect.arrayContaining([200, 400]));
}, 3_600_000);

test('on the socket is answered or ignored, and the next frame is heard', async () => {
  const random = seeded(seed);
  const authorization = { Authorization: token, host: 'localhost' };
  const header = Buffer.from(JSON.stringify(authorization)).toString('base64url');
  const data = JSON.stringify({ query: 'subscription { onCustomerActivity(customerId: "cus_1") { id } }' });
  const frames = [
    { type: 'connection_init' },
    { type: 'start', id: 'a', payload: { data, extensions: { authorization } } },
    { type: 'stop', id: 'a' },
  ];
  const socket = new WebSocket(String(cloud.stack.realtimeUrl), ['graphql-ws', `header-${header}`]);
  const heard = new Set<string>();
  const failures: string[] = [];
  socket.on('message', (message) => {
    const text = String(message);
    heard.add((JSON.parse(text) as { id?: string }).id ?? '');
    if (/InternalFailure|node:internal|RangeError/.test(text)) failures.push(text);
  });
  await once(socket, 'open');
  for (let run = 0; run < runs / 4; run++) {
    const valid = random.pick(frames);
    const isText = random.below(3) === 0;
    socket.send(
      isText
        ? mutatedText(random, JSON.stringify(valid))
        : (JSON.stringify(mutatedJson(random, valid)) ?? ''),
    );
    const marker = `marker ${run}`;
    socket.send(JSON.stringify({ type: 'stop', id: marker }));
    await expect.poll(() => heard.has(marker), { interval: 2, timeout: longest }).toBe(true);
  }
  socket.terminate();
  expect(failures).toEqual([]);
}, 3_600_000);

describe('afterwards', () => {
  test('everything still answers', async () => {
    const answers = await Promise.all(
      valid.map(async ({ service, ...request }) => {
        const body = typeof request.body === 'string' ? request.body : JSON.stringify(request.body);
        const headers = service ? await sign({ ...request, body }, service) : request.headers;
        return (
          await fetch(request.url, { ...request, headers, body: request.method === 'GET' ? null : body })
        ).status;
      }),
    );
    expect(answers.filter((status) => status >= 500)).toEqual([]);
    expect(answers.filter((status) => status === 200).length).toBeGreaterThan(valid.length / 2);
  });

  test('nothing listens on any other address than that of this machine', async () => {
    const outside = Object.values(networkInterfaces())
      .flatMap((all = []) => all)
      .filter(({ internal }) => !internal)
      .map(({ address }) => address);
    for (const url of [cloud.stack.cognitoUrl, cloud.stack.awsEndpointUrl]) {
      for (const host of ['127.0.0.2', '::1', ...outside]) {
        const socket = connect({ host, port: Number(new URL(url).port), timeout: 2000 });
        const outcome = await Promise.race([
          once(socket, 'connect').then(
            () => `${host} is open`,
            () => 'closed',
          ),
          once(socket, 'timeout').then(
            () => 'closed',
            () => 'closed',
          ),
        ]);
        socket.destroy();
        expect(outcome).toBe('closed');
      }
    }
  });
});
