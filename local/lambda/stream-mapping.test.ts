import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createFixture,
  createStream,
  type Fixture,
  type FixtureOptions,
  removeFolder,
  temporaryFolder,
} from './fixture.ts';
import { batchesIn, letters, recording } from './recording.ts';

/** Machines may be busy: a worker can take its time to start. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 10_000 });

let dir: string;
let open: Fixture[];

beforeEach(() => {
  dir = temporaryFolder();
  open = [];
});

afterEach(async () => {
  for (const fixture of open) await fixture.stop();
  removeFolder(dir);
});

function start(options: Partial<FixtureOptions> = {}): Fixture {
  const fixture = createFixture({ dir, ...options });
  open.push(fixture);
  return fixture;
}

async function end(fixture: Fixture): Promise<void> {
  open = open.filter((each) => each !== fixture);
  await fixture.stop();
}

const batches = () => batchesIn(dir);
const seen = () => batches().flat();

describe('a stream mapping', () => {
  const base = { startingPosition: 'TRIM_HORIZON' } as const;

  it('hands over records in order, in batches, and goes on with new ones', async () => {
    const { add, lambda, stream } = start();
    stream.append(...letters(5));
    lambda.mapStream({ ...base, functionArn: add('f', recording()), streamArn: stream.arn, batchSize: 2 });
    await eventually(batches).toEqual([['r0', 'r1'], ['r2', 'r3'], ['r4']]);
    stream.append('new');
    await eventually(seen).toEqual([...letters(5), 'new']);
  });

  it('from LATEST sees only what comes after it was made, also after a restart', async () => {
    const stream = createStream();
    stream.append('old');
    const first = start({ durable: true, stream });
    first.lambda.mapStream({
      ...base,
      startingPosition: 'LATEST',
      functionArn: first.add('f', recording()),
      streamArn: stream.arn,
    });
    await sleep(20);
    await end(first);
    stream.append('between');
    const second = start({ durable: true, stream });
    second.lambda.mapStream({
      ...base,
      startingPosition: 'LATEST',
      functionArn: second.add('f', recording()),
      streamArn: stream.arn,
    });
    await eventually(seen).toEqual(['between']);
  });

  it('waits for more records as long as its window, or until a batch is full', async () => {
    const { add, lambda, stream } = start();
    const mapping = { ...base, streamArn: stream.arn, batchSize: 3, batchingWindowSeconds: 0.3 };
    lambda.mapStream({ ...mapping, functionArn: add('f', recording()) });
    stream.append('a');
    await sleep(50);
    expect(seen()).toEqual([]);
    stream.append('b');
    await eventually(batches).toEqual([['a', 'b']]);
    stream.append('c', 'd', 'e', 'f');
    await eventually(() => batches()[1]).toEqual(['c', 'd', 'e']);
  });

  it('hands over only what its filters let through', async () => {
    const { add, lambda, stream } = start();
    const filterPatterns = [JSON.stringify({ dynamodb: { NewImage: { v: { S: [{ prefix: 'x' }] } } } })];
    lambda.mapStream({ ...base, functionArn: add('f', recording()), streamArn: stream.arn, filterPatterns });
    stream.append('a', 'x1', 'b', 'x2');
    stream.append('c');
    stream.append('x3');
    await eventually(seen).toEqual(['x1', 'x2', 'x3']);
  });

  it('tries a failed batch again until it is done, and later records wait', async () => {
    const { add, lambda, stream } = start();
    const functionArn = add(
      'f',
      recording("if (!existsSync(FLAG)) { writeFileSync(FLAG, ''); throw new Error('once'); }"),
    );
    lambda.mapStream({ ...base, functionArn, streamArn: stream.arn, batchSize: 2 });
    stream.append('a', 'b', 'c');
    await eventually(batches).toEqual([['a', 'b'], ['a', 'b'], ['c']]);
  });

  it('cuts failing batches in half until the poison stands alone, gives it up into the bucket, and goes on', async () => {
    const { add, lambda, stream, s3 } = start();
    const functionArn = add('f', recording("if (values.includes('r5')) throw new Error('poison');"));
    lambda.mapStream({
      ...base,
      functionArn,
      streamArn: stream.arn,
      bisectOnError: true,
      maximumRetryAttempts: 2,
      onFailureArn: 'arn:aws:s3:::failures',
    });
    stream.append(...letters(8));
    await eventually(() => seen().includes('r7')).toBe(true);
    await eventually(() => batches().at(-1)).toContain('r7');
    stream.append('after');
    await eventually(() => batches().at(-1)).toEqual(['after']);

    expect(batches().filter((batch) => batch.length === 1 && batch[0] === 'r5')).toHaveLength(3);
    const succeeded = batches()
      .filter((batch) => !batch.includes('r5'))
      .flat();
    expect(succeeded).toEqual([...letters(8).filter((value) => value !== 'r5'), 'after']);

    const listing = s3.handle({
      method: 'GET',
      url: '/failures?list-type=2',
      headers: {},
      body: Buffer.alloc(0),
    }).body;
    const keys = [...listing.toString().matchAll(/<Key>(.*?)<\/Key>/g)].map((match) => match[1] as string);
    expect(keys).toEqual([
      expect.stringMatching(
        /^aws\/lambda\/[0-9a-f-]{36}\/shardId-[\d-]+\/\d{4}\/\d\d\/\d\d\/[\d-]+T\d\d\.\d\d\.\d\d-[0-9a-f-]{36}$/,
      ),
    ]);
    const record = JSON.parse(Buffer.from(s3.get('failures', keys[0] ?? '')?.body ?? []).toString());
    expect(record).toMatchObject({
      version: '1.0',
      requestContext: { functionArn, condition: 'RetryAttemptsExhausted', approximateInvokeCount: 3 },
      responseContext: { statusCode: 200, functionError: 'Unhandled' },
      DDBStreamBatchInfo: {
        startSequenceNumber: '000000000000000000006',
        endSequenceNumber: '000000000000000000006',
        batchSize: 1,
        streamArn: stream.arn,
      },
    });
    expect(JSON.parse(record.payload).Records).toMatchObject([
      { dynamodb: { NewImage: { v: { S: 'r5' } } } },
    ]);
  });

  it('gives a whole batch up into a queue, which gets no records', async () => {
    const { add, lambda, stream, sqs } = start();
    const onFailureArn = sqs.createQueue('failed').arn;
    const functionArn = add('f', recording("if (values.includes('poison')) throw new Error('no');"));
    lambda.mapStream({ ...base, functionArn, streamArn: stream.arn, maximumRetryAttempts: 1, onFailureArn });
    stream.append('fine', 'poison');
    await eventually(batches).toHaveLength(2);
    stream.append('after');
    await eventually(() => batches().at(-1)).toEqual(['after']);
    const letters = sqs.receive(onFailureArn, 10).map(({ body }) => JSON.parse(body));
    expect(letters).toMatchObject([
      { DDBStreamBatchInfo: { batchSize: 2 }, requestContext: { approximateInvokeCount: 2 } },
    ]);
    expect(letters[0]).not.toHaveProperty('payload');
  });

  it('goes on from the first record that the function reports as failed', async () => {
    const { add, lambda, stream } = start();
    const functionArn = add(
      'f',
      recording(`if (!existsSync(FLAG)) {
        writeFileSync(FLAG, '');
        const failed = event.Records.slice(2).map((record) => ({ itemIdentifier: record.dynamodb.SequenceNumber }));
        return { batchItemFailures: failed };
      }
      return { batchItemFailures: [] };`),
    );
    lambda.mapStream({ ...base, functionArn, streamArn: stream.arn, reportBatchItemFailures: true });
    stream.append(...letters(4));
    await eventually(batches).toEqual([letters(4), ['r2', 'r3']]);
    stream.append('after');
    await eventually(() => batches().at(-1)).toEqual(['after']);
  });

  it('finds the poison by reports and halves, and gives up nothing else', async () => {
    const { add, lambda, stream, sqs } = start();
    const onFailureArn = sqs.createQueue('failed').arn;
    const functionArn = add(
      'f',
      recording(`const at = values.indexOf('r3');
        return { batchItemFailures: at === -1 ? [] : [{ itemIdentifier: event.Records[at].dynamodb.SequenceNumber }] };`),
    );
    lambda.mapStream({
      ...base,
      functionArn,
      streamArn: stream.arn,
      reportBatchItemFailures: true,
      bisectOnError: true,
      maximumRetryAttempts: 1,
      onFailureArn,
    });
    stream.append(...letters(8));
    stream.append('after');
    const given: unknown[] = [];
    const receive = () =>
      sqs.receive(onFailureArn, 10).map(({ body }) => JSON.parse(body).DDBStreamBatchInfo);
    await eventually(() => given.push(...receive())).toBeGreaterThan(0);
    await eventually(() => new Set(seen())).toEqual(new Set([...letters(8), 'after']));
    given.push(...receive());
    expect(given).toMatchObject([{ batchSize: 1, startSequenceNumber: '000000000000000000004' }]);
  });

  it('gives up records that are too old without a call', async () => {
    let clock = Date.now();
    const { add, lambda, stream, sqs } = start({ now: () => clock });
    const onFailureArn = sqs.createQueue('failed').arn;
    stream.append('old');
    clock += 120_000;
    lambda.mapStream({
      ...base,
      functionArn: add('f', recording()),
      streamArn: stream.arn,
      maximumRecordAgeSeconds: 60,
      onFailureArn,
    });
    await eventually(() => sqs.receive(onFailureArn, 10, 0).length).toBe(1);
    clock -= 120_000;
    stream.append('young');
    await eventually(seen).toEqual(['young']);
    const [letter] = sqs.receive(onFailureArn, 10).map(({ body }) => JSON.parse(body));
    expect(letter.requestContext).toMatchObject({
      condition: 'RecordAgeExceeded',
      approximateInvokeCount: 0,
    });
  });

  it('tries without end what is young, with longer and longer waits, and gives it up when it is too old', async () => {
    let clock = Date.now();
    const { add, lambda, stream, sqs } = start({ now: () => clock });
    const onFailureArn = sqs.createQueue('failed').arn;
    const functionArn = add('f', recording("if (!existsSync(FLAG)) throw new Error('the bus is away');"));
    lambda.mapStream({
      ...base,
      functionArn,
      streamArn: stream.arn,
      bisectOnError: true,
      maximumRetryAttempts: -1,
      maximumRecordAgeSeconds: 3600,
      onFailureArn,
    });
    stream.append('a', 'b');
    await eventually(() => batches().length).toBeGreaterThan(15);
    clock += 3_500_000;
    await eventually(() => batches().length).toBeGreaterThan(20);
    expect(sqs.receive(onFailureArn, 10)).toEqual([]);

    clock += 200_000;
    await eventually(() => sqs.receive(onFailureArn, 10, 0).length).toBe(2);
    clock -= 3_700_000;
    writeFileSync(join(dir, 'f.flag'), '');
    stream.append('c');
    await eventually(() => batches().at(-1)).toEqual(['c']);
  });

  it('never counts a throttled call as a try', async () => {
    const { add, lambda, stream, sqs } = start();
    const onFailureArn = sqs.createQueue('failed').arn;
    let calls = 0;
    lambda.faults.beforeInvoke = () => (++calls <= 5 ? 'throttle' : undefined);
    lambda.mapStream({
      ...base,
      functionArn: add('f', recording()),
      streamArn: stream.arn,
      maximumRetryAttempts: 0,
      onFailureArn,
    });
    stream.append('a');
    await eventually(seen).toEqual(['a']);
    expect(sqs.receive(onFailureArn, 10)).toEqual([]);
  });

  it('loses nothing when the function is killed in the middle', async () => {
    const { add, lambda, stream } = start();
    const functionArn = add(
      'f',
      recording('await new Promise((r) => setTimeout(r, 40)); writeFileSync(FLAG, values.at(-1));'),
    );
    let calls = 0;
    lambda.faults.beforeInvoke = () => (++calls % 2 === 1 ? { killAfter: 20 } : undefined);
    lambda.mapStream({ ...base, functionArn, streamArn: stream.arn, batchSize: 3 });
    stream.append(...letters(6));
    await eventually(() => existsSync(join(dir, 'f.flag')) && readFileSync(join(dir, 'f.flag'), 'utf8')).toBe(
      'r5',
    );
    expect(new Set(seen())).toEqual(new Set(letters(6)));
  });

  it('goes on from its checkpoint after a restart, and repeats what was not done', async () => {
    const stream = createStream();
    const first = start({ durable: true, stream });
    const source = recording("if (values.includes('r3') && !existsSync(FLAG)) await new Promise(() => {});");
    first.lambda.mapStream({
      ...base,
      functionArn: first.add('f', source),
      streamArn: stream.arn,
      batchSize: 2,
    });
    stream.append(...letters(6));
    await eventually(batches).toEqual([
      ['r0', 'r1'],
      ['r2', 'r3'],
    ]);
    await end(first);

    writeFileSync(join(dir, 'f.flag'), '');
    const second = start({ durable: true, stream });
    second.lambda.mapStream({
      ...base,
      functionArn: second.add('f', source),
      streamArn: stream.arn,
      batchSize: 2,
    });
    await eventually(batches).toEqual([
      ['r0', 'r1'],
      ['r2', 'r3'],
      ['r2', 'r3'],
      ['r4', 'r5'],
    ]);
  });

  it('says why it cannot go on, and goes on when it can', async () => {
    const messages: string[] = [];
    const { add, lambda, stream, sqs } = start({ log: (message) => messages.push(message) });
    const onFailureArn = 'arn:aws:sqs:eu-central-1:000000000000:failed';
    const functionArn = add('f', recording("throw new Error('no');"));
    lambda.mapStream({ ...base, functionArn, streamArn: stream.arn, maximumRetryAttempts: 0, onFailureArn });
    stream.append('a');
    await eventually(() => messages[0]).toContain(onFailureArn);
    sqs.createQueue('failed');
    await eventually(() => sqs.receive(onFailureArn, 1)).toHaveLength(1);
  });
});
