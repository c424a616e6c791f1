import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Fixture, keySchema, MAIN_TABLE, openFixture, openMain } from '../test-support.ts';

let t: Fixture;
beforeEach(() => {
  t = openMain();
});
afterEach(() => t.close());

interface Description {
  Table: {
    ItemCount: number;
    TableSizeBytes: number;
    LatestStreamArn: string;
    GlobalSecondaryIndexes?: { IndexName: string; ItemCount: number }[];
    [member: string]: unknown;
  };
}
const describeMain = () => t.call<Description>('DescribeTable', { TableName: 'main' }).Table;
const put = (sk: string, more: object = {}) =>
  t.call('PutItem', { TableName: 'main', Item: { pk: { S: 'p' }, sk: { S: sk }, ...more } });
const ARN = 'arn:aws:dynamodb:eu-west-1:000000000000:table/main';

describe('CreateTable', () => {
  it('makes a table that is active at once', () => {
    expect(describeMain()).toMatchObject({
      TableName: 'main',
      TableArn: ARN,
      TableStatus: 'ACTIVE',
      KeySchema: keySchema('pk', 'sk'),
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      CreationDateTime: 1767614400,
      ItemCount: 0,
      GlobalSecondaryIndexes: [
        {
          IndexName: 'gsi1',
          IndexStatus: 'ACTIVE',
          Projection: { ProjectionType: 'ALL' },
          IndexArn: `${ARN}/index/gsi1`,
        },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      LatestStreamArn: `${ARN}/stream/2026-01-05T12:00:00.000`,
      DeletionProtectionEnabled: false,
    });
  });

  it('refuses a name that is taken', () => {
    expect(t.refused('CreateTable', MAIN_TABLE)).toMatchObject({
      code: 'ResourceInUseException',
      message: 'Table already exists: main',
    });
  });

  it.each<[string, object, string]>([
    [
      'a name that is too short',
      { TableName: 'ab' },
      "at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 3",
    ],
    ['a key without definition', { KeySchema: keySchema('id') }, 'Some index key attributes are not defined'],
    [
      'a definition without use',
      { GlobalSecondaryIndexes: undefined },
      'Number of attributes in KeySchema does not',
    ],
    [
      'an unused definition beside indexes',
      {
        AttributeDefinitions: [
          ...MAIN_TABLE.AttributeDefinitions,
          { AttributeName: 'x', AttributeType: 'S' },
        ],
      },
      'Some AttributeDefinitions are not used',
    ],
    [
      'throughput for an on-demand table',
      { ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } },
      'when BillingMode is PAY_PER_REQUEST',
    ],
    [
      'the view of a stream that is off',
      { StreamSpecification: { StreamEnabled: false, StreamViewType: 'NEW_IMAGE' } },
      'Table is being created with a stream disabled, UpdateViewType should not be specified',
    ],
    ['a stream without view', { StreamSpecification: { StreamEnabled: true } }, 'StreamViewType is required'],
    [
      'an attribute of an unknown type',
      { AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'X' }] },
      'enum value set: [B, N, S]',
    ],
  ])('refuses %s', (_what, change, message) => {
    const refused = t.refused('CreateTable', { ...MAIN_TABLE, TableName: 'other', ...change });
    expect(refused.code).toBe('ValidationException');
    expect(refused.message).toContain(message);
  });
});

describe('DescribeTable', () => {
  it('counts items and bytes, also of indexes', () => {
    put('a');
    put('b', { gsi1pk: { S: 'g' }, gsi1sk: { S: 's' } });
    expect(describeMain()).toMatchObject({ ItemCount: 2, TableSizeBytes: 26 });
    expect(describeMain().GlobalSecondaryIndexes).toMatchObject([{ ItemCount: 1 }]);
  });

  it('refuses an unknown table by name', () => {
    expect(t.refused('DescribeTable', { TableName: 'other' })).toMatchObject({
      code: 'ResourceNotFoundException',
      message: 'Requested resource not found: Table: other not found',
    });
  });
});

describe('ListTables', () => {
  it('pages through names in order', () => {
    for (const name of ['beta', 'alpha']) t.call('CreateTable', { ...MAIN_TABLE, TableName: name });
    expect(t.call('ListTables', {})).toEqual({ TableNames: ['alpha', 'beta', 'main'] });
    expect(t.call('ListTables', { Limit: 2 })).toEqual({
      TableNames: ['alpha', 'beta'],
      LastEvaluatedTableName: 'beta',
    });
    expect(t.call('ListTables', { ExclusiveStartTableName: 'beta' })).toEqual({ TableNames: ['main'] });
  });
});

describe('DeleteTable', () => {
  it('removes the table with its items', () => {
    put('a');
    expect(t.call('DeleteTable', { TableName: 'main' })).toMatchObject({
      TableDescription: { TableStatus: 'DELETING' },
    });
    expect(t.refused('DescribeTable', { TableName: 'main' }).code).toBe('ResourceNotFoundException');
    t.call('CreateTable', MAIN_TABLE);
    expect(t.call('Scan', { TableName: 'main' }).Count).toBe(0);
  });

  it('refuses a table that is protected', () => {
    t.call('UpdateTable', { TableName: 'main', DeletionProtectionEnabled: true });
    expect(t.refused('DeleteTable', { TableName: 'main' }).message).toContain('protected against deletion');
    t.call('UpdateTable', { TableName: 'main', DeletionProtectionEnabled: false });
    t.call('DeleteTable', { TableName: 'main' });
  });
});

