import { createHash } from 'node:crypto';
import { AwsError } from '../../aws.ts';
import type { Engine } from '../engine.ts';
import { validationError } from '../errors.ts';
import type { Request } from '../requests/requests.ts';
import { arnOf, type Table } from '../storage/catalog.ts';
import type { StreamRow } from '../storage/stream-log.ts';
import { keySchema } from './descriptions.ts';

/** Records may be read for a day, shard iterators for a quarter of an hour, in milliseconds. */
export const RETENTION = 24 * 60 * 60 * 1000;
const ITERATOR_LIFETIME = 15 * 60 * 1000;
const MAX_RECORDS = 1000;
const MAX_BYTES = 1024 * 1024;

/** A sequence number as text: 21 digits, the least DynamoDB's have. */
export function sequenceNumber(sequence: number): string {
  return `1${String(sequence).padStart(20, '0')}`;
}

export function sequenceOf(number: string): number {
  const sequence = Number(number.slice(1));
  if (!/^1\d{20}$/.test(number) || !Number.isSafeInteger(sequence)) {
    throw validationError(`Invalid SequenceNumber: ${number}`);
  }
  return sequence;
}

/** The table that a stream belongs to. */
export function streamTable(engine: Engine, streamArn: string): Table {
  const table = engine.catalog.all().find((one) => streamArnOf(engine, one) === streamArn);
  if (!table) {
    throw new AwsError(
      'ResourceNotFoundException',
      `Requested resource not found: Stream: ${streamArn} not found`,
    );
  }
  return table;
}

export function streamArnOf(engine: Engine, table: Table): string | undefined {
  return table.stream && `${arnOf(engine.place, table.name)}/stream/${table.stream.label}`;
}

/** One shard holds a table's whole stream. */
function shardIdOf(table: Table): string {
  const created = String(Date.parse(`${table.stream?.label}Z`)).padStart(20, '0');
  return `shardId-${created}-${table.id.slice(0, 8)}`;
}

export function listStreams(engine: Engine, request: Request): object {
  const { TableName, Limit = 100, ExclusiveStartStreamArn: start } = request;
  const streams = engine.catalog
    .all()
    .filter((table) => table.stream && (TableName === undefined || table.name === TableName))
    .map((table) => ({
      StreamArn: streamArnOf(engine, table) as string,
      TableName: table.name,
      StreamLabel: table.stream?.label,
    }))
    .sort((a, b) => (a.StreamArn < b.StreamArn ? -1 : 1))
    .filter(({ StreamArn }) => start === undefined || StreamArn > (start as string));
  const page = streams.slice(0, Limit as number);
  return {
    Streams: page,
    ...(page.length < streams.length && { LastEvaluatedStreamArn: page.at(-1)?.StreamArn }),
  };
}

export function describeStream(engine: Engine, { StreamArn, ExclusiveStartShardId }: Request): object {
  const table = streamTable(engine, StreamArn as string);
  const shard = {
    ShardId: shardIdOf(table),
    SequenceNumberRange: { StartingSequenceNumber: sequenceNumber(1) },
  };
  return {
    StreamDescription: {
      StreamArn,
      StreamLabel: table.stream?.label,
      StreamStatus: table.stream?.enabled ? 'ENABLED' : 'DISABLED',
      StreamViewType: table.stream?.view,
      CreationRequestDateTime: Date.parse(`${table.stream?.label}Z`) / 1000,
      TableName: table.name,
      KeySchema: keySchema(table.keys),
      Shards: ExclusiveStartShardId === shard.ShardId ? [] : [shard],
    },
  };
}

export function getShardIterator(engine: Engine, request: Request): object {
  const { StreamArn, ShardId, ShardIteratorType: type, SequenceNumber: number } = request;
  const table = streamTable(engine, StreamArn as string);
  if (ShardId !== shardIdOf(table)) {
    throw new AwsError(
      'ResourceNotFoundException',
      `Requested resource not found: Shard: ${ShardId} in stream: ${StreamArn} not found`,
    );
  }
  return {
    ShardIterator: iterator(engine, StreamArn as string, startOf(engine, table, type as string, number)),
  };
}

