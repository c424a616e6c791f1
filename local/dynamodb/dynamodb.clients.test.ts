import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  ConditionalCheckFailedException,
  CreateTableCommand,
  DynamoDBClient,
  ResourceNotFoundException,
  TransactionCanceledException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  QueryCommand,
  TransactGetCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { Entity, Service } from 'electrodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AwsError } from '../aws.ts';
import { CALLER, type Fixture, MAIN_TABLE, openFixture } from './test-support.ts';

/** The wire protocol, as far as a client needs it: https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html */
function serve(t: Fixture): Server {
  return createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const action = String(request.headers['x-amz-target']).replace('DynamoDB_20120810.', '');
    let status = 200;
    let answer: unknown;
    try {
      answer = t.db.call(action, JSON.parse(body), CALLER);
      await t.store.committed();
    } catch (error) {
      const { code, message, extra, status: code4xx } = error as AwsError;
      if (!(error instanceof AwsError)) throw error;
      status = code4xx;
      answer = { __type: `com.amazonaws.dynamodb.v20120810#${code}`, message, ...extra };
    }
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(answer));
  });
}

let t: Fixture;
let server: Server;
let client: DynamoDBClient;
let documents: DynamoDBDocumentClient;

beforeAll(async () => {
  t = openFixture();
  server = serve(t);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  await client.send(
    new CreateTableCommand(MAIN_TABLE as ConstructorParameters<typeof CreateTableCommand>[0]),
  );
  await waitUntilTableExists({ client, minDelay: 1, maxDelay: 2, maxWaitTime: 5 }, { TableName: 'main' });
});

afterAll(async () => {
  client.destroy();
  await new Promise((resolve) => server.close(resolve));
  t.close();
});

