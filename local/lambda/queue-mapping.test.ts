import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createFixture,
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

  it('is refused for a queue that would hand messages out again while the function runs', () => {
    const { add, lambda, sqs } = start();
    const { arn: queueArn } = sqs.createQueue('work', { VisibilityTimeout: '2' });
    const functionArn = add('f', recording(), { timeoutSeconds: 3, reservedConcurrency: 2 });
    expect(() => lambda.mapQueue({ functionArn, queueArn })).toThrow(
      'Queue visibility timeout: 2 seconds is less than Function timeout: 3 seconds',
    );
    const { arn: patient } = sqs.createQueue('patient');
    expect(() => lambda.mapQueue({ functionArn, queueArn: patient, maximumConcurrency: 3 })).toThrow(
      'MaximumConcurrency 3 is more than the reserved concurrency 2',
    );
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
    const fixture = start({ visibilitySeconds: 0.8 });
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
