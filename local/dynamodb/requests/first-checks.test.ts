import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Fixture, keySchema, openMain } from '../test-support.ts';

let t: Fixture;
beforeEach(() => {
  t = openMain();
});
afterEach(() => t.close());

const key = { pk: { S: 'a' }, sk: { S: 'b' } };
const message = (action: string, input: Record<string, unknown>) => t.refused(action, input).message;

describe('an action of the newer kind', () => {
  it.each([
    ['PutItem', { Item: {}, ReturnValues: 'INVALID' }],
    ['UpdateItem', { Key: {} }],
    ['DeleteItem', { Key: {} }],
  ])('stops at a table without a name: %s', (action, rest) => {
    expect(message(action, { TableName: '', ...rest })).toBe(
      "1 validation error detected: Value at 'TableName' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  });

  it('names all values that it does not know, or only the first when it updates', () => {
    const unknown = { ReturnConsumedCapacity: 'X', ReturnItemCollectionMetrics: 'X', ReturnValues: 'X' };
    const ofReturnValues =
      'Failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]';
    expect(message('PutItem', { TableName: 'main', Item: key, ...unknown })).toBe(
      `3 validation errors detected: Value 'X' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]; ${ofReturnValues}; Value 'X' at 'returnItemCollectionMetrics' failed to satisfy constraint: Member must satisfy enum value set: [SIZE, NONE]`,
    );
    expect(message('UpdateItem', { TableName: 'main', Key: key, ...unknown })).toBe(
      `1 validation error detected: ${ofReturnValues}`,
    );
  });

  it('counts what is wrong with its input, but not what its table refuses', () => {
    const put = (Item: object, rest = {}) => message('PutItem', { TableName: 'main', Item, ...rest });
    expect(put({ ...key, s: { SS: ['a', 'a'] } })).toBe(
      '1 validation error detected: One or more parameter values were invalid: Input collection ["a", "a"] contains duplicates.',
    );
    expect(put(key, { ExpressionAttributeValues: { ':v': { S: 'x' } } })).toBe(
      '1 validation error detected: ExpressionAttributeValues can only be specified when using expressions',
    );
    expect(put({ pk: key.pk })).toBe(
      'One or more parameter values were invalid: Missing the key sk in the item',
    );
  });

  it('limits a query and a batch of reads', () => {
    expect(message('Query', { TableName: 'main', Limit: 0 })).toBe(
      "1 validation error detected: Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
    );
    const Keys = Array.from({ length: 101 }, (_, index) => ({ ...key, sk: { S: String(index) } }));
    expect(message('BatchGetItem', { RequestItems: { main: { Keys } } })).toBe(
      "1 validation error detected: Value at 'RequestItems.main.member.Keys' failed to satisfy constraint: Member must have length less than or equal to 100",
    );
    expect(message('BatchGetItem', { RequestItems: {} })).toContain("Value at 'RequestItems' failed");
  });
});

describe('an action of the older kind', () => {
  it('shows the values of members as the service prints them', () => {
    expect(message('Scan', { TableName: 'main', Limit: 0 })).toContain("Value '0' at 'limit' failed");
    const puts = Array.from({ length: 26 }, () => ({ PutRequest: { Item: { pk: { S: 'x' } } } }));
    expect(message('BatchWriteItem', { RequestItems: { main: puts } })).toMatch(
      /^1 validation error detected: Value '\{main=\[WriteRequest\(putRequest=PutRequest\(item=\{pk=AttributeValue\(s=x, n=null, .*\)\}, workloadProfileName=null\), deleteRequest=null\), .*\]\}' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: \[Member must have length less than or equal to 25, Member must have length greater than or equal to 1\]$/,
    );
    const KeySchema = [...keySchema('a', 'b'), { AttributeName: 'c', KeyType: 'RANGE' }];
    expect(message('CreateTable', { TableName: 'new', KeySchema, AttributeDefinitions: [] })).toContain(
      "Value '[KeySchemaElement(attributeName=a, keyType=HASH), KeySchemaElement(attributeName=b, keyType=RANGE), KeySchemaElement(attributeName=c, keyType=RANGE)]' at 'keySchema' failed to satisfy constraint: Member must have length less than or equal to 2",
    );
  });

  it('names the place of a member within lists', () => {
    expect(
      message('CreateTable', {
        TableName: 'new',
        AttributeDefinitions: [{ AttributeName: 'a', AttributeType: 'X' }],
        KeySchema: [{ AttributeName: 'a', KeyType: 'X' }],
      }),
    ).toBe(
      "2 validation errors detected: Value 'X' at 'attributeDefinitions.1.member.attributeType' failed to satisfy constraint: Member must satisfy enum value set: [B, N, S]; Value 'X' at 'keySchema.1.member.keyType' failed to satisfy constraint: Member must satisfy enum value set: [HASH, RANGE]",
    );
  });
});