describe('the document client', () => {
  const TableName = 'main';
  const Key = { pk: 'doc', sk: 'one' };

  it('puts, gets, updates and deletes documents', async () => {
    const Item = {
      ...Key,
      text: 'é\u{1F600}',
      number: -12.5,
      big: 12345678901234567890n,
      yes: true,
      nil: null,
      bytes: new Uint8Array([0, 255]),
      set: new Set(['a', 'b']),
      list: [1, ['two'], { three: 3 }],
    };
    await documents.send(new PutCommand({ TableName, Item }));
    const got = await documents.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    expect(got.Item).toEqual(Item);
    const updated = await documents.send(
      new UpdateCommand({
        TableName,
        Key,
        UpdateExpression: 'SET #l[1] = :v, #n = #n + :half REMOVE nil',
        ExpressionAttributeNames: { '#l': 'list', '#n': 'number' },
        ExpressionAttributeValues: { ':v': 'new', ':half': 0.5 },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    expect(updated.Attributes).toEqual({ list: ['new'], number: -12 });
    const deleted = await documents.send(new DeleteCommand({ TableName, Key, ReturnValues: 'ALL_OLD' }));
    expect(deleted.Attributes?.list).toEqual([1, 'new', { three: 3 }]);
  });

  it('recognises errors and what they carry', async () => {
    await documents.send(new PutCommand({ TableName, Item: { ...Key, version: 1 } }));
    const stale = documents.send(
      new PutCommand({
        TableName,
        Item: Key,
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    const error = await stale.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConditionalCheckFailedException);
    expect((error as ConditionalCheckFailedException).Item).toMatchObject({ version: { N: '1' } });
    await expect(documents.send(new GetCommand({ TableName: 'other', Key }))).rejects.toBeInstanceOf(
      ResourceNotFoundException,
    );
    await expect(documents.send(new GetCommand({ TableName, Key: { pk: 'a' } }))).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'The provided key element does not match the schema',
    });
  });

  it('pages through a query', async () => {
    const batch = (from: number) =>
      Array.from({ length: 25 }, (_, n) => ({
        PutRequest: {
          Item: { pk: 'pages', sk: String(from + n).padStart(3, '0'), gsi1pk: 'all', gsi1sk: `${from + n}` },
        },
      }));
    for (const from of [0, 25]) {
      await documents.send(new BatchWriteCommand({ RequestItems: { [TableName]: batch(from) } }));
    }
    const found: unknown[] = [];
    const pages = paginateQuery(
      { client: documents, pageSize: 7 },
      {
        TableName,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': 'pages', ':prefix': '0' },
      },
    );
    for await (const page of pages) found.push(...(page.Items ?? []));
    expect(found).toHaveLength(50);
    const index = await documents.send(
      new QueryCommand({
        TableName,
        IndexName: 'gsi1',
        KeyConditionExpression: 'gsi1pk = :g',
        ExpressionAttributeValues: { ':g': 'all' },
        Select: 'COUNT',
        ReturnConsumedCapacity: 'INDEXES',
      }),
    );
    expect(index).toMatchObject({ Count: 50, ConsumedCapacity: { GlobalSecondaryIndexes: { gsi1: {} } } });
    const got = await documents.send(
      new BatchGetCommand({
        RequestItems: {
          [TableName]: {
            Keys: [
              { pk: 'pages', sk: '003' },
              { pk: 'pages', sk: 'x' },
            ],
          },
        },
      }),
    );
    expect(got.Responses?.[TableName]).toMatchObject([{ sk: '003' }]);
  });

  it('does transactions, and learns why one was cancelled', async () => {
    const put = (sk: string) => ({
      Put: { TableName, Item: { pk: 'tx', sk }, ConditionExpression: 'attribute_not_exists(pk)' },
    });
    await documents.send(new TransactWriteCommand({ TransactItems: [put('a'), put('b')] }));
    const error = await documents
      .send(new TransactWriteCommand({ TransactItems: [put('c'), put('a')] }))
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TransactionCanceledException);
    expect((error as TransactionCanceledException).CancellationReasons?.map(({ Code }) => Code)).toEqual([
      'None',
      'ConditionalCheckFailed',
    ]);
    const read = await documents.send(
      new TransactGetCommand({
        TransactItems: ['a', 'c'].map((sk) => ({ Get: { TableName, Key: { pk: 'tx', sk } } })),
      }),
    );
    expect(read.Responses).toEqual([{ Item: { pk: 'tx', sk: 'a' } }, {}]);
  });
});

describe('electrodb', () => {
  const model = (entity: string) => ({ entity, service: 'crm', version: '1' });
  const customer = () =>
    new Entity(
      {
        model: model('customer'),
        attributes: {
          customerId: { type: 'string', required: true },
          email: { type: 'string', required: true },
          points: { type: 'number', default: 0 },
          tags: { type: 'set', items: 'string' },
        },
        indexes: {
          primary: {
            collection: 'profile',
            pk: { field: 'pk', composite: ['customerId'], casing: 'none' },
            sk: { field: 'sk', composite: [], casing: 'none' },
          },
          byEmail: {
            index: 'gsi1',
            pk: { field: 'gsi1pk', composite: ['email'], casing: 'none' },
            sk: { field: 'gsi1sk', composite: ['customerId'], casing: 'none' },
          },
        },
      } as const,
      { client: documents, table: 'main' },
    );
  const note = () =>
    new Entity(
      {
        model: model('note'),
        attributes: {
          customerId: { type: 'string', required: true },
          id: { type: 'string', required: true },
          text: { type: 'string' },
        },
        indexes: {
          primary: {
            collection: 'profile',
            pk: { field: 'pk', composite: ['customerId'], casing: 'none' },
            sk: { field: 'sk', composite: ['id'], casing: 'none' },
          },
        },
      } as const,
      { client: documents, table: 'main' },
    );

  it('creates, queries by an index, patches and refuses to create twice', async () => {
    const customers = customer();
    const ann = { customerId: 'c1', email: 'Ann@Example.com', tags: ['vip'] };
    await customers.create(ann).go();
    await expect(customers.create(ann).go()).rejects.toThrow('The conditional request failed');
    const byEmail = await customers.query.byEmail({ email: ann.email }).go();
    expect(byEmail.data).toEqual([{ ...ann, points: 0 }]);
    const patched = await customers
      .patch({ customerId: 'c1' })
      .add({ points: 5, tags: ['new'] })
      .go({ response: 'all_new' });
    expect(patched.data).toMatchObject({ points: 5, tags: ['vip', 'new'] });
    await expect(customers.patch({ customerId: 'none' }).set({ points: 1 }).go()).rejects.toThrow(
      'conditional',
    );
    const between = await customers.query
      .byEmail({ email: ann.email })
      .between({ customerId: 'c0' }, { customerId: 'c2' })
      .where(({ points }, { gt }) => gt(points, 4))
      .go();
    expect(between.data).toHaveLength(1);
  });

  it('writes a transaction over entities and reads them as one collection, page by page', async () => {
    const crm = new Service({ customer: customer(), note: note() }, { client: documents, table: 'main' });
    const write = () =>
      crm.transaction
        .write((entities) => [
          entities.customer.create({ customerId: 'c2', email: 'bob@example.com' }).commit(),
          ...['n1', 'n2', 'n3'].map((id) => entities.note.put({ customerId: 'c2', id, text: id }).commit()),
        ])
        .go();
    expect(await write()).toMatchObject({ canceled: false });
    const again = await write();
    expect(again.canceled).toBe(true);
    expect(again.data[0]).toMatchObject({ rejected: true, code: 'ConditionalCheckFailed' });
    const whole = await crm.collections.profile({ customerId: 'c2' }).go();
    expect(whole.data.customer).toMatchObject([{ customerId: 'c2' }]);
    expect(whole.data.note.map(({ id }) => id)).toEqual(['n1', 'n2', 'n3']);
    const first = await crm.entities.note.query.primary({ customerId: 'c2' }).go({ limit: 2 });
    expect(first.data.map(({ id }) => id)).toEqual(['n1', 'n2']);
    const second = await crm.entities.note.query.primary({ customerId: 'c2' }).go({ cursor: first.cursor });
    expect(second.data.map(({ id }) => id)).toEqual(['n3']);
  });
});
