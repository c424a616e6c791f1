import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createDynamoDb, type DynamoDb } from '../../dynamodb/dynamodb.ts';
import { openStore, type Store } from '../../store.ts';
import type { Created, Properties, Resource } from '../deploy.ts';
import { dynamoDbTypes } from './dynamodb.ts';

const place = { region: 'eu-central-1', accountId: '111122223333' };
const deployer = {
  accessKeyId: 'AKIA1',
  arn: 'arn:aws:iam::111122223333:user/admin',
  accountId: place.accountId,
};

let store: Store;
let dynamodb: DynamoDb;
beforeEach(() => {
  store = openStore();
  dynamodb = createDynamoDb({ store, place });
});
afterEach(() => {
  dynamodb.close();
  store.close();
});

const resource = { stack: 'data', logicalId: 'Crm', place, name: () => 'data-Crm-1' } as unknown as Resource;

function created(properties: Properties): Created {
  const type = dynamoDbTypes({ dynamodb, deployer })['AWS::DynamoDB::Table'];
  if (!type) throw new Error('no such type');
  return type.create(properties, resource);
}

const string = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' });
const key = (hash: string, range: string) => [
  { AttributeName: hash, KeyType: 'HASH' },
  { AttributeName: range, KeyType: 'RANGE' },
];
const index = (IndexName: string, hash: string, range: string) => ({
  IndexName,
  KeySchema: key(hash, range),
  Projection: { ProjectionType: 'ALL' },
});
const table = {
  KeySchema: key('pk', 'sk'),
  AttributeDefinitions: [string('pk'), string('sk'), string('a'), string('b')],
  GlobalSecondaryIndexes: [index('gsi1', 'a', 'b')],
  BillingMode: 'PAY_PER_REQUEST',
  StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
  TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
};

const call = (action: string, input: Record<string, unknown>) => dynamodb.call(action, input, deployer);

function indexNames(): string[] {
  const { Table } = call('DescribeTable', { TableName: 'data-Crm-1' }) as {
    Table: { GlobalSecondaryIndexes?: { IndexName: string }[] };
  };
  return (Table.GlobalSecondaryIndexes ?? []).map(({ IndexName }) => IndexName);
}

test('a table is made with its index, its stream and its time to live', () => {
  const { ref, attributes } = created(table);

  expect(ref).toBe('data-Crm-1');
  expect(attributes?.Arn).toBe('arn:aws:dynamodb:eu-central-1:111122223333:table/data-Crm-1');
  expect(attributes?.StreamArn).toContain('table/data-Crm-1/stream/');
  expect(indexNames()).toEqual(['gsi1']);
  expect(call('DescribeTimeToLive', { TableName: ref })).toMatchObject({
    TimeToLiveDescription: { AttributeName: 'expiresAt', TimeToLiveStatus: 'ENABLED' },
  });
});

describe('a table of the data folder', () => {
  beforeEach(() => {
    created(table);
    const item = { pk: { S: '1' }, sk: { S: '1' }, a: { S: 'x' }, b: { S: 'y' } };
    call('PutItem', { TableName: 'data-Crm-1', Item: item });
  });

  test('stays as it is when the template says the same', () => {
    const again = created(table);

    expect(again.attributes?.StreamArn).toBe(created(table).attributes?.StreamArn);
    expect(call('Scan', { TableName: 'data-Crm-1' })).toMatchObject({ Count: 1 });
  });

  test('gets an index that the template adds, filled with its items', () => {
    created({ ...table, GlobalSecondaryIndexes: [...table.GlobalSecondaryIndexes, index('gsi2', 'b', 'a')] });

    expect(indexNames()).toEqual(['gsi1', 'gsi2']);
    expect(call('Scan', { TableName: 'data-Crm-1', IndexName: 'gsi2' })).toMatchObject({ Count: 1 });
  });

  test('gets an index anew whose key changes, and loses one that the template leaves out', () => {
    created({ ...table, GlobalSecondaryIndexes: [index('gsi1', 'b', 'a')] });
    const query = { TableName: 'data-Crm-1', IndexName: 'gsi1', KeyConditionExpression: 'b = :b' };
    expect(call('Query', { ...query, ExpressionAttributeValues: { ':b': { S: 'y' } } })).toMatchObject({
      Count: 1,
    });

    created({ ...table, AttributeDefinitions: [string('pk'), string('sk')], GlobalSecondaryIndexes: [] });
    expect(indexNames()).toEqual([]);
  });

  test('changes its time to live', () => {
    created({ ...table, TimeToLiveSpecification: { AttributeName: 'endsAt', Enabled: true } });

    expect(call('DescribeTimeToLive', { TableName: 'data-Crm-1' })).toMatchObject({
      TimeToLiveDescription: { AttributeName: 'endsAt' },
    });
  });

  test('gets another stream when the view changes', () => {
    const before = created(table).attributes?.StreamArn;

    const { attributes } = created({ ...table, StreamSpecification: { StreamViewType: 'KEYS_ONLY' } });

    expect(attributes?.StreamArn).not.toBe(before);
  });

  test('is refused when its key changes, with what differs and the remedy', () => {
    const changed = {
      ...table,
      KeySchema: key('pk', 'a'),
      AttributeDefinitions: [string('pk'), string('a'), string('b')],
    };

    expect(() => created(changed)).toThrow(
      'the table data-Crm-1 of the data folder cannot change its key from',
    );
    expect(() => created(changed)).toThrow('--data DIR');
    expect(call('Scan', { TableName: 'data-Crm-1' })).toMatchObject({ Count: 1 });
  });
});

test('a table that is there is not read, however large it is', () => {
  created(table);
  const prepare = vi.spyOn(store.db, 'prepare');
  const counted = () => prepare.mock.calls.filter(([sql]) => sql.includes('count(*)')).length;

  created(table);
  expect(counted()).toBe(0);

  JSON.stringify(call('DescribeTable', { TableName: 'data-Crm-1' }));
  expect(counted()).toBe(2);
});
