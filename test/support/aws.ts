import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import type { Change } from '../../domain/change.ts';
import { AwsError, type AwsService, type Caller } from '../../local/aws.ts';
import { createDynamoDb } from '../../local/dynamodb/dynamodb.ts';
import { createGateway } from '../../local/gateway.ts';
import { createIdentities, newAdminKey } from '../../local/identity.ts';
import { createS3 } from '../../local/s3/s3.ts';
import { openStore } from '../../local/store.ts';
import { startDirectory } from './directory.ts';
import { type Right, rightsAskedBy } from './rights.ts';

/** An entry as the bus was asked to take it. */
export interface BusEntry {
  readonly EventBusName: string;
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
  readonly Time: number;
}

/** Read and write units of one call of DynamoDB. */
export interface Consumed {
  readonly action: string;
  readonly read: number;
  readonly write: number;
}

/**
 * Stands between a call and the engine: may run it, once or never, with a changed input, and answer or throw what it
 * likes.
 */
export type Disturbance = (action: string, run: (changes?: object) => unknown) => unknown;

/** The code with which the bus refuses an entry; true for one that passes. */
export type BusRefusal = (entry: BusEntry) => string | boolean;

/** Calls reach the engine and are answered. */
export const undisturbed: Disturbance = (_action, run) => run();

const place = { region: 'eu-west-2', accountId: '111111111111' };
const tableName = 'crm-test';
const technicalTableName = 'technical-test';
const failuresBucket = 'failures-test';

/**
 * The AWS APIs that the functions call, on 127.0.0.1 and in memory: the tables in the DynamoDB engine, a user pool in the
 * local Cognito, and a bus that keeps what it takes.
 */
export async function startAws() {
  const store = openStore();
  const dynamodb = createDynamoDb({ store, place });
  const s3 = createS3({ store, region: place.region });
  s3.createBucket(failuresBucket);
  const directory = startDirectory(store, place);
  const identities = createIdentities({ place, admin: newAdminKey() });
  const consumed: Consumed[] = [];
  const calls: BusEntry[][] = [];
  const exercised = new Set<Right>();
  let disturb = undisturbed;
  let isGranted: (right: Right) => boolean = () => true;
  let position = 'TRIM_HORIZON';
  let refuses: BusRefusal = () => false;

  const measured: AwsService = (action, input, caller) => {
    for (const right of rightsAskedBy(action, input)) {
      if (!isGranted(right)) throw new AwsError('AccessDeniedException', `No grant allows ${right}`);
      exercised.add(right);
    }
    const run = (changes = {}) =>
      dynamodb.call(action, { ...input, ReturnConsumedCapacity: 'TOTAL', ...changes }, caller);
    const answer = disturb(action, run) as { readonly ConsumedCapacity?: Capacity | readonly Capacity[] };
    consumed.push({ action, ...unitsOf(action, [answer.ConsumedCapacity ?? []].flat()) });
    return answer;
  };
  const bus: AwsService = (_action, { Entries }) => {
    const entries = Entries as BusEntry[];
    calls.push(entries);
    const results = entries.map((entry) => {
      const refusal = refuses(entry);
      if (!refusal) return { EventId: 'taken' };
      return { ErrorCode: refusal === true ? 'InternalFailure' : refusal, ErrorMessage: 'refused' };
    });
    return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
  };
  const gateway = createGateway({
    identities,
    services: () => ({
      json: {
        DynamoDB_20120810: { name: 'dynamodb', version: '1.0', call: measured },
        AWSEvents: { name: 'events', version: '1.1', call: bus },
        AWSCognitoIdentityProviderService: directory.service,
      },
      rest: { s3 },
    }),
    committed: store.committed,
    log: (message) => console.error(message),
  });

  const streamArn = createTables(dynamodb.call, identities.adminCaller);
  const endpoint = `http://127.0.0.1:${await gateway.listen(0)}`;
  const credentials = identities.credentialsFor(`arn:aws:iam::${place.accountId}:role/test`, 'test');

  return {
    environment: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: place.region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
      TABLE_NAME: tableName,
      TECHNICAL_TABLE_NAME: technicalTableName,
      BUS_NAME: 'bus-test',
      FAILURES_BUCKET: failuresBucket,
      USER_POOL_ID: directory.poolId,
    },
    /** The user pool. */
    directory,
    tables: { crm: tableName, technical: technicalTableName },
    /** From now on calls of DynamoDB by the functions are denied when this is false of a right they need. */
    guard: (granted: (right: Right) => boolean) => {
      isGranted = granted;
    },
    /** The rights that were made use of since the last time it was asked. */
    takeExercised: () => {
      const rights = [...exercised].sort();
      exercised.clear();
      return rights;
    },
    /** What each call of DynamoDB consumed since the last time it was asked. */
    takeConsumed: () => consumed.splice(0),
    /** The calls of PutEvents since the last time it was asked. */
    takeBusCalls: () => calls.splice(0),
    /** From now on the bus refuses the entries for which this is a code, or true. */
    busRefuses: (which: BusRefusal) => {
      refuses = which;
    },
    /** Removes and answers what lies in the bucket of failed batches. */
    takeFailures: () => {
      const ask = (method: string, path: string) =>
        Buffer.from(
          s3.handle({ method, url: `/${failuresBucket}${path}`, headers: {}, body: Buffer.alloc(0) }).body,
        );
      const keys = [...`${ask('GET', '?list-type=2')}`.matchAll(/<Key>(.*?)<\/Key>/g)].map(
        ([, key = '']) => key,
      );
      return keys.map((key) => {
        const body = JSON.parse(`${ask('GET', `/${key}`)}`) as { readonly payload: string };
        ask('DELETE', `/${key}`);
        return { key, body };
      });
    },
    /** From now on calls of DynamoDB by the functions go through this. */
    disturb: (how: Disturbance) => {
      disturb = how;
    },
    /** The records of the table's stream since the last time it was asked. */
    takeRecords: () => {
      const records: DynamoDBRecord[] = [];
      for (;;) {
        const page = dynamodb.readStream(streamArn, position, 1000);
        if (page.records.length === 0) return records;
        records.push(...(page.records as unknown as DynamoDBRecord[]));
        position = page.lastSequence;
      }
    },
    /** All items of the table of customers, as stored. */
    items: () => scan(dynamodb.call, identities.adminCaller),
    /** Removes all items. */
    clear: () => {
      for (const [TableName, items] of [
        [tableName, scan(dynamodb.call, identities.adminCaller)],
        [technicalTableName, scan(dynamodb.call, identities.adminCaller, technicalTableName)],
      ] as const) {
        for (const { pk, sk } of items)
          dynamodb.call('DeleteItem', { TableName, Key: { pk, sk } }, identities.adminCaller);
      }
    },
    /** The changes that are stamped on items, latest last. */
    changes: (): Change[] =>
      scan(dynamodb.call, identities.adminCaller)
        .flatMap((item) => (item.change ? [unmarshall({ change: item.change }).change as Change] : []))
        .sort((a, b) => (a.id < b.id ? -1 : 1)),
    /** Calls DynamoDB itself, past the functions. */
    dynamodb: (action: string, input: Record<string, unknown>) =>
      dynamodb.call(action, { TableName: tableName, ...input }, identities.adminCaller),
    close: async () => {
      await gateway.close();
      dynamodb.close();
      store.close();
    },
  };
}

