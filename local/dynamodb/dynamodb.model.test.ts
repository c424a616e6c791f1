import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StreamRecord } from './actions/streams.ts';
import { type Fixture, keySchema, openFixture } from './test-support.ts';
import type { AttributeValue, Item } from './values/attributes.ts';

// The engine against a model that is a map of rows. Keys and values are few, so that steps meet.

const TABLE = {
  TableName: 'model',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'N' },
    { AttributeName: 'gpk', AttributeType: 'S' },
    { AttributeName: 'gsk', AttributeType: 'S' },
  ],
  KeySchema: keySchema('pk', 'sk'),
  GlobalSecondaryIndexes: [
    { IndexName: 'index', KeySchema: keySchema('gpk', 'gsk'), Projection: { ProjectionType: 'ALL' } },
  ],
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
};

interface Row {
  readonly pk: string;
  readonly sk: number;
  readonly gpk?: string;
  readonly gsk?: string;
  readonly n?: number;
}
type Rows = Map<string, Row>;

const PARTITIONS = ['a', 'b', 'é'];
const GROUPS = ['g', 'h'];
const key = fc.record({ pk: fc.constantFrom(...PARTITIONS), sk: fc.constantFrom(-1.5, 0, 2, 10) });
const attributes = fc.record(
  {
    gpk: fc.constantFrom(...GROUPS),
    gsk: fc.constantFrom('1', '2', '\u{1F600}', '\uFF01'),
    n: fc.integer({ min: -3, max: 3 }),
  },
  { requiredKeys: [] },
);
const CONDITIONS = { new: 'attribute_not_exists(pk)', known: 'attribute_exists(pk)', positive: 'n > :zero' };
const condition = fc.constantFrom(undefined, 'new' as const, 'known' as const, 'positive' as const);
const step = fc.oneof(
  fc.record({ kind: fc.constant('put' as const), key, attributes, condition }),
  fc.record({ kind: fc.constant('add' as const), key, by: fc.integer({ min: -2, max: 2 }), condition }),
  fc.record({ kind: fc.constant('move' as const), key, to: fc.constantFrom(...GROUPS), condition }),
  fc.record({ kind: fc.constant('leave' as const), key, condition }),
  fc.record({ kind: fc.constant('delete' as const), key, condition }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const idOf = ({ pk, sk }: Pick<Row, 'pk' | 'sk'>) => `${pk}/${sk}`;
const wireValue = (value: string | number): AttributeValue =>
  typeof value === 'number' ? { N: String(value) } : { S: value };
const wire = (row: object): Item =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, wireValue(value as string | number)]));
const plain = (item: object): Row =>
  Object.fromEntries(
    Object.entries(item as Item).map(([name, { N, S }]) => [name, N === undefined ? S : Number(N)]),
  ) as unknown as Row;

/** What a step leaves of the row with its key; undefined where its condition does not hold. */
function modelled(one: Step, old: Row | undefined): { readonly row: Row | undefined } | undefined {
  const holds = { new: !old, known: old !== undefined, positive: (old?.n ?? 0) > 0 };
  if (one.condition && !holds[one.condition]) return undefined;
  if (one.kind === 'put') return { row: { ...one.attributes, ...one.key } };
  if (one.kind === 'add') return { row: { ...old, ...one.key, n: (old?.n ?? 0) + one.by } };
  if (one.kind === 'move') return { row: { ...old, ...one.key, gpk: one.to } };
  if (one.kind === 'delete' || !old) return { row: undefined };
  const { gpk: _left, ...row } = old;
  return { row };
}

function apply(rows: Rows, id: string, result: { readonly row: Row | undefined }): void {
  if (result.row) rows.set(id, result.row);
  else rows.delete(id);
}

/** A step as an entry of a transaction; alone, it is the input of `PutItem`, `UpdateItem` or `DeleteItem`. */
function requestOf(one: Step): {
  readonly action: 'Put' | 'Update' | 'Delete';
  readonly input: Record<string, unknown>;
} {
  const values: Item = {
    ...(one.condition === 'positive' && { ':zero': { N: '0' } }),
    ...(one.kind === 'add' && { ':by': { N: String(one.by) } }),
    ...(one.kind === 'move' && { ':to': { S: one.to } }),
  };
  const base = {
    TableName: 'model',
    ...(one.condition && { ConditionExpression: CONDITIONS[one.condition] }),
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  };
  if (one.kind === 'put')
    return { action: 'Put', input: { ...base, Item: wire({ ...one.attributes, ...one.key }) } };
  const Key = wire(one.key);
  if (one.kind === 'delete') return { action: 'Delete', input: { ...base, Key } };
  const UpdateExpression = { add: 'ADD n :by', move: 'SET gpk = :to', leave: 'REMOVE gpk' }[one.kind];
  return { action: 'Update', input: { ...base, Key, UpdateExpression } };
}

/** The code of what an action throws, with the codes of the reasons of a cancelled transaction. */
function failureOf(run: () => void): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    const { code, extra } = error as { code?: string; extra?: { CancellationReasons?: { Code: string }[] } };
    if (!code) throw error;
    return [code, ...(extra?.CancellationReasons ?? []).map(({ Code }) => Code)].join(' ');
  }
}

