import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Fixture, keySchema, MAIN_TABLE, openMain } from '../test-support.ts';

let t: Fixture;
beforeEach(() => {
  t = openMain();
});
afterEach(() => t.close());

const described = (TableName: string) => t.call<{ Table: object }>('DescribeTable', { TableName }).Table;
const ARN = 'arn:aws:dynamodb:eu-west-1:000000000000:table/main';

describe('settings of a table', () => {
  it('are described as they were made and changed', () => {
    t.call('CreateTable', {
      ...MAIN_TABLE,
      TableName: 'other',
      SSESpecification: { Enabled: true },
      TableClass: 'STANDARD_INFREQUENT_ACCESS',
      OnDemandThroughput: { MaxReadRequestUnits: 10, MaxWriteRequestUnits: 5 },
    });
    expect(described('other')).toMatchObject({
      SSEDescription: {
        Status: 'ENABLED',
        SSEType: 'KMS',
        KMSMasterKeyArn: expect.stringMatching(/^arn:aws:kms:eu-west-1:000000000000:key\//) as string,
      },
      TableClassSummary: { TableClass: 'STANDARD_INFREQUENT_ACCESS' },
      OnDemandThroughput: { MaxReadRequestUnits: 10, MaxWriteRequestUnits: 5 },
    });
    t.call('UpdateTable', { TableName: 'other', OnDemandThroughput: { MaxReadRequestUnits: 20 } });
    expect(described('other')).toMatchObject({ OnDemandThroughput: { MaxReadRequestUnits: 20 } });
  });

  it('change the way it is paid', () => {
    const throughput = (units: number) => ({ ReadCapacityUnits: units, WriteCapacityUnits: units });
    t.call('UpdateTable', {
      TableName: 'main',
      BillingMode: 'PROVISIONED',
      ProvisionedThroughput: throughput(5),
    });
    expect(described('main')).toMatchObject({ ProvisionedThroughput: throughput(5) });
    expect(
      t.refused('UpdateTable', { TableName: 'main', ProvisionedThroughput: throughput(5) }).message,
    ).toContain('The provisioned throughput for the table will not change');
    t.call('UpdateTable', { TableName: 'main', BillingMode: 'PAY_PER_REQUEST' });
    expect(described('main')).toMatchObject({
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      ProvisionedThroughput: throughput(0),
    });
    expect(
      t.refused('UpdateTable', { TableName: 'main', ProvisionedThroughput: throughput(5) }).message,
    ).toContain('when BillingMode is PAY_PER_REQUEST');
  });

  it('hold point-in-time recovery, which is off at first', () => {
    const recovery = (action: string, rest = {}) =>
      t.call<{ ContinuousBackupsDescription: object }>(action, { TableName: 'main', ...rest })
        .ContinuousBackupsDescription;
    expect(recovery('DescribeContinuousBackups')).toMatchObject({
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
    });
    recovery('UpdateContinuousBackups', {
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
    expect(recovery('DescribeContinuousBackups')).toMatchObject({
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'ENABLED', RecoveryPeriodInDays: 35 },
    });
    expect(t.refused('DescribeContinuousBackups', { TableName: 'none' }).code).toBe('TableNotFoundException');
  });
});

describe('tags', () => {
  it('are listed ten at a time', () => {
    const Tags = Array.from({ length: 12 }, (_, index) => ({ Key: `k${index}`, Value: 'v' }));
    t.call('TagResource', { ResourceArn: ARN, Tags });
    const first = t.call<{ Tags: object[]; NextToken: string }>('ListTagsOfResource', { ResourceArn: ARN });
    expect(first.Tags).toHaveLength(10);
    expect(t.call('ListTagsOfResource', { ResourceArn: ARN, NextToken: first.NextToken })).toEqual({
      Tags: Tags.slice(10),
    });
  });

  it.each([
    ['no ARN', 'main', 'ValidationException'],
    ['no table', ARN.replace('main', 'none'), 'ResourceNotFoundException'],
    ['the table of another account', ARN.replace('000000000000', '111111111111'), 'AccessDeniedException'],
    ['a table of another region', ARN.replace('eu-west-1', 'us-east-1'), 'AccessDeniedException'],
  ])('are refused for %s', (_what, ResourceArn, code) => {
    expect(t.refused('ListTagsOfResource', { ResourceArn }).code).toBe(code);
  });

  it('are at most 50, and at least one is given', () => {
    const Tags = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: 'v' }));
    expect(t.refused('TagResource', { ResourceArn: ARN, Tags }).message).toContain('at most 50');
    expect(t.refused('TagResource', { ResourceArn: ARN, Tags: [] }).message).toContain('Atleast one Tag');
    expect(t.refused('UntagResource', { ResourceArn: ARN, TagKeys: [] }).message).toContain('Tag Key');
  });
});

