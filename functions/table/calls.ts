import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type {
  BatchGetCommandInput,
  GetCommandInput,
  PutCommandInput,
  QueryCommandInput,
  TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { type JsonService, jsonCall } from '../runtime/json-calls.ts';
import { busyClient } from '../runtime/sdk.ts';
import { type Attributes, fromAttributes, type Item, toAttributes } from './attribute-values.ts';

// The calls of DynamoDB that functions make. They take what the SDK's document client takes.

const dynamoDb: JsonService = {
  client: new DynamoDBClient(busyClient('dynamodb')),
  target: 'DynamoDB_20120810',
  version: '1.0',
};

const get = jsonCall<{ Item?: Attributes }>(dynamoDb, 'GetItem');
const batchGet = jsonCall<{
  Responses?: Record<string, Attributes[]>;
  UnprocessedKeys?: Record<string, { Keys: Attributes[] }>;
}>(dynamoDb, 'BatchGetItem');
const queryPage = jsonCall<{
  Items?: Attributes[];
  LastEvaluatedKey?: Attributes;
  ScannedCount?: number;
}>(dynamoDb, 'Query');
const put = jsonCall(dynamoDb, 'PutItem');
const transactWrite = jsonCall(dynamoDb, 'TransactWriteItems');

/** Reads one item; undefined when there is none. */
export async function getItem(input: GetCommandInput): Promise<Item | undefined> {
  const { Item } = await get(withAttributes(input));
  return Item && fromAttributes(Item);
}

/** What a batch found of one table, and the keys for which it had no room. */
export interface Batch {
  readonly items: readonly Item[];
  readonly unread: readonly Item[];
}

/** Reads up to 100 items of one table. */
export async function batchGetItems(
  table: string,
  { Keys = [], ...rest }: NonNullable<BatchGetCommandInput['RequestItems']>[string],
): Promise<Batch> {
  const request = { ...rest, Keys: Keys.map(toAttributes) };
  const { Responses, UnprocessedKeys } = await batchGet({ RequestItems: { [table]: request } });
  return {
    items: (Responses?.[table] ?? []).map(fromAttributes),
    unread: (UnprocessedKeys?.[table]?.Keys ?? []).map(fromAttributes),
  };
}

/** One page of what a query finds. */
export interface QueryPage {
  readonly items: readonly Item[];
  /** How many items were read, a filter left them out or not. */
  readonly read: number;
  /** Where the next page begins; undefined on the last one. */
  readonly next: Item | undefined;
}

/** Reads one page of a query. */
export async function query(input: QueryCommandInput): Promise<QueryPage> {
  const { Items = [], LastEvaluatedKey, ScannedCount } = await queryPage(withAttributes(input));
  return {
    items: Items.map(fromAttributes),
    read: ScannedCount ?? Items.length,
    next: LastEvaluatedKey && fromAttributes(LastEvaluatedKey),
  };
}

/** Writes one item. @throws Error as the SDK does, see `write.ts` for those of conditions. */
export async function putItem(input: PutCommandInput): Promise<void> {
  await put(withAttributes(input));
}

/** Writes all or nothing; sent again by the client when the answer was lost, it counts once. @throws Error as `putItem`. */
export async function transactWriteItems(
  operations: NonNullable<TransactWriteCommandInput['TransactItems']>,
): Promise<void> {
  const TransactItems = operations.map((operation) =>
    Object.fromEntries(Object.entries(operation).map(([kind, part]) => [kind, withAttributes(part ?? {})])),
  );
  await transactWrite({ TransactItems, ClientRequestToken: randomUUID() });
}

/** The members of a request that hold an item, a key or values. */
const valued = ['Item', 'Key', 'ExclusiveStartKey', 'ExpressionAttributeValues'] as const;

function withAttributes(input: { readonly [Member in (typeof valued)[number]]?: Item | undefined }): object {
  const request: Record<string, unknown> = { ...input };
  for (const member of valued) {
    const value = input[member];
    if (value) request[member] = toAttributes(value);
  }
  return request;
}