export type Aws = Awaited<ReturnType<typeof startAws>>;

interface Capacity {
  readonly CapacityUnits: number;
}

function unitsOf(action: string, capacities: readonly Capacity[]): { read: number; write: number } {
  const units = capacities.reduce((sum, { CapacityUnits }) => sum + CapacityUnits, 0);
  return /Get|Query|Scan/.test(action) ? { read: units, write: 0 } : { read: 0, write: units };
}

function createTables(call: AwsService, caller: Caller): string {
  const text = (name: string) => ({ AttributeName: name, AttributeType: 'S' });
  const keys = (prefix: string) => [
    { AttributeName: `${prefix}pk`, KeyType: 'HASH' },
    { AttributeName: `${prefix}sk`, KeyType: 'RANGE' },
  ];
  const table = { BillingMode: 'PAY_PER_REQUEST', KeySchema: keys('') };
  call(
    'CreateTable',
    { ...table, TableName: technicalTableName, AttributeDefinitions: ['pk', 'sk'].map(text) },
    caller,
  );
  const created = call(
    'CreateTable',
    {
      ...table,
      TableName: tableName,
      AttributeDefinitions: ['pk', 'sk', 'gsi1pk', 'gsi1sk', 'gsi2pk', 'gsi2sk'].map(text),
      GlobalSecondaryIndexes: ['gsi1', 'gsi2'].map((name) => ({
        IndexName: name,
        KeySchema: keys(name),
        Projection: { ProjectionType: 'ALL' },
      })),
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    },
    caller,
  ) as { readonly TableDescription: { readonly LatestStreamArn: string } };
  return created.TableDescription.LatestStreamArn;
}

type StoredItem = Readonly<Record<string, AttributeValue>>;

function scan(call: AwsService, caller: Caller, TableName = tableName): StoredItem[] {
  const items: StoredItem[] = [];
  let next: unknown;
  do {
    const input = { TableName, ...(next ? { ExclusiveStartKey: next } : {}) };
    const answer = call('Scan', input, caller) as { Items: StoredItem[]; LastEvaluatedKey?: unknown };
    items.push(...answer.Items);
    next = answer.LastEvaluatedKey;
  } while (next);
  return items;
}
