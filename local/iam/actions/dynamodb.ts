import { type Facts, type Input, isText, type JsonNeeds, membersOf, type Need, objectsIn } from '../need.ts';
import { type Access, DYNAMODB_KEYS, keysOf } from './dynamodb-keys.ts';

/** Actions on no table in particular. */
const UNBOUND = new Set(['ListTables', 'ListStreams', 'DescribeEndpoints', 'DescribeLimits']);

/** The action that each part of a transaction is allowed by. */
const PARTS: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
  Get: 'GetItem',
};

function tableArn(table: string, { place }: Facts): string {
  return table.startsWith('arn:')
    ? table
    : `arn:aws:dynamodb:${place.region}:${place.accountId}:table/${table}`;
}

function need(action: string, table: string, facts: Facts, access: Omit<Access, 'table'>): Need {
  const arn = tableArn(table, facts);
  return {
    action: `dynamodb:${action}`,
    resource: access.index === undefined ? arn : `${arn}/index/${access.index}`,
    keys: keysOf({ ...access, table }, facts),
  };
}

function transactionNeeds(action: string, input: Input, facts: Facts): Need[] {
  return objectsIn(input.TransactItems).flatMap((item) =>
    Object.entries(item).flatMap(([kind, part]) => {
      const single = Object.hasOwn(PARTS, kind) ? PARTS[kind] : undefined;
      const { TableName, ...rest } = membersOf(part);
      if (single === undefined || !isText(TableName)) return [];
      const { ReturnConsumedCapacity } = input;
      return [
        need(single, TableName, facts, {
          parts: [rest],
          whole: { ReturnConsumedCapacity },
          enclosing: action,
        }),
      ];
    }),
  );
}

/** What a batch asks of one table: keys to read, or items to put and keys to delete. */
function batchParts(request: unknown): Input[] {
  if (!Array.isArray(request)) {
    const { Keys, ...rest } = membersOf(request);
    return objectsIn(Keys).map((Key) => ({ ...rest, Key }));
  }
  return objectsIn(request).map(({ PutRequest, DeleteRequest }) => ({
    ...membersOf(PutRequest),
    ...membersOf(DeleteRequest),
  }));
}

function batchNeeds(action: string, input: Input, facts: Facts): Need[] {
  return Object.entries(membersOf(input.RequestItems)).map(([table, request]) =>
    need(action, table, facts, { parts: batchParts(request), whole: input }),
  );
}

/** An iterator of the local cloud tells which stream it reads. */
function streamOf(iterator: unknown): unknown {
  try {
    return membersOf(JSON.parse(Buffer.from(String(iterator), 'base64url').toString())).arn;
  } catch {
    return undefined;
  }
}

/** Where the ARN stands in the input of actions that take one; what else the input names is not looked at. */
const BY_ARN: Readonly<Record<string, (input: Input) => unknown>> = {
  DescribeStream: ({ StreamArn }) => StreamArn,
  GetShardIterator: ({ StreamArn }) => StreamArn,
  GetRecords: ({ ShardIterator }) => streamOf(ShardIterator),
  TagResource: ({ ResourceArn }) => ResourceArn,
  UntagResource: ({ ResourceArn }) => ResourceArn,
  ListTagsOfResource: ({ ResourceArn }) => ResourceArn,
};

const READS_INDEX = new Set(['Query', 'Scan']);

/**
 * What each call of DynamoDB and its streams needs: a transaction the rights of its parts, a query of an index the right to
 * the index alone
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html,
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html).
 */
export const dynamoDbNeeds: JsonNeeds = {
  keys: DYNAMODB_KEYS,
  needsOf(action, input, facts) {
    const named = `dynamodb:${action}`;
    if (UNBOUND.has(action)) return [{ action: named, resource: '*' }];
    if (action === 'TransactWriteItems' || action === 'TransactGetItems') {
      return transactionNeeds(action, input, facts);
    }
    if (action === 'BatchGetItem' || action === 'BatchWriteItem') return batchNeeds(action, input, facts);
    const arnIn = Object.hasOwn(BY_ARN, action) ? BY_ARN[action] : undefined;
    if (arnIn) {
      const resource = arnIn(input);
      return [{ action: named, resource: isText(resource) ? resource : '*' }];
    }
    const { TableName, IndexName } = input;
    if (!isText(TableName)) return [{ action: named, resource: '*' }];
    const index = READS_INDEX.has(action) && isText(IndexName) ? IndexName : undefined;
    return [need(action, TableName, facts, { parts: [input], whole: input, index })];
  },
};
