import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fixture, openMain } from '../test-support.ts';
import type { Item } from '../values/attributes.ts';

const SIZE = 60;
let t: Fixture;
beforeAll(() => {
  t = openMain();
  for (let index = 0; index < SIZE; index++) {
    const Item = {
      pk: { S: `p${index}` },
      sk: { S: 's' },
      ...(index % 3 === 0 && { gsi1pk: { S: 'g' }, gsi1sk: { S: String(index) } }),
    };
    t.call('PutItem', { TableName: 'main', Item });
  }
});
afterAll(() => t.close());

function scanAll(rest: object): Item[] {
  const items: Item[] = [];
  let start: Item | undefined;
  do {
    const page = t.call<{ Items: Item[]; LastEvaluatedKey?: Item }>('Scan', {
      TableName: 'main',
      ...rest,
      ...(start && { ExclusiveStartKey: start }),
    });
    items.push(...page.Items);
    start = page.LastEvaluatedKey;
  } while (start);
  return items;
}

const keys = (items: Item[]) => items.map((item) => item.pk?.S).sort();

describe('Scan', () => {
  it('reads every item once, in pages of any size', () => {
    const whole = scanAll({});
    expect(whole).toHaveLength(SIZE);
    expect(new Set(keys(whole)).size).toBe(SIZE);
    expect(scanAll({ Limit: 7 })).toEqual(whole);
  });

  it('comes in no order of the keys', () => {
    const order = scanAll({}).map((item) => item.pk?.S);
    expect(order).not.toEqual([...order].sort());
  });

  it.each([2, 3, 16, 100_000])('divides the table into %i segments that share nothing', (TotalSegments) => {
    const segments =
      TotalSegments > 100 ? [0, 1, 50_000, 99_999] : Array.from({ length: TotalSegments }, (_, n) => n);
    const found = segments.flatMap((Segment) => scanAll({ Segment, TotalSegments, Limit: 5 }));
    expect(new Set(keys(found)).size).toBe(found.length);
    if (TotalSegments <= 100) expect(keys(found)).toEqual(keys(scanAll({})));
  });

  it('reads an index, which holds only items with its keys', () => {
    expect(scanAll({ IndexName: 'gsi1' })).toHaveLength(SIZE / 3);
    expect(keys(scanAll({ IndexName: 'gsi1', Limit: 3 }))).toEqual(keys(scanAll({ IndexName: 'gsi1' })));
  });

  it('filters and counts', () => {
    const page = t.call('Scan', {
      TableName: 'main',
      FilterExpression: 'pk = :p',
      ExpressionAttributeValues: { ':p': { S: 'p7' } },
      Select: 'COUNT',
      ConsistentRead: true,
    });
    expect(page).toEqual({ Count: 1, ScannedCount: SIZE });
    expect(scanAll({ ScanFilter: { gsi1pk: { ComparisonOperator: 'NULL' } } })).toHaveLength((SIZE * 2) / 3);
  });

  it.each<[object, string]>([
    [{ Segment: 1 }, 'The TotalSegments parameter is required'],
    [{ TotalSegments: 2 }, 'The Segment parameter is required'],
    [{ Segment: 2, TotalSegments: 2 }, 'Segment: 2 is not less than TotalSegments: 2'],
    [{ Limit: 0 }, 'greater than or equal to 1'],
    [{ IndexName: 'gsi1', ConsistentRead: true }, 'Consistent reads are not supported'],
    [{ ExclusiveStartKey: { pk: { S: 'a' } } }, 'The provided starting key is invalid'],
  ])('refuses %j', (rest, message) => {
    expect(t.refused('Scan', { TableName: 'main', ...rest }).message).toContain(message);
  });
});
