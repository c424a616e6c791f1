import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { readEndpoint } from '../../tools/client/endpoint.ts';
import { signInAs } from '../../tools/client/session.ts';
import { type CloudInProcess, startCloudInProcess } from '../support/cloud.ts';
import { signedPost } from '../support/signed-post.ts';

/** What nobody sends who means well. An error that nobody catches fails this file, whatever was answered. */

let cloud: CloudInProcess;
let token: string;

beforeAll(async () => {
  cloud = await startCloudInProcess();
  token = await (await signInAs(readEndpoint(cloud.stackFile, 'sales', {})))();
});
afterAll(() => cloud.stop());

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const credentials = () => ({
  accessKeyId: cloud.stack.adminAccessKeyId,
  secretAccessKey: cloud.stack.adminSecretAccessKey,
});

/** An error that says what was wrong, in the shape of a service and without a word of ours. */
async function expectRefusal(response: Response, status: number, words: RegExp): Promise<void> {
  const text = await response.text();
  expect([response.status, text]).toEqual([status, expect.stringMatching(words)]);
  expect(text).not.toMatch(/node:|\.ts:|at Object\.|RangeError|TypeError/);
}

function graphql(body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(String(cloud.stack.graphqlUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: token, ...headers },
    body,
  });
}

const query = (text: string, variables: string = '{}') =>
  `{"query":${JSON.stringify(text)},"variables":${variables}}`;

/** `{ ...f0 }`, each fragment of which spreads the next. */
function chained(length: number): string {
  const links = Array.from({ length }, (_, n) => `fragment f${n} on Query { ...f${n + 1} }`);
  return `{ ...f0 } ${links.join(' ')} fragment f${length} on Query { me { id } }`;
}

describe('the GraphQL endpoint', () => {
  test.each<[string, () => string, RegExp]>([
    ['no JSON', () => '{"query"', /MalformedHttpRequestException/],
    ['nothing', () => '', /MalformedHttpRequestException/],
    ['a query that is nested without end', () => query('{ a '.repeat(10_000)), /MalformedHttpRequest/],
    [
      'a list of 10,000 levels',
      () => query(`{ node(id: ${nested(10_000)}) { id } }`),
      /MalformedHttpRequest/,
    ],
    ['variables that are a list', () => query('{ me { id } }', '[1]'), /MalformedHttpRequestException/],
    ['5,000 chained fragments', () => query(chained(5000)), /MalformedHttpRequestException/],
  ])('answers 400 to %s', async (_what, body, words) => {
    await expectRefusal(await graphql(body()), 400, words);
  });

  test('takes 500 chained fragments', async () => {
    const response = await graphql(query(chained(500)));
    expect(await response.json()).toMatchObject({ data: { me: { id: expect.any(String) } } });
  });

  test('refuses attributes of 10,000 levels and goes on', async () => {
    const response = await graphql(
      query(
        'mutation($a: AWSJSON) { createCustomer(input: { kind: PERSON, name: "X", attributes: $a }) { id } }',
        `{"a":"{\\"deep\\":${nested(10_000)}}"}`,
      ),
    );
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ errors: [{}] });
    expect(await (await graphql(query('{ me { id } }'))).json()).not.toHaveProperty('errors');
  });

  test('answers 413 to a body over 5 MB and 401 to nobody', async () => {
    await expectRefusal(
      await graphql(query('{ me { id } }', `{"x":"${'x'.repeat(6e6)}"}`)),
      413,
      /larger than/,
    );
    await expectRefusal(await graphql(query('{ me { id } }'), { authorization: '' }), 401, /Unauthorized/);
  });

  test.each(['sqs', 'dynamodb'])('answers 401 to a signature for %s', async (service) => {
    const response = await signedPost({
      url: String(cloud.stack.graphqlUrl),
      service,
      region: cloud.stack.region,
      credentials: credentials(),
      body: query('{ me { id } }'),
    });
    await expectRefusal(response, 401, /correct service: 'appsync'/);
  });
});