describe('the account', () => {
  it('has limits and an endpoint', () => {
    expect(t.call('DescribeLimits', {})).toMatchObject({ TableMaxReadCapacityUnits: 40_000 });
    expect(t.call('DescribeEndpoints', {})).toEqual({
      Endpoints: [{ Address: 'dynamodb.eu-west-1.amazonaws.com', CachePeriodInMinutes: 1440 }],
    });
  });

  it('is told what to use instead of an action that is not run', () => {
    expect(t.refused('ExecuteStatement', { Statement: 'SELECT * FROM main' })).toMatchObject({
      code: 'UnknownOperationException',
      message:
        'The action ExecuteStatement is not supported. PartiQL is not supported: use GetItem, Query, Scan, PutItem, UpdateItem or DeleteItem.',
    });
    expect(t.refused('Nothing', {}).message).toBe('The action Nothing is not supported');
  });
});

describe('definitions of attributes', () => {
  const string = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' });
  const update = (change: object, AttributeDefinitions?: object[]) =>
    t.call('UpdateTable', {
      TableName: 'main',
      GlobalSecondaryIndexUpdates: [change],
      ...(AttributeDefinitions && { AttributeDefinitions }),
    });
  const defined = () => (described('main') as { AttributeDefinitions: object[] }).AttributeDefinitions;

  it('grow by what a new index uses, keep their types, and go with the index that used them', () => {
    const before = defined();
    const Create = {
      IndexName: 'byKind',
      KeySchema: keySchema('kind', 'sk'),
      Projection: { ProjectionType: 'ALL' },
    };
    update({ Create }, [string('kind'), string('unused'), { AttributeName: 'sk', AttributeType: 'N' }]);
    expect(defined()).toEqual([...before, string('kind')]);
    update({ Delete: { IndexName: 'byKind' } });
    expect(defined()).toEqual(before);
  });
});

describe('what a page selects', () => {
  const query = (rest: object) =>
    t.refused('Query', {
      TableName: 'none',
      KeyConditionExpression: 'pk = :p',
      ExpressionAttributeValues: { ':p': { S: 'a' } },
      ...rest,
    }).message;
  const scan = (rest: object) => t.refused('Scan', { TableName: 'none', ...rest }).message;

  it('is refused before its table is looked for, by a query as a part of its input', () => {
    const specific = 'Must specify the AttributesToGet or ProjectionExpression when choosing to get';
    expect(query({ Select: 'SPECIFIC_ATTRIBUTES' })).toBe(
      `1 validation error detected: ${specific} SPECIFIC_ATTRIBUTES`,
    );
    expect(scan({ Select: 'SPECIFIC_ATTRIBUTES' })).toBe(`${specific} SPECIFIC_ATTRIBUTES`);
    expect(scan({ Select: 'ALL_PROJECTED_ATTRIBUTES', ProjectionExpression: 'a' })).toBe(
      'Cannot specify the ProjectionExpression when choosing to get ALL_PROJECTED_ATTRIBUTES',
    );
  });

  it('comes from at most a million segments', () => {
    expect(scan({ Segment: 0, TotalSegments: 1_000_001 })).toContain('less than or equal to 1000000');
  });
});
