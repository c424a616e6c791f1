import { Readable } from 'node:stream';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { type JsonService, jsonCall } from './json-calls.ts';
import { requestSigner } from './signer.ts';

interface Sent {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Answer = readonly [statusCode: number, body: object | string];

const asBytes = (text: string): object => ({ body: Buffer.from(text) });
const byteByByte = (text: string) => ({
  body: Readable.from([...Buffer.from(text)].map((byte) => Buffer.of(byte))),
});

interface Described extends Omit<JsonService, 'client'> {
  readonly Client: typeof DynamoDBClient | typeof EventBridgeClient;
  /** As signatures call the service. */
  readonly service: string;
  readonly operation: string;
}

const dynamoDb: Described = {
  Client: DynamoDBClient,
  service: 'dynamodb',
  target: 'DynamoDB_20120810',
  version: '1.0',
  operation: 'PutItem',
};

const bus: Described = {
  Client: EventBridgeClient,
  service: 'events',
  target: 'AWSEvents',
  version: '1.1',
  operation: 'PutEvents',
};

/** A call of a client whose requests get these answers, one after another, and the requests. */
function callAnswered(
  answers: readonly Answer[],
  bodyOf = asBytes,
  { Client, service, operation, target, version } = dynamoDb,
) {
  const sent: Sent[] = [];
  const region = 'eu-central-1';
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  const requestHandler = {
    async handle(request: Sent) {
      const [statusCode, answer] = answers[sent.push(request) - 1] ?? [200, {}];
      return {
        response: {
          statusCode,
          headers: {},
          ...bodyOf(typeof answer === 'string' ? answer : JSON.stringify(answer)),
        },
      };
    },
  };
  const signer = requestSigner({ service, region, credentials });
  const client = new Client({ region, credentials, signer, requestHandler: requestHandler as never });
  return { call: jsonCall({ client, target, version }, operation), sent };
}

const failure = (name: string, more = {}) => ({
  __type: `com.amazonaws.dynamodb.v20120810#${name}`,
  ...more,
});

beforeEach(() => {
  vi.stubEnv('AWS_ENDPOINT_URL', undefined);
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', undefined);
  vi.stubEnv('AWS_ENDPOINT_URL_EVENTBRIDGE', undefined);
  return () => vi.unstubAllEnvs();
});

describe('a call', () => {
  test('sends what it is given to DynamoDB in the region of the client, signed', async () => {
    const { call, sent } = callAnswered([]);

    await call({ TableName: 'crm', Item: { name: { S: 'Zoë' } } });

    const [{ protocol, hostname, path, headers, body }] = sent as [Sent];
    expect(`${protocol}//${hostname}${path}`).toBe('https://dynamodb.eu-central-1.amazonaws.com/');
    expect(JSON.parse(body)).toEqual({ TableName: 'crm', Item: { name: { S: 'Zoë' } } });
    expect(headers).toMatchObject({
      host: 'dynamodb.eu-central-1.amazonaws.com',
      'content-type': 'application/x-amz-json-1.0',
      'content-length': `${Buffer.byteLength(body)}`,
      'x-amz-target': 'DynamoDB_20120810.PutItem',
      authorization: expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\//),
    });
  });

  test('goes to the bus in its protocol, as it goes to DynamoDB in that one', async () => {
    const { call, sent } = callAnswered([], asBytes, bus);

    await call({ Entries: [{ Time: 1.5 }] });

    const [{ protocol, hostname, path, headers, body }] = sent as [Sent];
    expect(`${protocol}//${hostname}${path}`).toBe('https://events.eu-central-1.amazonaws.com/');
    expect(JSON.parse(body)).toEqual({ Entries: [{ Time: 1.5 }] });
    expect(headers).toMatchObject({
      host: 'events.eu-central-1.amazonaws.com',
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AWSEvents.PutEvents',
      authorization: expect.stringContaining('/eu-central-1/events/aws4_request'),
    });
  });

  test('goes where the environment says that this service is, before it goes where all are', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:4001');
    vi.stubEnv('AWS_ENDPOINT_URL_EVENTBRIDGE', 'http://127.0.0.1:4002');
    const [toBus, toTable] = [callAnswered([], asBytes, bus), callAnswered([])];

    await Promise.all([toBus.call({}), toTable.call({})]);

    expect(toBus.sent[0]?.port).toBe(4002);
    expect(toTable.sent[0]?.port).toBe(4001);
  });

  test('goes where the environment says', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:4001');
    const { call, sent } = callAnswered([]);

    await call({});

    expect(sent[0]).toMatchObject({ protocol: 'http:', hostname: '127.0.0.1', port: 4001 });
    expect(sent[0]?.headers.host).toBe('127.0.0.1:4001');
  });