describe('the AWS APIs', () => {
  const call = (service: string, target: string, body: string, region = cloud.stack.region) =>
    signedPost({
      url: `${cloud.stack.awsEndpointUrl}/`,
      service,
      region,
      credentials: credentials(),
      headers: { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.0' },
      body,
    });
  const targets: readonly [string, string][] = [
    ['dynamodb', 'DynamoDB_20120810.PutItem'],
    ['dynamodb', 'DynamoDB_20120810.Query'],
    ['sqs', 'AmazonSQS.SendMessage'],
    ['events', 'AWSEvents.PutEvents'],
    ['cognito-idp', 'AWSCognitoIdentityProviderService.AdminGetUser'],
  ];
  const item = (value: string) => `{"TableName":"${String(cloud.stack.tableName)}","Item":${value}}`;

  test.each(targets)(
    '%s: %s refuses what is no JSON, is signed for elsewhere, or not at all',
    async (service, target) => {
      await expectRefusal(await call(service, target, '{"a":'), 400, /SerializationException/);
      await expectRefusal(await call(service, target, '[]'), 400, /SerializationException/);
      await expectRefusal(await call(service, target, '{}', 'us-west-1'), 400, /us-west-1/);
      await expectRefusal(await call('kms', target, '{}'), 400, /correct service/);
      const headers = { 'x-amz-target': target };
      const unsigned = await fetch(cloud.stack.awsEndpointUrl, { method: 'POST', headers, body: '{}' });
      await expectRefusal(unsigned, 400, /MissingAuthenticationToken/);
    },
  );

  test.each(targets)('%s: %s survives 10,000 levels in every member', async (service, target) => {
    for (const name of [
      'TableName',
      'Item',
      'Key',
      'QueueUrl',
      'MessageBody',
      'Entries',
      'UserPoolId',
      'Username',
    ]) {
      const response = await call(service, target, `{"${name}":${nested(10_000)}}`);
      await expectRefusal(response, 400, /__type.*message/);
    }
  });

  test('a value of 10,000 levels is no item', async () => {
    const deep = `{"pk":{"S":"x"},"v":${'{"L":['.repeat(10_000)}${']}'.repeat(10_000)}}`;
    await expectRefusal(await call('dynamodb', 'DynamoDB_20120810.PutItem', item(deep)), 400, /Exception/);
    const expression = `{"TableName":"${String(cloud.stack.tableName)}","FilterExpression":"${'('.repeat(4000)}"}`;
    await expectRefusal(await call('dynamodb', 'DynamoDB_20120810.Scan', expression), 400, /Exception/);
  });

  test.each(['dynamodb', 'lambda', 's3', 'ses', 'sns', 'sts'])(
    '%s: a path that cannot be read',
    async (service) => {
      const { port } = new URL(cloud.stack.awsEndpointUrl);
      const socket = connect(Number(port), '127.0.0.1');
      const authorization = `AWS4-HMAC-SHA256 Credential=${credentials().accessKeyId}/20260101/${cloud.stack.region}/${service}/aws4_request, SignedHeaders=host, Signature=00`;
      socket.write(
        `GET /%zz?a=%f HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nConnection: close\r\n\r\n`,
      );
      const [answer] = (await once(socket, 'data')) as [Buffer];
      expect(String(answer)).toMatch(/^HTTP\/1\.1 40[04] /);
      expect(String(answer)).not.toMatch(/URIError|node:/);
    },
  );

  test('an unknown target and an unknown service are named', async () => {
    await expectRefusal(await call('dynamodb', 'DynamoDB_20120810.Nothing', '{}'), 400, /UnknownOperation/);
    await expectRefusal(await call('dynamodb', 'Nobody.Nothing', '{}'), 400, /UnknownOperation.*Nobody/);
  });
});

describe('on both ports', () => {
  test.each(['cognitoUrl', 'awsEndpointUrl'] as const)(
    '%s answers 431 to headers without end',
    async (name) => {
      const socket = connect(Number(new URL(cloud.stack[name]).port), '127.0.0.1');
      socket.write(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      expect(String(answer)).toMatch(/^HTTP\/1\.1 431 /);
      socket.destroy();
    },
  );

  test.each(['cognitoUrl', 'awsEndpointUrl'] as const)(
    '%s takes paths of every kind without a failure',
    async (name) => {
      const paths = [
        '//',
        '/%',
        '/%zz/.well-known/jwks.json',
        '/mail?limit=%',
        '/graphql?%',
        '/lambda-url/%/%',
        '*',
        '/graphql/realtime',
      ];
      for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH']) {
        for (const path of paths) {
          const socket = connect(Number(new URL(cloud.stack[name]).port), '127.0.0.1');
          socket.write(
            `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
          );
          const [answer] = (await once(socket, 'data')) as [Buffer];
          expect([method, path, String(answer).slice(9, 10)]).not.toContain('5');
          socket.destroy();
        }
      }
    },
  );

  test('a client that hangs up in the middle of a body disturbs nobody', async () => {
    for (const url of [cloud.stack.cognitoUrl, cloud.stack.awsEndpointUrl]) {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      socket.write('POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"query":');
      await once(socket, 'connect');
      socket.resetAndDestroy();
    }
    expect((await graphql(query('{ me { id } }'))).status).toBe(200);
  });
});

describe('the socket', () => {
  const url = () => String(cloud.stack.realtimeUrl);

  async function framesAfter(
    sent: readonly (string | Buffer)[],
    protocols: readonly string[],
  ): Promise<string> {
    const socket = new WebSocket(url(), [...protocols]);
    let heard = '';
    socket.on('message', (data) => (heard += String(data)));
    await once(socket, 'open');
    for (const frame of sent) socket.send(frame);
    await Promise.race([once(socket, 'close'), new Promise((resolve) => setTimeout(resolve, 150))]);
    socket.terminate();
    return heard;
  }

  test('without credentials is told so and closed', async () => {
    const socket = new WebSocket(url(), ['graphql-ws']);
    const heard: string[] = [];
    socket.on('message', (data) => heard.push(String(data)));
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    await once(socket, 'close');
    expect(heard).toEqual([expect.stringContaining('connection_error')]);
  });

  test('takes frames of every kind without a failure', async () => {
    const header = Buffer.from(JSON.stringify({ Authorization: token, host: 'localhost' })).toString(
      'base64url',
    );
    const heard = await framesAfter(
      [
        '{"type":"connection_init"}',
        '',
        'null',
        '{',
        '[]',
        Buffer.from([0xff, 0xfe]),
        nested(10_000),
        '{"type":"start"}',
        '{"type":"start","id":"1"}',
        '{"type":"start","id":"2","payload":{"data":7,"extensions":{"authorization":{}}}}',
        `{"type":"start","id":"3","payload":{"data":"{","extensions":{"authorization":{"Authorization":"${token}"}}}}`,
        `{"type":"start","id":"4","payload":{"data":${JSON.stringify(query(chained(5000)))},"extensions":{"authorization":{"Authorization":"${token}"}}}}`,
        '{"type":{"a":1},"id":{"b":2}}',
        '{"type":"stop","id":"none"}',
      ],
      ['graphql-ws', `header-${header}`],
    );
    expect(heard).toContain('connection_ack');
    expect(heard).toContain('UnknownOperationError');
    expect(heard).not.toContain('InternalFailure');
  });
});
