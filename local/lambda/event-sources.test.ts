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

/** What functions wrote: one entry an invocation, the values of its records in order. */
function batches(): string[][] {
  const file = join(dir, 'f.out');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}
const seen = () => batches().flat();

/** A handler that writes down what it got and then does `then`, in which `values` and `event` are known. */
const recording = (then = '') => `
  import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
  const { OUT, FLAG } = process.env;
  const valueOf = (record) => record.body ?? record.dynamodb.NewImage.v.S;
  export const handler = async (event) => {
    const values = event.Records.map(valueOf);
    appendFileSync(OUT, JSON.stringify(values) + '\\n');
    ${then}
  };`;

const letters = (count: number) => Array.from({ length: count }, (_, index) => `r${index}`);

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
    await eventually(() => batches().at(-1)).toContain('after');
    const given = sqs.receive(onFailureArn, 10).map(({ body }) => JSON.parse(body).DDBStreamBatchInfo);
    expect(given).toMatchObject([{ batchSize: 1, startSequenceNumber: '000000000000000000004' }]);
    expect(new Set(seen())).toEqual(new Set([...letters(8), 'after']));
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

describe('a queue mapping', () => {
  function queueOf({ sqs }: Fixture, attributes: Record<string, string> = {}) {
    return sqs.createQueue('work', attributes).arn;
  }
  const left = ({ sqs }: Fixture, arn: string) => {
    const QueueUrl = `http://x/${arn.split(':').at(-1)}`;
    const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'];
    const caller = { accessKeyId: '', arn: '', accountId: '' };
    const { Attributes } = sqs.call('GetQueueAttributes', { QueueUrl, AttributeNames }, caller) as {
      Attributes: object;
    };
    return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
  };

  it('hands over messages as Lambda does and removes them', async () => {
    const fixture = start();
    const queueArn = queueOf(fixture);
    fixture.sqs.send(queueArn, 'hello', {
      attributes: { kind: { DataType: 'String', StringValue: 'x' } },
      senderId: 'me',
    });
    const functionArn = fixture.add(
      'f',
      "import { writeFileSync } from 'node:fs'; export const handler = async (e) => writeFileSync(process.env.OUT, JSON.stringify(e.Records));",
    );
    fixture.lambda.mapQueue({ functionArn, queueArn });
    await eventually(() => batches()[0]).toEqual([
      {
        messageId: expect.any(String),
        receiptHandle: expect.any(String),
        body: 'hello',
        attributes: {
          ApproximateReceiveCount: '1',
          SentTimestamp: expect.stringMatching(/^\d{13}$/),
          SenderId: 'me',
          ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
        },
        messageAttributes: {
          kind: { stringValue: 'x', stringListValues: [], binaryListValues: [], dataType: 'String' },
        },
        md5OfMessageAttributes: expect.any(String),
        md5OfBody: '5d41402abc4b2a76b9719d911017c592',
        eventSource: 'aws:sqs',
        eventSourceARN: queueArn,
        awsRegion: 'eu-central-1',
      },
    ]);
    await eventually(() => left(fixture, queueArn)).toBe(0);
  });

  it('fills batches and runs no more of them at once than it may', async () => {
    const fixture = start();
    const queueArn = queueOf(fixture);
    for (const body of letters(25)) fixture.sqs.send(queueArn, body);
    const source = recording(
      `appendFileSync(FLAG, '+'); await new Promise((r) => setTimeout(r, 40)); appendFileSync(FLAG, '-');`,
    );
    fixture.lambda.mapQueue({
      functionArn: fixture.add('f', source),
      queueArn,
      batchSize: 5,
      maximumConcurrency: 2,
    });
    await eventually(() => left(fixture, queueArn)).toBe(0);
    expect(batches().map((batch) => batch.length)).toEqual([5, 5, 5, 5, 5]);
    expect(seen().sort()).toEqual(letters(25).sort());
    let depth = 0;
    const depths = [...readFileSync(join(dir, 'f.flag'), 'utf8')].map(
      (sign) => (depth += sign === '+' ? 1 : -1),
    );
    expect(Math.max(...depths)).toBeLessThanOrEqual(2);
  });

  it('gathers messages for as long as its window', async () => {
    const fixture = start();
    const queueArn = queueOf(fixture);
    fixture.lambda.mapQueue({
      functionArn: fixture.add('f', recording()),
      queueArn,
      batchSize: 3,
      batchingWindowSeconds: 0.3,
    });
    fixture.sqs.send(queueArn, 'a');
    await sleep(30);
    fixture.sqs.send(queueArn, 'b');
    await sleep(30);
    expect(seen()).toEqual([]);
    await eventually(batches).toEqual([['a', 'b']]);
    for (const body of ['c', 'd', 'e']) fixture.sqs.send(queueArn, body);
    await eventually(() => batches()[1]?.toSorted()).toEqual(['c', 'd', 'e']);
  });

  it('removes what its filters do not let through', async () => {
    const fixture = start();
    const queueArn = queueOf(fixture);
    const bodies = ['{"detail":{"n":1}}', '{"detail":{"n":2}}', 'no json'];
    for (const body of bodies) fixture.sqs.send(queueArn, body);
    const filterPatterns = [JSON.stringify({ body: { detail: { n: [2] } } })];
    fixture.lambda.mapQueue({ functionArn: fixture.add('f', recording()), queueArn, filterPatterns });
    await eventually(seen).toEqual(['{"detail":{"n":2}}']);
    await eventually(() => left(fixture, queueArn)).toBe(0);
  });

  it('leaves a failed batch hidden until its visibility timeout, and then tries it again', async () => {
    const fixture = start({ visibilitySeconds: 0.8 });
    const queueArn = queueOf(fixture);
    const functionArn = fixture.add(
      'f',
      recording("if (!existsSync(FLAG)) { writeFileSync(FLAG, ''); throw new Error('once'); }"),
    );
    fixture.lambda.mapQueue({ functionArn, queueArn });
    fixture.sqs.send(queueArn, 'a');
    await eventually(seen).toEqual(['a']);
    await sleep(200);
    expect(seen()).toEqual(['a']);
    await eventually(seen).toEqual(['a', 'a']);
    await eventually(() => left(fixture, queueArn)).toBe(0);
  });

  it('keeps only the messages that the function reports as failed, until the redrive policy takes them', async () => {
    const fixture = start({ visibilitySeconds: 0.15 });
    const deadLetterTargetArn = fixture.sqs.createQueue('dead').arn;
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 });
    const queueArn = queueOf(fixture, { RedrivePolicy });
    const source = recording(`const failed = event.Records.filter(({ body }) => body === 'poison');
      return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };`);
    for (const body of ['a', 'poison', 'b']) fixture.sqs.send(queueArn, body);
    fixture.lambda.mapQueue({
      functionArn: fixture.add('f', source),
      queueArn,
      reportBatchItemFailures: true,
    });
    await eventually(() => left(fixture, deadLetterTargetArn)).toBe(1);
    expect(left(fixture, queueArn)).toBe(0);
    expect(batches().slice(1)).toEqual([['poison']]);
    expect(fixture.sqs.receive(deadLetterTargetArn, 1)).toMatchObject([
      { body: 'poison', deadLetterSource: queueArn },
    ]);
  });

  it.each([
    '"done"',
    '{ batchItemFailures: [{ itemIdentifier: "" }] }',
    '{ batchItemFailures: [{ id: "x" }] }',
  ])('keeps the whole batch when the function reports %s', async (answer) => {
    const fixture = start();
    const queueArn = queueOf(fixture);
    fixture.sqs.send(queueArn, 'a');
    const functionArn = fixture.add('f', recording(`return ${answer};`));
    fixture.lambda.mapQueue({ functionArn, queueArn, reportBatchItemFailures: true });
    await eventually(seen).toEqual(['a']);
    await sleep(30);
    expect(left(fixture, queueArn)).toBe(1);
  });

  it('slows down while the function is throttled, and burns no more messages than it must', async () => {
    const fixture = start({ backoff: { firstMilliseconds: 50, maxMilliseconds: 50 } });
    const queueArn = queueOf(fixture);
    for (const body of letters(10)) fixture.sqs.send(queueArn, body);
    let calls = 0;
    fixture.lambda.faults.beforeInvoke = () => (++calls <= 2 ? 'throttle' : undefined);
    fixture.lambda.mapQueue({
      functionArn: fixture.add('f', recording()),
      queueArn,
      batchSize: 1,
      maximumConcurrency: 2,
    });
    await eventually(() => seen().length).toBe(8);
    expect(left(fixture, queueArn)).toBe(2);
  });

  it('loses no message when functions are killed in the middle and deliveries are doubled and out of order', async () => {
    const fixture = start({ visibilitySeconds: 0.3 });
    const queueArn = queueOf(fixture);
    const sent = letters(30);
    for (const body of sent) fixture.sqs.send(queueArn, body);
    const source = recording(
      "await new Promise((r) => setTimeout(r, 5)); appendFileSync(FLAG, values.join(',') + ',');",
    );
    let calls = 0;
    let deliveries = 0;
    fixture.lambda.faults.beforeInvoke = () => (++calls % 3 === 0 ? { killAfter: 2 } : undefined);
    fixture.sqs.faults.reorder = true;
    fixture.sqs.faults.duplicate = () => ++deliveries % 7 === 0;
    fixture.lambda.mapQueue({ functionArn: fixture.add('f', source), queueArn, batchSize: 4 });
    const done = () => new Set(readFileSync(join(dir, 'f.flag'), 'utf8').split(',').filter(Boolean));
    await eventually(() => existsSync(join(dir, 'f.flag')) && done().size).toBe(30);
    await eventually(() => left(fixture, queueArn)).toBe(0);
  }, 20_000);

  it('after a restart hands over what was in flight, at once', async () => {
    const first = start({ durable: true });
    const queueArn = queueOf(first);
    const source = recording('if (!existsSync(FLAG)) await new Promise(() => {});');
    first.lambda.mapQueue({ functionArn: first.add('f', source), queueArn });
    first.sqs.send(queueArn, 'a');
    await eventually(seen).toEqual(['a']);
    await end(first);

    writeFileSync(join(dir, 'f.flag'), '');
    const second = start({ durable: true });
    expect(queueOf(second)).toBe(queueArn);
    second.lambda.mapQueue({ functionArn: second.add('f', source), queueArn });
    await eventually(seen).toEqual(['a', 'a']);
    await eventually(() => left(second, queueArn)).toBe(0);
  });

  it('says why it cannot poll, and polls again', async () => {
    const messages: string[] = [];
    const fixture = start({ log: (message) => messages.push(message) });
    const queueArn = queueOf(fixture);
    fixture.lambda.mapQueue({ functionArn: fixture.add('f', recording()), queueArn });
    await sleep(10);
    fixture.sqs.send(queueArn, 'lost');
    fixture.sqs.call('DeleteQueue', { QueueUrl: 'x/work' }, { accessKeyId: '', arn: '', accountId: '' });
    await eventually(() => messages[0]).toContain(queueArn);
    queueOf(fixture);
    fixture.sqs.send(queueArn, 'a');
    await eventually(seen).toEqual(['a']);
  });

  it('gives back at once what it gathered when it is closed', async () => {
    const fixture = start();
    const queueArn = queueOf(fixture);
    fixture.lambda.mapQueue({
      functionArn: fixture.add('f', recording()),
      queueArn,
      batchingWindowSeconds: 60,
    });
    fixture.sqs.send(queueArn, 'a');
    await sleep(20);
    expect(fixture.sqs.receive(queueArn, 1)).toEqual([]);
    await fixture.lambda.close();
    expect(fixture.sqs.receive(queueArn, 1)).toMatchObject([{ body: 'a' }]);
  });
});