  test.each([
    ['as bytes', asBytes],
    ['byte by byte', byteByByte],
  ])('answers what DynamoDB does, when it comes %s', async (_, bodyOf) => {
    const { call } = callAnswered([[200, { Attributes: { name: { S: 'Zoë' } } }]], bodyOf);

    expect(await call({})).toMatchObject({ Attributes: { name: { S: 'Zoë' } } });
  });
});

describe('a call that DynamoDB refuses', () => {
  test.each([
    ['fails', 500, failure('InternalServerError')],
    ['is busy', 400, failure('ThrottlingException')],
    ['is not reached by what lies before it', 503, '<html>Service Unavailable</html>'],
  ])('is made again, with a signature of its own, when DynamoDB %s', async (_, status, answer) => {
    vi.useFakeTimers({ toFake: ['Date'], now: 0 });
    const answers: Answer[] = [
      [status, answer],
      [200, { ok: true }],
    ];
    const { call, sent } = callAnswered(answers, (text) => {
      vi.setSystemTime(60_000);
      return asBytes(text);
    });

    const answered = call({ TableName: 'crm' });

    expect(await answered).toMatchObject({ ok: true });
    expect(sent.map(({ body }) => body)).toEqual([sent[0]?.body, sent[0]?.body]);
    expect(sent.map(({ headers }) => headers['x-amz-date'])).toEqual([
      '19700101T000000Z',
      '19700101T000100Z',
    ]);
    expect(sent[1]?.headers['amz-sdk-request']).toContain('attempt=2');
    vi.useRealTimers();
  });

  test('is given up after some attempts', async () => {
    const { call, sent } = callAnswered(
      Array.from({ length: 9 }, () => [500, failure('InternalServerError')]),
    );

    await expect(call({})).rejects.toMatchObject({ name: 'InternalServerError' });
    expect(sent.length).toBeGreaterThan(1);
    expect(sent.length).toBeLessThan(9);
  });

  test('for its condition is not made again, and says which item stood in its way', async () => {
    const Item = { id: { S: 'one' }, version: { N: '2' } };
    const { call, sent } = callAnswered([[400, failure('ConditionalCheckFailedException', { Item })]]);

    await expect(call({})).rejects.toMatchObject({ name: 'ConditionalCheckFailedException', Item });
    expect(sent).toHaveLength(1);
  });

  test('as a transaction says for which of its parts', async () => {
    const CancellationReasons = [
      { Code: 'None' },
      { Code: 'ConditionalCheckFailed', Item: { id: { S: 'one' } } },
    ];
    const { call } = callAnswered([[400, failure('TransactionCanceledException', { CancellationReasons })]]);

    await expect(call({})).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons,
    });
  });

  test('by the bus is made again when it passes, and refused by its name when it does not', async () => {
    const answers: Answer[] = [
      [500, failure('InternalException')],
      [400, { __type: 'AccessDeniedException', message: 'No grant allows it' }],
    ];
    const { call, sent } = callAnswered(answers, asBytes, bus);

    await expect(call({})).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(sent).toHaveLength(2);
  });

  test('with what the SDK has no name for is refused by that name', async () => {
    const { call } = callAnswered([[400, failure('NewException', { message: 'Something new' })]]);

    await expect(call({})).rejects.toMatchObject({ name: 'NewException', message: 'Something new' });
  });
});
