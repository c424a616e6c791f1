import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Fixture, keySchema, openFixture } from './test-support.ts';

// Prints how fast the engine is below the SDK, in one process: `node local/dynamodb/engine.bench.ts [items]`.

const INDEXES = ['1', '2', '3'];
const TABLE = {
  TableName: 'bench',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: ['pk', 'sk', ...INDEXES.flatMap((index) => [`pk${index}`, `sk${index}`])].map(
    (AttributeName) => ({ AttributeName, AttributeType: 'S' }),
  ),
  KeySchema: keySchema('pk', 'sk'),
  GlobalSecondaryIndexes: INDEXES.map((index) => ({
    IndexName: `gsi${index}`,
    KeySchema: keySchema(`pk${index}`, `sk${index}`),
    Projection: { ProjectionType: 'ALL' },
  })),
};

const PARTITION = 100;
const key = (number: number) => ({
  pk: { S: `customer#${Math.floor(number / PARTITION)}` },
  sk: { S: `interaction#${String(number % PARTITION).padStart(4, '0')}` },
});

/** About 600 bytes, in three global indexes. */
const item = (number: number) => ({
  ...key(number),
  ...Object.fromEntries(
    INDEXES.flatMap((index) => [
      [`pk${index}`, { S: `group${index}#${number % 97}` }],
      [`sk${index}`, { S: `time#${String(number).padStart(12, '0')}` }],
    ]),
  ),
  note: { S: 'x'.repeat(380) },
  version: { N: '1' },
});

const put = (t: Fixture, number: number): unknown =>
  t.call('PutItem', { TableName: 'bench', Item: item(number) });

/** Turns of the event loop share a commit: as many requests as arrive together on a busy gateway. */
const TOGETHER = 64;

async function putAll(t: Fixture, from: number, to: number): Promise<void> {
  for (let number = from; number < to; number++) {
    put(t, number);
    if (number % TOGETHER === TOGETHER - 1) await t.store.committed();
  }
  await t.store.committed();
}

/** Prints a rate, and the processor's time for each: on a busy machine the second tells more. */
function report(what: string, count: number, started: number, microseconds: number): void {
  const seconds = (performance.now() - started) / 1000;
  const rate = Math.round(count / seconds)
    .toLocaleString('en')
    .padStart(8);
  console.log(
    `${what.padEnd(56)} ${rate} a second, ${(microseconds / count).toFixed(0).padStart(4)} µs each`,
  );
}

function readAll(t: Fixture, count: number, among: number): void {
  for (let number = 0; number < count; number++) {
    t.call('GetItem', { TableName: 'bench', Key: key((number * 7919) % among) });
  }
}

function queryAll(t: Fixture, count: number, among: number): void {
  for (let number = 0; number < count; number++) {
    const { pk } = key((number * 7919) % among);
    t.call('Query', {
      TableName: 'bench',
      KeyConditionExpression: 'pk = :p AND sk BETWEEN :a AND :b',
      ExpressionAttributeValues: {
        ':p': pk,
        ':a': { S: 'interaction#0010' },
        ':b': { S: 'interaction#0029' },
      },
    });
  }
}

async function timed(what: string, count: number, work: () => void | Promise<void>): Promise<void> {
  const [started, spent] = [performance.now(), process.cpuUsage()];
  await work();
  report(what, count, started, process.cpuUsage(spent).user);
}

const [small, large] = [10_000, Number(process.argv[2] ?? 200_000)];

const memory = openFixture();
memory.call('CreateTable', TABLE);
await putAll(memory, 0, small);
await timed('puts in memory, three global indexes', 20_000, () => putAll(memory, 0, 20_000));
await timed('gets in memory', 60_000, () => readAll(memory, 60_000, small));
await timed(`queries of 20 items among ${small.toLocaleString('en')}`, 3000, () =>
  queryAll(memory, 3000, small),
);
await putAll(memory, 20_000, large);
await timed(`the same queries among ${large.toLocaleString('en')}`, 3000, () =>
  queryAll(memory, 3000, small),
);
await timed(`queries all over ${large.toLocaleString('en')}`, 3000, () => queryAll(memory, 3000, large));
memory.close();

const folder = mkdtempSync(join(tmpdir(), 'engine-'));
const file = openFixture(join(folder, 'store.db'));
file.call('CreateTable', TABLE);
await timed('durable puts, three global indexes, committed in groups', 20_000, () => putAll(file, 0, 20_000));
await timed('durable updates of one number', 20_000, async () => {
  for (let number = 0; number < 20_000; number++) {
    file.call('UpdateItem', {
      TableName: 'bench',
      Key: key(number),
      UpdateExpression: 'ADD version :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    });
    if (number % TOGETHER === TOGETHER - 1) await file.store.committed();
  }
  await file.store.committed();
});
await timed('gets from the file', 40_000, () => readAll(file, 40_000, 20_000));
file.close();
rmSync(folder, { recursive: true });
