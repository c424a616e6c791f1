import { isDeepStrictEqual } from 'node:util';
import { AwsError, type Caller } from '../../aws.ts';
import type { DynamoDb } from '../../dynamodb/dynamodb.ts';
import type { Properties, Resource, ResourceTypes } from '../deploy.ts';

interface KeyElement {
  readonly AttributeName: string;
  readonly KeyType: string;
}

interface Index {
  readonly IndexName: string;
  readonly KeySchema: readonly KeyElement[];
  readonly Projection: { readonly ProjectionType: string; readonly NonKeyAttributes?: readonly string[] };
}

interface Stream {
  readonly StreamEnabled?: boolean;
  readonly StreamViewType: string;
}

/** A table as `DescribeTable` gives it, as far as a template can differ from it. */
interface Described {
  readonly TableArn: string;
  readonly KeySchema: readonly KeyElement[];
  readonly AttributeDefinitions: readonly {
    readonly AttributeName: string;
    readonly AttributeType: string;
  }[];
  readonly GlobalSecondaryIndexes?: readonly Index[];
  readonly LocalSecondaryIndexes?: readonly Index[];
  readonly StreamSpecification?: Stream;
  readonly LatestStreamArn?: string;
}

interface TableProperties
  extends Partial<Pick<Described, 'GlobalSecondaryIndexes' | 'LocalSecondaryIndexes'>> {
  readonly KeySchema: readonly KeyElement[];
  readonly AttributeDefinitions: Described['AttributeDefinitions'];
  readonly StreamSpecification?: Stream;
  readonly TimeToLiveSpecification?: { readonly AttributeName: string; readonly Enabled: boolean };
}

type Call = (action: string, input: Record<string, unknown>) => unknown;

/** Members of `CreateTable` under CloudFormation's names. */
const CREATED_WITH = [
  'KeySchema',
  'AttributeDefinitions',
  'BillingMode',
  'ProvisionedThroughput',
  'GlobalSecondaryIndexes',
  'LocalSecondaryIndexes',
  'DeletionProtectionEnabled',
  'Tags',
] as const;

const inOrder = (indexes: readonly Index[] = []) =>
  indexes
    .map(({ IndexName, KeySchema, Projection }) => ({
      IndexName,
      KeySchema,
      type: Projection.ProjectionType,
      with: Projection.NonKeyAttributes?.toSorted(),
    }))
    .toSorted((a, b) => a.IndexName.localeCompare(b.IndexName));

function typesOfKeys(keys: readonly KeyElement[], table: Pick<Described, 'AttributeDefinitions'>): object[] {
  return keys.map(({ AttributeName, KeyType }) => {
    const definition = table.AttributeDefinitions.find((one) => one.AttributeName === AttributeName);
    return { AttributeName, KeyType, AttributeType: definition?.AttributeType };
  });
}

/** What a template changes that would make CloudFormation replace the table, and so lose its data. */
function refuseReplacement(name: string, existing: Described, wanted: TableProperties): void {
  const kept = [
    ['its key', typesOfKeys(existing.KeySchema, existing), typesOfKeys(wanted.KeySchema, wanted)],
    ['its local indexes', inOrder(existing.LocalSecondaryIndexes), inOrder(wanted.LocalSecondaryIndexes)],
  ] as const;
  for (const [what, before, after] of kept) {
    if (isDeepStrictEqual(before, after)) continue;
    throw new Error(
      `the table ${name} of the data folder cannot change ${what} from ${JSON.stringify(before)} to ${JSON.stringify(after)}: start with another folder (--data DIR) or give the table another logical id`,
    );
  }
}

/** Creates, rebuilds and deletes indexes so that the table has those of the template. */
function updateIndexes(call: Call, name: string, existing: Described, wanted: TableProperties): void {
  const before = new Map(inOrder(existing.GlobalSecondaryIndexes).map((index) => [index.IndexName, index]));
  const after = new Map(inOrder(wanted.GlobalSecondaryIndexes).map((index) => [index.IndexName, index]));
  const gone = [...before.keys()].filter((index) => !isDeepStrictEqual(before.get(index), after.get(index)));
  const added = (wanted.GlobalSecondaryIndexes ?? []).filter(
    ({ IndexName }) => !isDeepStrictEqual(before.get(IndexName), after.get(IndexName)),
  );
  for (const IndexName of gone) {
    call('UpdateTable', { TableName: name, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName } }] });
  }
  for (const Create of added) {
    call('UpdateTable', {
      TableName: name,
      AttributeDefinitions: wanted.AttributeDefinitions,
      GlobalSecondaryIndexUpdates: [{ Create }],
    });
  }
}

