import { type MemberTypes, typesOf } from '../expressions/dynalite.ts';
import { STREAM_REQUEST_TYPES } from './stream-request-types.ts';

// Members that DynamoDB has today beyond what dynalite knows, and the requests that dynalite does not know.

const ON_FAILURE = { type: 'String', enum: ['ALL_OLD', 'NONE'] };
/** A table that is read or written: names shorter than 3 are of no table, and only not found. */
const TABLE_NAME = {
  type: 'String',
  notNull: true,
  regex: '[a-zA-Z0-9_.-]+',
  lengthGreaterThanOrEqual: 1,
  lengthLessThanOrEqual: 255,
};
/** A table that is made, described or changed. */
const NAMED_TABLE = {
  type: 'String',
  required: true,
  regex: '[a-zA-Z0-9_.-]+',
  lengthGreaterThanOrEqual: 3,
  lengthLessThanOrEqual: 255,
};
const ATTRIBUTES = { type: 'Map<AttributeValue>', notNull: true, children: 'AttrStruct<ValueStruct>' };
const NAMES = { type: 'Map<java.lang.String>', children: 'String' };
const VALUES = { type: 'Map<AttributeValue>', children: 'AttrStruct<ValueStruct>' };
const RETURN_CAPACITY = { type: 'String', enum: ['INDEXES', 'TOTAL', 'NONE'] };
const STREAM = {
  type: 'FieldStruct<StreamSpecification>',
  children: {
    StreamEnabled: { type: 'Boolean', notNull: true },
    StreamViewType: { type: 'String', enum: ['NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES', 'KEYS_ONLY'] },
  },
};
const ENCRYPTION = {
  type: 'FieldStruct<SSESpecification>',
  children: { Enabled: 'Boolean', SSEType: 'String', KMSMasterKeyId: 'String' },
};
const TAGS = {
  type: 'List',
  children: { type: 'ValueStruct<Tag>', children: { Key: 'String', Value: 'String' } },
};
const ON_DEMAND_THROUGHPUT = {
  type: 'FieldStruct<OnDemandThroughput>',
  children: { MaxReadRequestUnits: 'Long', MaxWriteRequestUnits: 'Long' },
};
const TABLE_CLASS = { type: 'String', enum: ['STANDARD', 'STANDARD_INFREQUENT_ACCESS'] };

const CONDITIONAL = {
  TableName: TABLE_NAME,
  ConditionExpression: 'String',
  ExpressionAttributeNames: NAMES,
  ExpressionAttributeValues: VALUES,
  ReturnValuesOnConditionCheckFailure: ON_FAILURE,
};

const write = (kind: string, members: MemberTypes) => ({
  type: `FieldStruct<${kind}>`,
  children: { ...members, ...CONDITIONAL },
});

const TRANSACT_WRITE: MemberTypes = {
  ClientRequestToken: { type: 'String', lengthGreaterThanOrEqual: 1, lengthLessThanOrEqual: 36 },
  ReturnConsumedCapacity: RETURN_CAPACITY,
  ReturnItemCollectionMetrics: { type: 'String', enum: ['SIZE', 'NONE'] },
  TransactItems: {
    type: 'List',
    notNull: true,
    lengthGreaterThanOrEqual: 1,
    lengthLessThanOrEqual: 100,
    children: {
      type: 'ValueStruct<TransactWriteItem>',
      children: {
        ConditionCheck: write('ConditionCheck', { Key: ATTRIBUTES }),
        Put: write('Put', { Item: ATTRIBUTES }),
        Delete: write('Delete', { Key: ATTRIBUTES }),
        Update: write('Update', { Key: ATTRIBUTES, UpdateExpression: { type: 'String', notNull: true } }),
      },
    },
  },
};

const TRANSACT_GET: MemberTypes = {
  ReturnConsumedCapacity: RETURN_CAPACITY,
  TransactItems: {
    type: 'List',
    notNull: true,
    lengthGreaterThanOrEqual: 1,
    lengthLessThanOrEqual: 100,
    children: {
      type: 'ValueStruct<TransactGetItem>',
      children: {
        Get: {
          type: 'FieldStruct<Get>',
          notNull: true,
          children: {
            TableName: TABLE_NAME,
            Key: ATTRIBUTES,
            ProjectionExpression: 'String',
            ExpressionAttributeNames: NAMES,
          },
        },
      },
    },
  },
};

const TIME_TO_LIVE: MemberTypes = {
  TableName: NAMED_TABLE,
  TimeToLiveSpecification: {
    type: 'FieldStruct<TimeToLiveSpecification>',
    notNull: true,
    children: {
      Enabled: { type: 'Boolean', notNull: true },
      AttributeName: {
        type: 'String',
        notNull: true,
        lengthGreaterThanOrEqual: 1,
        lengthLessThanOrEqual: 255,
      },
    },
  },
};

/** Attributes in the key of a global index. */
const MAX_INDEX_KEY = 8;

interface NewIndexTypes {
  readonly ProvisionedThroughput: { notNull?: boolean };
  readonly KeySchema: { lengthLessThanOrEqual: number };
}