describe('UpdateTable', () => {
  const addIndex = () =>
    t.call('UpdateTable', {
      TableName: 'main',
      AttributeDefinitions: [{ AttributeName: 'kind', AttributeType: 'S' }],
      GlobalSecondaryIndexUpdates: [
        {
          Create: {
            IndexName: 'byKind',
            KeySchema: keySchema('kind', 'sk'),
            Projection: { ProjectionType: 'ALL' },
          },
        },
      ],
    });
  const query = () =>
    t.call('Query', {
      TableName: 'main',
      IndexName: 'byKind',
      KeyConditionExpression: 'kind = :k',
      ExpressionAttributeValues: { ':k': { S: 'note' } },
    });

  it('adds an index, filled with the items there are, and keeps it up', () => {
    put('a', { kind: { S: 'note' } });
    put('b', { kind: { N: '1' } });
    addIndex();
    expect(query().Count).toBe(1);
    put('c', { kind: { S: 'note' } });
    expect(query().Count).toBe(2);
    expect(describeMain().GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName)).toEqual([
      'gsi1',
      'byKind',
    ]);
  });

  it('removes an index', () => {
    addIndex();
    t.call('UpdateTable', {
      TableName: 'main',
      GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'byKind' } }],
    });
    expect(() => query()).toThrow('The table does not have the specified index: byKind');
    put('d', { kind: { S: 'note' } });
  });

  it('switches a stream off and a new one on', () => {
    const old = describeMain().LatestStreamArn;
    t.call('UpdateTable', { TableName: 'main', StreamSpecification: { StreamEnabled: false } });
    put('a');
    expect(t.db.readStream(old, 'TRIM_HORIZON', 10).records).toEqual([]);
    t.call('UpdateTable', {
      TableName: 'main',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
    });
    put('b');
    const arn = describeMain().LatestStreamArn;
    expect(arn).not.toBe(old);
    expect(t.db.readStream(arn, 'TRIM_HORIZON', 10).records).toHaveLength(1);
  });

  it.each<[string, object, string]>([
    ['no change', {}, 'At least one of'],
    [
      'an index whose key is not defined',
      {
        GlobalSecondaryIndexUpdates: [
          {
            Create: {
              IndexName: 'byKind',
              KeySchema: keySchema('kind'),
              Projection: { ProjectionType: 'ALL' },
            },
          },
        ],
      },
      'Some index key attributes are not defined',
    ],
    [
      'an index that is there',
      {
        GlobalSecondaryIndexUpdates: [
          {
            Create: { IndexName: 'gsi1', KeySchema: keySchema('pk'), Projection: { ProjectionType: 'ALL' } },
          },
        ],
      },
      'already exists',
    ],
    [
      'the removal of an index that is not',
      { GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'none' } }] },
      'Index: none not found',
    ],
    [
      'a stream that is on',
      { StreamSpecification: MAIN_TABLE.StreamSpecification },
      'already has an enabled stream',
    ],
  ])('refuses %s', (_what, change, message) => {
    expect(t.refused('UpdateTable', { TableName: 'main', ...change }).message).toContain(message);
  });
});

describe('tags', () => {
  it('are added, listed and removed', () => {
    t.call('TagResource', {
      ResourceArn: ARN,
      Tags: [
        { Key: 'tenant', Value: 'demo' },
        { Key: 'a', Value: 'b' },
      ],
    });
    t.call('UntagResource', { ResourceArn: ARN, TagKeys: ['a'] });
    expect(t.call('ListTagsOfResource', { ResourceArn: ARN })).toEqual({
      Tags: [{ Key: 'tenant', Value: 'demo' }],
    });
    put('a');
    expect(t.call('Scan', { TableName: 'main' }).Count).toBe(1);
  });

  it('are refused for a table that is not there', () => {
    const other = ARN.replace('main', 'other');
    expect(t.refused('TagResource', { ResourceArn: other, Tags: [{ Key: 'a', Value: 'b' }] }).code).toBe(
      'ResourceNotFoundException',
    );
  });
});

describe('a store in a file', () => {
  it('has its tables, items and streams again when it is opened again', () => {
    const folder = mkdtempSync(join(tmpdir(), 'dynamodb-'));
    try {
      const file = join(folder, 'store.sqlite');
      const first = openMain(file);
      first.call('PutItem', {
        TableName: 'main',
        Item: { pk: { S: 'p' }, sk: { S: 's' }, gsi1pk: { S: 'g' }, gsi1sk: { S: 'x' } },
      });
      first.call('UpdateTimeToLive', {
        TableName: 'main',
        TimeToLiveSpecification: { Enabled: true, AttributeName: 'expiresAt' },
      });
      const { Table } = structuredClone(first.call<Description>('DescribeTable', { TableName: 'main' }));
      first.close();
      const again = openFixture(file);
      expect(again.call('DescribeTable', { TableName: 'main' })).toEqual({ Table });
      expect(again.call('Scan', { TableName: 'main', IndexName: 'gsi1' }).Count).toBe(1);
      expect(again.db.readStream(Table.LatestStreamArn, 'TRIM_HORIZON', 10).records).toHaveLength(1);
      again.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