function readAll(t: Fixture, action: 'Query' | 'Scan', input: object, limit: number): Row[] {
  const rows: Row[] = [];
  let start: Item | undefined;
  do {
    const page = t.call<{ Items: Item[]; LastEvaluatedKey?: Item }>(action, {
      TableName: 'model',
      Limit: limit,
      ...input,
      ...(start && { ExclusiveStartKey: start }),
    });
    rows.push(...page.Items.map(plain));
    start = page.LastEvaluatedKey;
  } while (start);
  return rows;
}

/** The rows that the images of the stream lead to. */
function replay(records: readonly StreamRecord[]): Rows {
  const rows: Rows = new Map();
  for (const { dynamodb } of records) {
    const id = idOf(plain(dynamodb.Keys));
    expect(dynamodb.OldImage && plain(dynamodb.OldImage)).toEqual(rows.get(id));
    apply(rows, id, { row: dynamodb.NewImage && plain(dynamodb.NewImage) });
  }
  return rows;
}

function streamOf(t: Fixture): StreamRecord[] {
  const { Table } = t.call<{ Table: { LatestStreamArn: string } }>('DescribeTable', { TableName: 'model' });
  return t.db.readStream(Table.LatestStreamArn, 'TRIM_HORIZON', 1000).records;
}

function withTable(test: (t: Fixture) => void): void {
  const t = openFixture();
  try {
    t.call('CreateTable', TABLE);
    test(t);
  } finally {
    t.close();
  }
}

function checkReads(t: Fixture, rows: Rows, limit: number, ScanIndexForward: boolean): void {
  const all = [...rows.values()];
  expect(new Map(readAll(t, 'Scan', {}, limit).map((row) => [idOf(row), row]))).toEqual(rows);
  for (const pk of PARTITIONS) {
    const ascending = all.filter((row) => row.pk === pk && row.sk >= 0).sort((a, b) => a.sk - b.sk);
    const found = readAll(
      t,
      'Query',
      {
        KeyConditionExpression: 'pk = :pk AND sk >= :sk',
        ExpressionAttributeValues: { ':pk': { S: pk }, ':sk': { N: '0' } },
        ScanIndexForward,
      },
      limit,
    );
    expect(found).toEqual(ScanIndexForward ? ascending : ascending.reverse());
  }
  for (const group of GROUPS) {
    const found = readAll(
      t,
      'Query',
      {
        IndexName: 'index',
        KeyConditionExpression: 'gpk = :g',
        ExpressionAttributeValues: { ':g': { S: group } },
        ScanIndexForward,
      },
      limit,
    );
    const bytes = found.map(({ gsk }) => Buffer.from(gsk as string));
    const ascending = [...bytes].sort(Buffer.compare);
    expect(bytes).toEqual(ScanIndexForward ? ascending : ascending.reverse());
    const expected = all.filter(({ gpk, gsk }) => gpk === group && gsk !== undefined);
    expect(new Map(found.map((row) => [idOf(row), row]))).toEqual(
      new Map(expected.map((row) => [idOf(row), row])),
    );
    expect(found).toHaveLength(expected.length);
  }
}

describe('the engine', () => {
  it('does to items what the model does to rows, whatever the steps', () => {
    const steps = fc.array(step, { maxLength: 40 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 5 }), fc.boolean(), (list, limit, forward) =>
        withTable((t) => {
          const rows: Rows = new Map();
          for (const one of list) {
            const id = idOf(one.key);
            const result = modelled(one, rows.get(id));
            const { action, input } = requestOf(one);
            const failure = failureOf(() => t.call(`${action}Item`, input));
            expect(failure).toBe(result ? undefined : 'ConditionalCheckFailedException');
            if (result) apply(rows, id, result);
          }
          checkReads(t, rows, limit, forward);
          expect(replay(streamOf(t))).toEqual(rows);
        }),
      ),
      { numRuns: 150 },
    );
  });

  it('changes all items of a transaction or none, whatever the steps', () => {
    const transaction = fc.uniqueArray(step, {
      selector: (one) => idOf(one.key),
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(fc.array(transaction, { maxLength: 12 }), (list) =>
        withTable((t) => {
          const rows: Rows = new Map();
          for (const steps of list) {
            const results = steps.map((one) => ({
              id: idOf(one.key),
              result: modelled(one, rows.get(idOf(one.key))),
            }));
            const entries = steps.map(requestOf).map(({ action, input }) => ({ [action]: input }));
            const failure = failureOf(() => t.call('TransactWriteItems', { TransactItems: entries }));
            const codes = results.map(({ result }) => (result ? 'None' : 'ConditionalCheckFailed'));
            const holds = results.every(({ result }) => result);
            expect(failure).toBe(holds ? undefined : `TransactionCanceledException ${codes.join(' ')}`);
            for (const { id, result } of holds ? results : []) if (result) apply(rows, id, result);
          }
          checkReads(t, rows, 100, true);
          expect(replay(streamOf(t))).toEqual(rows);
        }),
      ),
      { numRuns: 100 },
    );
  });
});
