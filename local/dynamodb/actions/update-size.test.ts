import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Fixture, keySchema, openFixture } from '../test-support.ts';

let t: Fixture;
beforeEach(() => {
  t = openFixture();
  t.call('CreateTable', {
    TableName: 'main',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: keySchema('pk'),
  });
});
afterEach(() => t.close());

const MAX = 400 * 1024;
const text = (bytes: number) => ({ S: 'x'.repeat(bytes) });
const update = (pk: string, UpdateExpression: string, values: object) => ({
  TableName: 'main',
  Key: { pk: { S: pk } },
  UpdateExpression,
  ExpressionAttributeValues: values,
});
const isAccepted = (input: Record<string, unknown>): boolean => {
  try {
    t.call('UpdateItem', input);
    return true;
  } catch (error) {
    expect((error as Error).message).toBe('Item size to update has exceeded the maximum allowed size');
    return false;
  }
};

describe('the size of an update', () => {
  it('counts what it writes and 22 bytes for a value set, not the key', () => {
    expect(isAccepted(update('k', 'SET b = :v', { ':v': text(MAX - 22 - 1) }))).toBe(true);
    expect(isAccepted(update('l', 'SET b = :v', { ':v': text(MAX - 22) }))).toBe(false);
  });

  it('counts 19 bytes more for another value, 2 for a removal, 1 for an index of a list', () => {
    const two = (bytes: number) => update('k', 'SET b = :v, c = :w', { ':v': text(bytes), ':w': { S: 'y' } });
    expect(isAccepted(two(MAX - 41 - 3))).toBe(true);
    expect(isAccepted(two(MAX - 41 - 2))).toBe(false);
    const removal = (bytes: number) => update('m', 'SET b = :v REMOVE r', { ':v': text(bytes) });
    expect(isAccepted(removal(MAX - 24 - 1))).toBe(true);
    expect(isAccepted(removal(MAX - 24))).toBe(false);
    isAccepted(update('n', 'SET l = :l', { ':l': { L: [{ S: '' }] } }));
    const element = (bytes: number) => update('n', 'SET l[0] = :v', { ':v': text(bytes) });
    expect(isAccepted(element(MAX - 23 - 'l'.length - 4))).toBe(true);
    expect(isAccepted(element(MAX - 23 - 'l'.length - 3))).toBe(false);
  });

  it('is that of the item where the key is longer than its cost', () => {
    const pk = 'k'.repeat(40);
    const rest = MAX - 'pkb'.length - pk.length;
    expect(isAccepted(update(pk, 'SET b = :v', { ':v': text(rest) }))).toBe(true);
    expect(isAccepted(update(`${pk.slice(1)}l`, 'SET b = :v', { ':v': text(rest + 1) }))).toBe(false);
  });

  it('is that of the item in a transaction, which it cancels', () => {
    const bytes = MAX - 'pkkb'.length;
    const transact = (size: number) => ({
      TransactItems: [{ Update: update('k', 'SET b = :v', { ':v': text(size) }) }],
    });
    t.call('TransactWriteItems', transact(bytes));
    expect(t.refused('TransactWriteItems', transact(bytes + 1))).toMatchObject({
      code: 'TransactionCanceledException',
      extra: {
        CancellationReasons: [
          {
            Code: 'ValidationError',
            Message: 'Item size to update has exceeded the maximum allowed size',
          },
        ],
      },
    });
  });
});
