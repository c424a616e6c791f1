import type { AwsService, Caller, Place } from '../aws.ts';
import { outputOf } from '../json-text.ts';
import type { Store } from '../store.ts';
import { describeEndpoints, describeLimits } from './actions/account.ts';
import { describeContinuousBackups, updateContinuousBackups } from './actions/backups.ts';
import { batchGetItem, batchWriteItem } from './actions/batch.ts';
import { deleteItem, getItem, putItem, updateItem } from './actions/items.ts';
import { query } from './actions/query.ts';
import { scan } from './actions/scan.ts';
import {
  describeStream,
  getRecords,
  getShardIterator,
  listStreams,
  RETENTION,
  recordsOf,
  type StreamRecord,
  sequenceNumber,
  sequenceOf,
  streamTable,
} from './actions/streams.ts';
import { updateTable } from './actions/table-updates.ts';
import { createTable, deleteTable, describeTable, listTables } from './actions/tables.ts';
import { listTagsOfResource, tagResource, untagResource } from './actions/tags.ts';
import { transactGetItems, transactWriteItems } from './actions/transactions.ts';
import { describeTimeToLive, removeExpired, updateTimeToLive } from './actions/ttl.ts';
import { unsupported } from './actions/unsupported.ts';
import type { Engine } from './engine.ts';
import { type Request, readRequest } from './requests/requests.ts';
import { openCatalog } from './storage/catalog.ts';
import { openStreamLogs } from './storage/stream-log.ts';
import { openTokens, type Tokens } from './storage/tokens.ts';
import { openTransitions } from './storage/transitions.ts';

export interface DynamoDbOptions {
  readonly store: Store;
  readonly place: Place;
  /** Milliseconds since 1970; default `Date.now`. */
  readonly now?: () => number;
  /** How long a table shows that it is created, updated or deleted, in milliseconds; default 0: only in the answer. */
  readonly transitionTime?: number;
}

/** DynamoDB and DynamoDB Streams on a store. */
export interface DynamoDb {
  /** The actions of DynamoDB. What they write is durable when the store has committed. */
  readonly call: AwsService;
  /** The same for who sends the output on: it may be `JsonText`. */
  readonly callForJson: AwsService;
  /** The actions of DynamoDB Streams. */
  readonly streamsCall: AwsService;
  /**
   * Records of a stream after a sequence number, from its oldest (`TRIM_HORIZON`) or behind its newest (`LATEST`);
   * `lastSequence` is where to go on.
   */
  readStream(
    streamArn: string,
    afterSequence: string,
    limit: number,
  ): { readonly records: StreamRecord[]; readonly lastSequence: string };
  /** Calls `listener` whenever new records are committed; answers how to stop that. */
  onStream(streamArn: string, listener: () => void): () => void;
  /** The attribute that is the partition key of a table or of its index, if there is one of this name. */
  partitionKeyOf(table: string, index: string | undefined): string | undefined;
  /** Removes what has expired: items by their time to live, stream records after a day, request tokens. */
  sweep(): void;
  close(): void;
}

/** How often expired items are removed, in milliseconds. DynamoDB promises "within a few days". */
const SWEEP_INTERVAL = 30_000;

type Action = (engine: Engine, request: Request, caller: Caller) => unknown;

function actionsOf(tokens: Tokens): Readonly<Record<string, Action>> {
  return {
    BatchGetItem: batchGetItem,
    BatchWriteItem: batchWriteItem,
    CreateTable: createTable,
    DeleteItem: deleteItem,
    DeleteTable: deleteTable,
    DescribeContinuousBackups: describeContinuousBackups,
    DescribeEndpoints: describeEndpoints,
    DescribeLimits: describeLimits,
    DescribeTable: describeTable,
    DescribeTimeToLive: describeTimeToLive,
    GetItem: getItem,
    ListTables: listTables,
    ListTagsOfResource: listTagsOfResource,
    PutItem: putItem,
    Query: query,
    Scan: scan,
    TagResource: tagResource,
    TransactGetItems: transactGetItems,
    TransactWriteItems: (engine, request, { accountId }) =>
      transactWriteItems(engine, tokens, request, accountId),
    UntagResource: untagResource,
    UpdateContinuousBackups: updateContinuousBackups,
    UpdateItem: updateItem,
    UpdateTable: updateTable,
    UpdateTimeToLive: updateTimeToLive,
  };
}

const STREAM_ACTIONS: Readonly<Record<string, Action>> = {
  DescribeStream: describeStream,
  GetRecords: getRecords,
  GetShardIterator: getShardIterator,
  ListStreams: listStreams,
};

/** Opens DynamoDB on a store: the tables that are in it are there again. */
export function createDynamoDb(options: DynamoDbOptions): DynamoDb {
  const { store, place, now = Date.now, transitionTime = 0 } = options;
  const engine: Engine = {
    store,
    place,
    now,
    catalog: openCatalog(store),
    streams: openStreamLogs(store),
    transitions: openTransitions(now, transitionTime),
  };
  const tokens = openTokens(store, now);

  function sweep(): void {
    removeExpired(engine);
    tokens.sweep();
    store.write(() => {
      for (const table of engine.catalog.all())
        if (table.stream) engine.streams.trim(table, now() - RETENTION);
    });
  }

  const timer = setInterval(sweep, SWEEP_INTERVAL).unref();

  const callForJson = service(engine, actionsOf(tokens));

  return {
    callForJson,
    call: (action, input, caller) => outputOf(callForJson(action, input, caller)),
    streamsCall: service(engine, STREAM_ACTIONS),
    readStream(streamArn, afterSequence, limit) {
      const table = streamTable(engine, streamArn);
      const after = positionOf(afterSequence, () => engine.streams.latest(table));
      const records = recordsOf(engine, table, streamArn, after, limit);
      return { records, lastSequence: records.at(-1)?.dynamodb.SequenceNumber ?? sequenceNumber(after) };
    },
    onStream: (streamArn, listener) =>
      engine.streams.onAppend(streamTable(engine, streamArn).number, listener),
    partitionKeyOf(name, index) {
      const table = engine.catalog.find(name.slice(name.lastIndexOf('/') + 1));
      const keyed = index === undefined ? table : table?.indexes.find((one) => one.name === index);
      return keyed?.keys.hash.name;
    },
    sweep,
    close: () => clearInterval(timer),
  };
}

function positionOf(afterSequence: string, latest: () => number): number {
  if (afterSequence === 'TRIM_HORIZON') return 0;
  return afterSequence === 'LATEST' ? latest() : sequenceOf(afterSequence);
}

function service(engine: Engine, actions: Readonly<Record<string, Action>>): AwsService {
  return (action, input, caller) => {
    const run = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (!run) throw unsupported(action);
    return run(engine, readRequest(action, input), caller);
  };
}
