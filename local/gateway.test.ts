import { once } from 'node:events';
import { connect } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DynamoDBDocumentClient, GetCommand, PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { signedPost } from '../test/support/signed-post.ts';
import { AwsError, type Caller } from './aws.ts';
import { type JsonServices, jsonServices, sts } from './gateway/services.ts';
import { createGateway } from './gateway.ts';
import type { Incoming } from './iam/iam.ts';
import { createIdentities, newAdminKey } from './identity.ts';

const place = { region: 'eu-central-1', accountId: '111122223333' };
const identities = createIdentities({ place, admin: newAdminKey() });
const scoring = identities.credentialsFor('arn:aws:iam::111122223333:role/ScoringRole', 'scoring');

type Run = (action: string, input: Record<string, unknown>, caller: Caller) => unknown;
let run: Run;
let kept: () => Promise<void>;
let authorize: (caller: Caller, call: Incoming) => void;
const calls: (Incoming & { readonly caller: Caller })[] = [];
const logged: string[] = [];
const call: Run = (action, input, caller) => run(action, input, caller);
const services = {
  dynamodb: { call, streamsCall: call },
  sqs: { call },
  events: { call },
  cognito: { call, isUnsigned: (action: string) => action === 'InitiateAuth' },
} as JsonServices;
const gateway = createGateway({
  region: place.region,
  slowest: { headersMs: 200, requestMs: 400 },
  identities,
  services: () => ({ json: jsonServices(services), rest: { sts } }),
  committed: () => kept(),
  authorize(caller, call) {
    calls.push({ ...call, caller });
    authorize(caller, call);
  },
  log: (message) => logged.push(message),
});

let endpoint: string;
beforeAll(async () => {
  endpoint = `http://127.0.0.1:${await gateway.listen(0)}`;
});
afterAll(() => gateway.close());
beforeEach(() => {
  kept = () => Promise.resolve();
  authorize = () => {};
  calls.length = 0;
  logged.length = 0;
});

function documents(credentials = scoring): DynamoDBDocumentClient {
  const client = new DynamoDBClient({ endpoint, region: place.region, credentials, maxAttempts: 1 });
  return DynamoDBDocumentClient.from(client);
}

function post(target: string | undefined, body: string, headers: Record<string, string> = {}) {
  return fetch(endpoint, {
    method: 'POST',
    body,
    headers: { ...(target && { 'x-amz-target': target }), ...headers },
  });
}

test('a document client gets the answer of the table, and its role is known', async () => {
  let caller: Caller | undefined;
  run = (_action, _input, from) => {
    caller = from;
    return { Item: { pk: { S: '1' }, n: { N: '2' } } };
  };

  const { Item } = await documents().send(new GetCommand({ TableName: 'crm', Key: { pk: '1' } }));

  expect(Item).toEqual({ pk: '1', n: 2 });
  expect(caller?.arn).toBe('arn:aws:sts::111122223333:assumed-role/ScoringRole/scoring');
  expect(calls).toMatchObject([
    { caller, service: 'dynamodb', action: 'GetItem', input: { TableName: 'crm' } },
  ]);
});

test('an error of a table reaches the client with its name, message and further members', async () => {
  run = () => {
    throw new AwsError('TransactionCanceledException', 'Transaction cancelled', 400, {
      CancellationReasons: [{ Code: 'ConditionalCheckFailed' }],
    });
  };
  const Put = { TableName: 'crm', Item: { pk: '1' } };

  const sent = documents().send(new TransactWriteCommand({ TransactItems: [{ Put }] }));

  await expect(sent).rejects.toMatchObject({
    name: 'TransactionCanceledException',
    message: 'Transaction cancelled',
    CancellationReasons: [{ Code: 'ConditionalCheckFailed' }],
  });
});

test('no answer leaves before what was written is kept', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  kept = () => promise;
  run = () => ({});
  let answered = false;

  const sent = documents().send(new PutCommand({ TableName: 'crm', Item: { pk: '1' } }));
  void sent.then(() => {
    answered = true;
  });
  await expect.poll(() => calls.length).toBe(1);
  await new Promise((later) => setTimeout(later, 30));

  expect(answered).toBe(false);
  resolve();
  await sent;
});

test('what could not be kept is answered as a failure', async () => {
  kept = () => Promise.reject(new Error('disk full'));
  run = () => ({});

  const sent = documents().send(new PutCommand({ TableName: 'crm', Item: { pk: '1' } }));

  await expect(sent).rejects.toMatchObject({ name: 'InternalFailure', $metadata: { httpStatusCode: 500 } });
  expect(logged[0]).toContain('disk full');
});

test('an EventBridge client reaches the bus', async () => {
  run = () => ({ FailedEntryCount: 0, Entries: [{ EventId: '1' }] });
  const client = new EventBridgeClient({ endpoint, region: place.region, credentials: identities.admin });

  const answer = await client.send(
    new PutEventsCommand({ Entries: [{ Source: 'x', DetailType: 'y', Detail: '{}', EventBusName: 'bus' }] }),
  );

  expect(answer).toMatchObject({ FailedEntryCount: 0, Entries: [{ EventId: '1' }] });
  expect(calls[0]).toMatchObject({ service: 'events', action: 'PutEvents' });
});

