import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MemberTypes, validations } from '../expressions/dynalite.ts';
import { isCertainlyValid } from './acceptance.ts';
import { checkConstraints } from './constraints.ts';
import { checkFirst } from './first-checks.ts';
import { REQUEST_TYPES } from './request-types.ts';

const TableName = 'main';
const Key = { pk: { S: 'a' }, sk: { N: '1' } };
const values = { ExpressionAttributeValues: { ':v': { S: 'x' } } };
const conditional = {
  ConditionExpression: '#a = :v',
  ExpressionAttributeNames: { '#a': 'a' },
  ...values,
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
};

const REQUESTS: Readonly<Record<string, Record<string, unknown>>> = {
  PutItem: {
    TableName,
    Item: { ...Key, list: { L: [{ BOOL: true }] } },
    ...conditional,
    ReturnValues: 'ALL_OLD',
  },
  UpdateItem: { TableName, Key, UpdateExpression: 'SET a = :v', ...values, ReturnValues: 'ALL_NEW' },
  DeleteItem: { TableName, Key, ...conditional, ReturnConsumedCapacity: 'INDEXES' },
  GetItem: { TableName, Key, ConsistentRead: true, ProjectionExpression: 'a' },
  Query: {
    TableName,
    IndexName: 'gsi1',
    KeyConditionExpression: 'pk = :v',
    ...values,
    Limit: 5,
    ExclusiveStartKey: Key,
  },
  Scan: {
    TableName,
    FilterExpression: 'a = :v',
    ...values,
    Segment: 0,
    TotalSegments: 2,
    ConsistentRead: false,
  },
  BatchGetItem: { RequestItems: { [TableName]: { Keys: [Key, Key], ConsistentRead: true } } },
  BatchWriteItem: {
    RequestItems: { [TableName]: [{ PutRequest: { Item: Key } }, { DeleteRequest: { Key } }] },
  },
  TransactGetItems: { TransactItems: [{ Get: { TableName, Key, ProjectionExpression: 'a' } }] },
  TransactWriteItems: {
    ClientRequestToken: 'token',
    TransactItems: [
      { Put: { TableName, Item: Key, ...conditional } },
      { Delete: { TableName, Key } },
      { ConditionCheck: { TableName, Key, ...conditional } },
      { Update: { TableName, Key, UpdateExpression: 'SET a = :v', ...values } },
    ],
  },
};

const typesOf = (action: string) => REQUEST_TYPES[action] as MemberTypes;

/** The request as the thorough checks leave it; throws what they throw. */
function thorough(action: string, request: Record<string, unknown>): unknown {
  const checked = validations.checkTypes(structuredClone(request), typesOf(action));
  checkFirst(action, checked);
  checkConstraints(checked, typesOf(action));
  return checked;
}

const junk = fc.constantFrom<unknown>(
  undefined,
  null,
  0,
  -1,
  101,
  1.5,
  '',
  'x',
  'a/b',
  'y'.repeat(300),
  true,
  [],
  {},
  [[]],
  {
    S: 'x',
  },
);

/** A request in which one member, at any depth, is replaced, removed or added. */
function damaged(request: unknown): fc.Arbitrary<unknown> {
  if (Array.isArray(request)) {
    return fc.oneof(
      junk,
      fc.nat(request.length - 1).chain((at) => damaged(request[at]).map((one) => request.with(at, one))),
      fc.constantFrom(
        [],
        Array.from({ length: 101 }, () => request[0]),
      ),
    );
  }
  if (typeof request !== 'object' || request === null) return junk;
  const members = Object.entries(request);
  if (members.length === 0) return junk;
  return fc.oneof(
    junk,
    fc
      .constantFrom(...members)
      .chain(([name, value]) =>
        damaged(value).map((one) =>
          one === undefined ? without(request, name) : { ...request, [name]: one },
        ),
      ),
    fc.constant({ ...request, Unknown: 1 }),
  );
}

const without = (request: object, name: string): object =>
  Object.fromEntries(Object.entries(request).filter(([one]) => one !== name));

describe('a request', () => {
  it.each(Object.entries(REQUESTS))('is accepted at once when it is in order: %s', (action, request) => {
    expect(isCertainlyValid(typesOf(action), request)).toBe(true);
    expect(thorough(action, request)).toEqual(request);
  });

  it.each(['__proto__', 'constructor', 'toString'])(
    'goes through the thorough checks with a member %s',
    (name) => {
      const input: unknown = JSON.parse(`{"TableName":"main","Key":{},"${name}":1}`);
      expect(isCertainlyValid(typesOf('GetItem'), input)).toBe(false);
    },
  );

  it('is accepted at once only if the thorough checks accept it and leave it as it is', () => {
    const one = fc
      .constantFrom(...Object.entries(REQUESTS))
      .chain(([action, request]) => damaged(request).map((input) => ({ action, input })));
    let accepted = 0;
    fc.assert(
      fc.property(one, ({ action, input }) => {
        if (!isCertainlyValid(typesOf(action), input)) return;
        accepted++;
        expect(thorough(action, input as Record<string, unknown>)).toEqual(input);
      }),
      { numRuns: 2000 },
    );
    expect(accepted).toBeGreaterThan(20);
  });
});