function createTableTypes(): MemberTypes {
  const types = structuredClone(typesOf('createTable'));
  const indexes = types.GlobalSecondaryIndexes as unknown as { children: { children: NewIndexTypes } };
  indexes.children.children.KeySchema.lengthLessThanOrEqual = MAX_INDEX_KEY;
  return { ...types, TableName: NAMED_TABLE };
}

/** dynalite's members, but the throughput of a new index is optional: on-demand tables have none. */
function updateTableTypes(): MemberTypes {
  const types = structuredClone(typesOf('updateTable'));
  const { notNull: _required, ...definitions } = typesOf('createTable').AttributeDefinitions as {
    readonly type: string;
    readonly notNull: boolean;
  };
  const updates = types.GlobalSecondaryIndexUpdates as unknown as {
    children: { children: { Create: { children: NewIndexTypes } } };
  };
  const created = updates.children.children.Create.children;
  delete created.ProvisionedThroughput.notNull;
  created.KeySchema.lengthLessThanOrEqual = MAX_INDEX_KEY;
  return {
    ...types,
    TableName: NAMED_TABLE,
    AttributeDefinitions: definitions,
    StreamSpecification: STREAM,
    SSESpecification: ENCRYPTION,
    DeletionProtectionEnabled: 'Boolean',
    TableClass: TABLE_CLASS,
    OnDemandThroughput: ON_DEMAND_THROUGHPUT,
  };
}

/** The values of `ReturnValues`, and what the service says of any other. */
export const RETURN_VALUES: readonly string[] = ['ALL_NEW', 'UPDATED_OLD', 'ALL_OLD', 'NONE', 'UPDATED_NEW'];
export const RETURN_VALUES_PROBLEM =
  'Failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]';

function writeTypes(file: string): MemberTypes {
  return {
    ReturnConsumedCapacity: RETURN_CAPACITY,
    ReturnValues: { type: 'String', enum: RETURN_VALUES, problem: RETURN_VALUES_PROBLEM },
    ...without(typesOf(file), 'ReturnConsumedCapacity', 'ReturnValues'),
    TableName: TABLE_NAME,
    ReturnValuesOnConditionCheckFailure: ON_FAILURE,
  };
}

const without = (types: MemberTypes, ...names: string[]): MemberTypes =>
  Object.fromEntries(Object.entries(types).filter(([name]) => !names.includes(name)));

const onTable = (file: string): MemberTypes => ({ ...typesOf(file), TableName: TABLE_NAME });
const onNamedTable = (file: string): MemberTypes => ({ ...typesOf(file), TableName: NAMED_TABLE });

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html */
const MAX_SEGMENTS = 1_000_000;

/** The members of every action's request. */
export const REQUEST_TYPES: Readonly<Record<string, MemberTypes>> = {
  CreateTable: {
    ...createTableTypes(),
    StreamSpecification: STREAM,
    SSESpecification: ENCRYPTION,
    Tags: TAGS,
    DeletionProtectionEnabled: 'Boolean',
    TableClass: TABLE_CLASS,
    OnDemandThroughput: ON_DEMAND_THROUGHPUT,
  },
  UpdateTable: updateTableTypes(),
  DeleteTable: onNamedTable('deleteTable'),
  DescribeTable: onNamedTable('describeTable'),
  ListTables: typesOf('listTables'),
  DescribeTimeToLive: onNamedTable('describeTimeToLive'),
  UpdateTimeToLive: TIME_TO_LIVE,
  DescribeContinuousBackups: { TableName: NAMED_TABLE },
  DescribeEndpoints: {},
  DescribeLimits: {},
  UpdateContinuousBackups: {
    TableName: NAMED_TABLE,
    PointInTimeRecoverySpecification: {
      type: 'FieldStruct<PointInTimeRecoverySpecification>',
      notNull: true,
      children: {
        PointInTimeRecoveryEnabled: { type: 'Boolean', notNull: true },
        RecoveryPeriodInDays: { type: 'Integer', greaterThanOrEqual: 1, lessThanOrEqual: 35 },
      },
    },
  },
  TagResource: typesOf('tagResource'),
  UntagResource: typesOf('untagResource'),
  ListTagsOfResource: { ...typesOf('listTagsOfResource'), NextToken: 'String' },
  PutItem: writeTypes('putItem'),
  UpdateItem: writeTypes('updateItem'),
  DeleteItem: writeTypes('deleteItem'),
  GetItem: onTable('getItem'),
  Query: onTable('query'),
  Scan: {
    ...onTable('scan'),
    ConsistentRead: 'Boolean',
    Segment: { type: 'Integer', greaterThanOrEqual: 0, lessThanOrEqual: MAX_SEGMENTS - 1 },
    TotalSegments: { type: 'Integer', greaterThanOrEqual: 1, lessThanOrEqual: MAX_SEGMENTS },
  },
  BatchGetItem: typesOf('batchGetItem'),
  BatchWriteItem: typesOf('batchWriteItem'),
  TransactWriteItems: TRANSACT_WRITE,
  TransactGetItems: TRANSACT_GET,
  ...STREAM_REQUEST_TYPES,
};