describe('refused are', () => {
  beforeEach(() => {
    run = () => {
      throw new Error('nobody may come here');
    };
  });

  test('an unknown access key', async () => {
    const sent = documents(newAdminKey() as typeof scoring).send(
      new GetCommand({ TableName: 'crm', Key: { pk: '1' } }),
    );

    await expect(sent).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
  });

  test('a wrong secret key', async () => {
    const sent = documents({ ...scoring, secretAccessKey: 'wrong' }).send(
      new GetCommand({ TableName: 'crm', Key: { pk: '1' } }),
    );

    await expect(sent).rejects.toMatchObject({ name: 'InvalidSignatureException' });
  });

  test('a wrong session token', async () => {
    const sent = documents({ ...scoring, sessionToken: 'wrong' }).send(
      new GetCommand({ TableName: 'crm', Key: { pk: '1' } }),
    );

    await expect(sent).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
  });

  test('a request without a signature', async () => {
    const response = await post('DynamoDB_20120810.GetItem', '{}');

    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.0');
    expect(response.headers.get('x-amz-crc32')).toMatch(/^\d+$/);
    expect(await response.json()).toMatchObject({
      __type: 'com.amazon.coral.service#MissingAuthenticationTokenException',
    });
  });

  test.each([
    ['service', { service: 'sqs' }, /Credential should be scoped to correct service: 'dynamodb'/],
    ['region', { region: 'us-east-1' }, /Credential should be scoped to a valid region, not 'us-east-1'/],
  ])('a signature for another %s', async (_, other, message) => {
    const response = await signedPost({
      url: `${endpoint}/`,
      service: 'dynamodb',
      region: place.region,
      credentials: scoring,
      headers: { 'x-amz-target': 'DynamoDB_20120810.GetItem' },
      body: '{}',
      ...other,
    });

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      __type: 'com.amazon.coral.service#InvalidSignatureException',
      message: expect.stringMatching(message),
    });
  });

  test.each(['/?a=%zz', '//', '/%'])('the address %s, which cannot be read', async (url) => {
    const { status, body } = await gateway.handle({
      method: 'POST',
      url,
      headers: { 'x-amz-target': 'DynamoDB_20120810.GetItem' },
      body: Buffer.from('{}'),
    });

    expect(status).toBe(404);
    expect(JSON.parse(String(body))).toMatchObject({
      __type: expect.stringContaining('MalformedQueryString'),
      message: expect.stringContaining(url),
    });
  });

  test('a request that stops in the middle, after a time', async () => {
    const slow = connect(Number(new URL(endpoint).port), '127.0.0.1', () =>
      slow.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{'),
    );
    const [answer] = (await once(slow, 'data')) as [Buffer];

    expect(String(answer)).toMatch(/^HTTP\/1\.1 408 /);
    expect(logged).toEqual([]);
  });

  test('a service that is not here, by name', async () => {
    const response = await post('Kinesis_20131202.PutRecord', '{}');

    expect(await response.json()).toMatchObject({
      __type: 'UnknownOperationException',
      message: expect.stringContaining('Kinesis_20131202.PutRecord; there are DynamoDB_20120810'),
    });
  });

  test('a service that is not here, by its signature, with each that is here once', async () => {
    const response = await signedPost({
      url: `${endpoint}/`,
      service: 'kinesis',
      region: place.region,
      credentials: scoring,
      body: '',
    });
    const { message } = (await response.json()) as { message: string };
    const known = message.split('there are ')[1]?.replace(/\.$/, '').split(', ') ?? [];

    expect(message).toContain('No service kinesis is here');
    expect(known).toContain('dynamodb');
    expect(known).toEqual([...new Set(known)]);
  });

  test('a request that names no service', async () => {
    const response = await post(undefined, '');

    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ message: expect.stringContaining('is not signed') });
  });
});

test('what needs no signature is answered without one, but JSON it must be', async () => {
  run = (_action, _input, caller) => ({ caller: caller.arn });
  const target = 'AWSCognitoIdentityProviderService.InitiateAuth';

  authorize = () => {
    throw new AwsError('AccessDeniedException', 'nobody is asked for a right');
  };

  expect(await (await post(target, '{}')).json()).toEqual({ caller: 'anonymous' });
  expect(await (await post(target, '[1')).json()).toMatchObject({ __type: 'SerializationException' });
});

test('a member that is null counts as not given, and a null in a list is refused', async () => {
  run = (_action, input) => ({ input });
  const target = 'AWSCognitoIdentityProviderService.InitiateAuth';

  const taken = await post(target, '{"a":null,"b":{"c":null,"d":[{"e":null}]}}');
  expect(await taken.json()).toEqual({ input: { b: { d: [{}] } } });
  expect(await (await post(target, '{"a":[null]}')).json()).toMatchObject({
    __type: 'SerializationException',
  });
});

test('an unexpected failure is answered without its text, which goes to the log', async () => {
  run = () => {
    throw new Error('a secret');
  };

  const sent = documents().send(new GetCommand({ TableName: 'crm', Key: { pk: '1' } }));

  await expect(sent).rejects.toMatchObject({
    name: 'InternalFailure',
    message: expect.not.stringContaining('secret'),
  });
  expect(logged[0]).toContain('a secret');
});

test('what is not authorized is not run, and is answered with the denial', async () => {
  run = () => {
    throw new Error('nobody may come here');
  };
  authorize = () => {
    throw new AwsError('AccessDeniedException', 'not you');
  };

  const sent = documents().send(new GetCommand({ TableName: 'crm', Key: { pk: '1' } }));

  await expect(sent).rejects.toMatchObject({ name: 'AccessDeniedException', message: 'not you' });
});

test.each([place.region, 'us-east-1'])('STS tells who calls, in %s', async (region) => {
  const answer = await signedPost({
    url: `${endpoint}/`,
    service: 'sts',
    region,
    credentials: scoring,
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
  });

  expect(await answer.text()).toContain(
    '<Arn>arn:aws:sts::111122223333:assumed-role/ScoringRole/scoring</Arn>',
  );
});