/** The number after which to read. */
function startOf(engine: Engine, table: Table, type: string, number: unknown): number {
  if (type === 'TRIM_HORIZON') return 0;
  if (type === 'LATEST') return engine.streams.latest(table);
  if (typeof number !== 'string') {
    throw validationError(`SequenceNumber is required for a ShardIteratorType of ${type}`);
  }
  const sequence = sequenceOf(number);
  const oldest = engine.streams.read(table, 0, 1, engine.now() - RETENTION)[0]?.sequence;
  if (oldest !== undefined && sequence < oldest - 1) {
    throw new AwsError(
      'TrimmedDataAccessException',
      `The operation attempted to read past the oldest stream record in a shard: ${number}`,
    );
  }
  return type === 'AT_SEQUENCE_NUMBER' ? sequence - 1 : sequence;
}

function iterator(engine: Engine, arn: string, after: number): string {
  return Buffer.from(JSON.stringify({ arn, after, at: engine.now() })).toString('base64url');
}

function readIterator(engine: Engine, text: string): { readonly arn: string; readonly after: number } {
  try {
    const { arn, after, at } = JSON.parse(Buffer.from(text, 'base64url').toString()) as Record<
      string,
      unknown
    >;
    if (typeof arn === 'string' && typeof after === 'number' && typeof at === 'number') {
      if (engine.now() - at <= ITERATOR_LIFETIME) return { arn, after };
      throw new AwsError('ExpiredIteratorException', 'The shard iterator has expired: ask for a new one');
    }
  } catch (error) {
    if (error instanceof AwsError) throw error;
  }
  throw validationError(`Invalid ShardIterator: ${text}`);
}

export function getRecords(engine: Engine, { ShardIterator, Limit = MAX_RECORDS }: Request): object {
  const { arn, after } = readIterator(engine, ShardIterator as string);
  const table = streamTable(engine, arn);
  const records = recordsOf(engine, table, arn, after, Limit as number).map(
    ({ eventSourceARN: _arn, ...record }) => ({
      ...record,
      ...(record.userIdentity && {
        userIdentity: { Type: record.userIdentity.type, PrincipalId: record.userIdentity.principalId },
      }),
    }),
  );
  const last = records.at(-1)?.dynamodb.SequenceNumber;
  return { Records: records, NextShardIterator: iterator(engine, arn, last ? sequenceOf(last) : after) };
}

/** A stream record as an event source mapping hands it to a function. */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: StreamRow['name'];
  readonly eventVersion: '1.1';
  readonly eventSource: 'aws:dynamodb';
  readonly awsRegion: string;
  readonly dynamodb: {
    /** Seconds since 1970. */
    readonly ApproximateCreationDateTime: number;
    readonly Keys: object;
    readonly NewImage?: object;
    readonly OldImage?: object;
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly StreamViewType: string;
  };
  readonly eventSourceARN: string;
  /** There when time to live removed the item. */
  readonly userIdentity?: { readonly type: 'Service'; readonly principalId: 'dynamodb.amazonaws.com' };
}

/** Records after a sequence number: at most `limit`, and a megabyte but for the first. */
export function recordsOf(
  engine: Engine,
  table: Table,
  arn: string,
  after: number,
  limit: number,
): StreamRecord[] {
  const rows = engine.streams.read(table, after, limit, engine.now() - RETENTION);
  let bytes = 0;
  const fitting = rows.findIndex((row, index) => {
    bytes += row.size;
    return bytes > MAX_BYTES && index > 0;
  });
  return (fitting < 0 ? rows : rows.slice(0, fitting)).map((row) => recordOf(engine, table, arn, row));
}

function recordOf(engine: Engine, table: Table, arn: string, row: StreamRow): StreamRecord {
  const number = sequenceNumber(row.sequence);
  return {
    eventID: createHash('md5').update(arn).update(number).digest('hex'),
    eventName: row.name,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: engine.place.region,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(row.at / 1000),
      Keys: JSON.parse(row.keys) as object,
      ...(row.newImage !== null && { NewImage: JSON.parse(row.newImage) as object }),
      ...(row.oldImage !== null && { OldImage: JSON.parse(row.oldImage) as object }),
      SequenceNumber: number,
      SizeBytes: row.size,
      StreamViewType: table.stream?.view as string,
    },
    eventSourceARN: arn,
    ...(row.expired === 1 && {
      userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } as const,
    }),
  };
}