/** A stream has one view for its whole life: another view is another stream. */
function updateStream(
  call: Call,
  name: string,
  { StreamSpecification: before }: Described,
  wanted: TableProperties,
): void {
  const view = wanted.StreamSpecification?.StreamViewType;
  const enabled = before?.StreamEnabled ? before.StreamViewType : undefined;
  if (view === enabled) return;
  if (enabled !== undefined) {
    call('UpdateTable', { TableName: name, StreamSpecification: { StreamEnabled: false } });
  }
  if (view !== undefined) {
    call('UpdateTable', { TableName: name, StreamSpecification: streamOf(wanted) });
  }
}

function updateTimeToLive(
  call: Call,
  name: string,
  { TimeToLiveSpecification: wanted }: TableProperties,
): void {
  const { TimeToLiveDescription: before } = call('DescribeTimeToLive', { TableName: name }) as {
    TimeToLiveDescription: { TimeToLiveStatus: string; AttributeName?: string };
  };
  const enabled = before.TimeToLiveStatus.startsWith('ENABL') ? before.AttributeName : undefined;
  const attribute = wanted?.Enabled ? wanted.AttributeName : undefined;
  if (attribute === enabled) return;
  const set = (AttributeName: string, Enabled: boolean) =>
    call('UpdateTimeToLive', { TableName: name, TimeToLiveSpecification: { AttributeName, Enabled } });
  if (enabled !== undefined) set(enabled, false);
  if (attribute !== undefined) set(attribute, true);
}

function streamOf({ StreamSpecification }: TableProperties): Required<Stream> | undefined {
  return StreamSpecification && { ...StreamSpecification, StreamEnabled: true };
}

function createTable(call: Call, name: string, properties: Properties & TableProperties): void {
  const members = CREATED_WITH.filter((member) => properties[member] !== undefined);
  const stream = streamOf(properties);
  call('CreateTable', {
    TableName: name,
    ...Object.fromEntries(members.map((member) => [member, properties[member]])),
    ...(stream && { StreamSpecification: stream }),
  });
}

function describe(call: Call, name: string): Described | undefined {
  try {
    return (call('DescribeTable', { TableName: name }) as { Table: Described }).Table;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

/** Tables are made, or brought from what the data folder holds to what the template says. */
export function dynamoDbTypes({
  dynamodb,
  deployer,
}: {
  dynamodb: Pick<DynamoDb, 'call'>;
  deployer: Caller;
}): ResourceTypes {
  const call: Call = (action, input) => dynamodb.call(action, input, deployer);

  function create(properties: Properties, resource: Resource) {
    const wanted = properties as Properties & TableProperties;
    const name = String(properties.TableName ?? resource.name(255));
    const existing = describe(call, name);
    if (existing) {
      refuseReplacement(name, existing, wanted);
      updateIndexes(call, name, existing, wanted);
      updateStream(call, name, existing, wanted);
    } else createTable(call, name, wanted);
    updateTimeToLive(call, name, wanted);
    const table = describe(call, name);
    return {
      ref: name,
      attributes: {
        Arn: table?.TableArn,
        ...(wanted.StreamSpecification && { StreamArn: table?.LatestStreamArn }),
      },
    };
  }

  return {
    'AWS::DynamoDB::Table': {
      treatment: 'run',
      properties: {
        TableName: 'applied',
        ...Object.fromEntries(CREATED_WITH.map((member) => [member, 'applied'] as const)),
        StreamSpecification: 'applied',
        TimeToLiveSpecification: 'applied',
        ContributorInsightsSpecification: 'without effect',
        PointInTimeRecoverySpecification: 'without effect',
        SSESpecification: 'without effect',
        TableClass: 'without effect',
      },
      create,
    },
  };
}
