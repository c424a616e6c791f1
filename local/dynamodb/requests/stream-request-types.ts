import type { MemberTypes } from '../expressions/dynalite.ts';

const STREAM_ARN = {
  type: 'String',
  notNull: true,
  lengthGreaterThanOrEqual: 37,
  lengthLessThanOrEqual: 1024,
};
const SHARD_ID = { type: 'String', lengthGreaterThanOrEqual: 28, lengthLessThanOrEqual: 65 };
const PAGE_OF_STREAMS = { type: 'Integer', greaterThanOrEqual: 1, lessThanOrEqual: 100 };

/** The members of the requests of DynamoDB Streams. */
export const STREAM_REQUEST_TYPES: Readonly<Record<string, MemberTypes>> = {
  ListStreams: {
    TableName: {
      type: 'String',
      regex: '[a-zA-Z0-9_.-]+',
      lengthGreaterThanOrEqual: 3,
      lengthLessThanOrEqual: 255,
    },
    Limit: PAGE_OF_STREAMS,
    ExclusiveStartStreamArn: { type: 'String', lengthGreaterThanOrEqual: 37, lengthLessThanOrEqual: 1024 },
  },
  DescribeStream: { StreamArn: STREAM_ARN, Limit: PAGE_OF_STREAMS, ExclusiveStartShardId: SHARD_ID },
  GetShardIterator: {
    StreamArn: STREAM_ARN,
    ShardId: { ...SHARD_ID, notNull: true },
    ShardIteratorType: {
      type: 'String',
      notNull: true,
      enum: ['TRIM_HORIZON', 'LATEST', 'AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER'],
    },
    SequenceNumber: { type: 'String', lengthGreaterThanOrEqual: 21, lengthLessThanOrEqual: 40 },
  },
  GetRecords: {
    ShardIterator: {
      type: 'String',
      notNull: true,
      lengthGreaterThanOrEqual: 1,
      lengthLessThanOrEqual: 2048,
    },
    Limit: { type: 'Integer', greaterThanOrEqual: 1, lessThanOrEqual: 1000 },
  },
};
