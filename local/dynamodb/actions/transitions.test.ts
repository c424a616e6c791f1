import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CALLER, type Fixture, keySchema, MAIN_TABLE, openFixture, openMain } from '../test-support.ts';

type Described = {
  TableStatus: string;
  GlobalSecondaryIndexes?: { IndexName: string; IndexStatus: string }[];
};

const NEW_INDEX = {
  TableName: 'main',
  AttributeDefinitions: [{ AttributeName: 'kind', AttributeType: 'S' }],
  GlobalSecondaryIndexUpdates: [
    {
      Create: {
        IndexName: 'byKind',
        KeySchema: keySchema('kind'),
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    },
  ],
};

describe('a table whose changes take time', () => {
  let t: Fixture;
  beforeEach(() => {
    t = openFixture(undefined, { transitionTime: 100 });
    t.call('CreateTable', MAIN_TABLE);
  });
  afterEach(() => t.close());

  const status = () => t.call<{ Table: Described }>('DescribeTable', { TableName: 'main' }).Table.TableStatus;
  const later = () => {
    t.clock.now += 100;
  };
  const inUse = (doing: string) => ({
    code: 'ResourceInUseException',
    message: `Attempt to change a resource which is still in use: Table is being ${doing}: main`,
  });

  it('is created before it takes items or changes', () => {
    expect(status()).toBe('CREATING');
    expect(t.refused('Scan', { TableName: 'main' }).code).toBe('ResourceNotFoundException');
    expect(t.refused('DeleteTable', { TableName: 'main' })).toMatchObject(inUse('created'));
    later();
    expect(status()).toBe('ACTIVE');
    expect(t.call('Scan', { TableName: 'main' }).Count).toBe(0);
  });

  it('takes items, but no other change, while it is updated', () => {
    later();
    t.call('UpdateTable', NEW_INDEX);
    expect(status()).toBe('UPDATING');
    expect(t.refused('UpdateTable', NEW_INDEX)).toMatchObject(inUse('updated'));
    expect(t.call('Scan', { TableName: 'main' }).Count).toBe(0);
    later();
    expect(status()).toBe('ACTIVE');
  });

  it('is listed and described until it is deleted, and cannot be made anew before', () => {
    later();
    t.call('DeleteTable', { TableName: 'main' });
    expect(status()).toBe('DELETING');
    expect(t.call('ListTables', {}).TableNames).toEqual(['main']);
    expect(t.refused('CreateTable', MAIN_TABLE)).toMatchObject(inUse('deleted'));
    expect(t.refused('DeleteTable', { TableName: 'main' })).toMatchObject(inUse('deleted'));
    later();
    expect(t.refused('DescribeTable', { TableName: 'main' }).code).toBe('ResourceNotFoundException');
    t.call('CreateTable', MAIN_TABLE);
  });
});

describe('a table whose changes take no time', () => {
  it('shows them in the answers alone', () => {
    const t = openMain();
    const answered = (action: string, input: Record<string, unknown>) =>
      (t.db.call(action, input, CALLER) as { TableDescription: Described }).TableDescription;
    expect(answered('CreateTable', { ...MAIN_TABLE, TableName: 'other' })).toMatchObject({
      TableStatus: 'CREATING',
      GlobalSecondaryIndexes: [{ IndexStatus: 'CREATING' }],
    });
    expect(answered('UpdateTable', NEW_INDEX)).toMatchObject({
      TableStatus: 'UPDATING',
      GlobalSecondaryIndexes: [
        { IndexName: 'gsi1', IndexStatus: 'ACTIVE' },
        { IndexName: 'byKind', IndexStatus: 'CREATING', Backfilling: false },
      ],
    });
    expect(t.call('DescribeTable', { TableName: 'main' })).toMatchObject({
      Table: { TableStatus: 'ACTIVE' },
    });
    expect(answered('DeleteTable', { TableName: 'other' }).TableStatus).toBe('DELETING');
    t.close();
  });
});
