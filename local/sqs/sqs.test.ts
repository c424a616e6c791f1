import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../store.ts';
import { createSqs, type Sqs } from './sqs.ts';

const place = { region: 'eu-central-1', accountId: '000000000000' };
const endpoint = 'http://127.0.0.1:4001';

let store: Store;
let clock: number;
let sqs: Sqs;
let queue: string;

beforeEach(() => {
  store = openStore();
  clock = 1_700_000_000_000;
  sqs = createSqs({ store, place, endpoint, now: () => clock });
  queue = sqs.createQueue('work').arn;
});

afterEach(() => {
  sqs.close();
  store.close();
});

const bodies = (arn = queue, max = 10) => sqs.receive(arn, max).map(({ body }) => body);

describe('the visibility of a message', () => {
  it('hides a received message until its timeout and then counts the next receipt', () => {
    sqs.send(queue, 'a');

    const [first] = sqs.receive(queue, 10);
    expect(first).toMatchObject({ body: 'a', receiveCount: 1 });
    expect(bodies()).toEqual([]);

    clock += 29_999;
    expect(bodies()).toEqual([]);
    clock += 1;
    expect(sqs.receive(queue, 10)).toMatchObject([
      { receiveCount: 2, firstReceivedAt: first?.firstReceivedAt },
    ]);
  });

  it('keeps a delayed message back until its delay is over', () => {
    sqs.send(queue, 'later', { delaySeconds: 5 });
    sqs.send(queue, 'now');
    expect(bodies()).toEqual(['now']);
    clock += 5000;
    expect(bodies()).toEqual(['later']);
  });

  it('delays by the setting of the queue when the sender says nothing', () => {
    const { arn } = sqs.createQueue('slow', { DelaySeconds: '60' });
    sqs.send(arn, 'a');
    expect(bodies(arn)).toEqual([]);
    clock += 60_000;
    expect(bodies(arn)).toEqual(['a']);
  });

  it('shows a released message after the delay that was asked for', () => {
    sqs.send(queue, 'a');
    const [message] = sqs.receive(queue, 1);
    sqs.release(queue, message?.receiptHandle ?? '', 2);
    expect(bodies()).toEqual([]);
    clock += 2000;
    expect(bodies()).toEqual(['a']);
  });

  it('never delivers a message that is older than the retention period', () => {
    const { arn } = sqs.createQueue('short', { MessageRetentionPeriod: '60' });
    sqs.send(arn, 'old');
    clock += 59_999;
    sqs.send(arn, 'young');
    clock += 1;
    expect(bodies(arn)).toEqual(['young']);
  });
});

describe('removing a message', () => {
  it('takes the messages of the handles and leaves the others', () => {
    for (const body of ['a', 'b', 'c']) sqs.send(queue, body);
    const [a, b] = sqs.receive(queue, 2);
    sqs.remove(queue, [a?.receiptHandle ?? '']);
    clock += 30_000;
    expect(bodies().sort()).toEqual(['b', 'c']);
    expect(b?.body).toBe('b');
  });

  it('works after the visibility timeout as long as nobody else received it', () => {
    sqs.send(queue, 'a');
    const [message] = sqs.receive(queue, 1);
    clock += 60_000;
    sqs.remove(queue, [message?.receiptHandle ?? '']);
    expect(bodies()).toEqual([]);
  });

  it('does nothing with a handle that a later receipt made void', () => {
    sqs.send(queue, 'a');
    const [first] = sqs.receive(queue, 1);
    clock += 30_000;
    sqs.receive(queue, 1);
    sqs.remove(queue, [first?.receiptHandle ?? '']);
    clock += 30_000;
    expect(bodies()).toEqual(['a']);
  });

  it('does nothing with a handle of another queue', () => {
    const other = sqs.createQueue('other').arn;
    sqs.send(queue, 'a');
    const [message] = sqs.receive(queue, 1, 0);
    sqs.remove(other, [message?.receiptHandle ?? '']);
    expect(bodies()).toEqual(['a']);
  });
});

describe('the redrive policy', () => {
  let dead: string;
  let source: string;

  beforeEach(() => {
    dead = sqs.createQueue('dead').arn;
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead, maxReceiveCount: 2 });
    source = sqs.createQueue('source', { RedrivePolicy, VisibilityTimeout: '10' }).arn;
  });

  it('moves a message on the receive after maxReceiveCount receipts, and delivers the rest', () => {
    sqs.send(source, 'poison');
    for (let count = 0; count < 2; count++) {
      expect(bodies(source)).toEqual(['poison']);
      clock += 10_000;
    }
    sqs.send(source, 'fine');
    expect(bodies(source)).toEqual(['fine']);
    expect(sqs.receive(dead, 10)).toMatchObject([
      { body: 'poison', deadLetterSource: source, receiveCount: 3 },
    ]);
  });

  it('goes on delivering when the dead-letter queue is gone', () => {
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: `${dead}-gone`, maxReceiveCount: 1 });
    sqs.createQueue('source', { RedrivePolicy });
    sqs.send(source, 'a');
    sqs.receive(source, 1, 0);
    expect(bodies(source)).toEqual(['a']);
  });

  it('keeps the age of a message for the retention of the dead-letter queue', () => {
    sqs.createQueue('dead', { MessageRetentionPeriod: '60' });
    sqs.send(source, 'poison');
    sqs.receive(source, 1, 20);
    clock += 20_000;
    sqs.receive(source, 1, 20);
    clock += 20_000;
    expect(bodies(source)).toEqual([]);
    clock += 20_000;
    expect(bodies(dead)).toEqual([]);
  });
});

describe('who waits for messages', () => {
  const signal = () => {
    let calls = 0;
    const stop = sqs.onMessage(queue, () => {
      calls++;
    });
    return { stop, calls: () => calls };
  };

  it('is called once for many messages of one turn', async () => {
    const { calls, stop } = signal();
    await sleep(2);
    const before = calls();
    for (let count = 0; count < 10; count++) sqs.send(queue, 'a');
    await sleep(2);
    expect(calls() - before).toBe(1);
    stop();
    sqs.send(queue, 'a');
    await sleep(2);
    expect(calls() - before).toBe(1);
  });

  it('is called when the visibility timeout of a message ends', async () => {
    const real = createSqs({ store, place, endpoint });
    const seen: number[] = [];
    real.send(queue, 'a');
    const stop = real.onMessage(queue, () => {
      for (const { receiveCount } of real.receive(queue, 2, 0.02)) seen.push(receiveCount);
    });
    await expect.poll(() => seen).toContain(3);
    expect(seen.slice(0, 3)).toEqual([1, 2, 3]);
    stop();
    real.close();
  });

  it.each([1, 2, 3, 4, 5, 6])(
    'is called for a message that becomes visible in the midst of a look at the queue, %i readings of the clock later',
    async (readings) => {
      let running = false;
      const ticking = createSqs({ store, place, endpoint, now: () => (running ? clock++ : clock) });
      ticking.send(queue, 'a', { delaySeconds: 60 });
      clock += 60_000 - readings;
      running = true;
      const seen: string[] = [];

      const stop = ticking.onMessage(queue, () => {
        seen.push(...ticking.receive(queue, 2).map(({ body }) => body));
      });

      await expect.poll(() => seen).toEqual(['a']);
      stop();
      ticking.close();
    },
  );

  it('is called by the timer of a delay', async () => {
    const real = createSqs({ store, place, endpoint });
    const seen: string[] = [];
    const stop = real.onMessage(queue, () => seen.push(...real.receive(queue, 1).map(({ body }) => body)));
    await sleep(2);
    real.send(queue, 'a', { delaySeconds: 0.02 });
    expect(seen).toEqual([]);
    await expect.poll(() => seen).toEqual(['a']);
    stop();
    real.close();
  });
});

describe('faults on demand', () => {
  it('deliver a message to two receivers at the same time', () => {
    sqs.faults.duplicate = () => true;
    sqs.send(queue, 'a');
    expect(bodies()).toEqual(['a']);
    sqs.faults.duplicate = () => false;
    expect(bodies()).toEqual(['a']);
    expect(bodies()).toEqual([]);
  });

  it('deliver in another order than sent', () => {
    const sent = Array.from({ length: 50 }, (_, index) => String(index));
    for (const body of sent) sqs.send(queue, body);
    sqs.faults.reorder = true;
    const seen = bodies(queue, 50);
    expect(seen).not.toEqual(sent);
    expect(seen.sort()).toEqual(sent.sort());
  });

  it('deliver later than sent, and strike the queues that are meant', () => {
    const name = queue.slice(queue.lastIndexOf(':') + 1);
    sqs.faults.delay = (queueName) => (queueName === name ? 500 : 0);
    sqs.faults.duplicate = (_, queueName) => queueName !== name;
    sqs.faults.reorder = (queueName) => queueName !== name;
    sqs.send(queue, 'a');
    sqs.send(queue, 'b');
    expect(bodies()).toEqual([]);
    clock += 500;
    expect(bodies()).toEqual(['a', 'b']);
    expect(bodies()).toEqual([]);
  });
});

describe('a restart', () => {
  it('has every message, redelivers what was in flight at once, and forgets nothing it was told', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'sqs-'));
    const file = join(dir, 'store.sqlite');
    const before = openStore(file);
    const first = createSqs({ store: before, place, endpoint });
    const { arn } = first.createQueue('durable', { VisibilityTimeout: '600' });
    for (const body of ['removed', 'in flight', 'waiting']) first.send(arn, body);
    first.send(arn, 'delayed', { delaySeconds: 600 });
    const taken = first.receive(arn, 2);
    first.remove(arn, [taken[0]?.receiptHandle ?? '']);
    await before.committed();
    first.close();
    before.close();

    const after = openStore(file);
    const second = createSqs({ store: after, place, endpoint });
    expect(second.createQueue('durable', { VisibilityTimeout: '600' }).arn).toBe(arn);
    const counts = second.receive(arn, 10).map(({ body, receiveCount }) => [body, receiveCount]);
    expect(Object.fromEntries(counts)).toEqual({ 'in flight': 2, waiting: 1 });
    second.close();
    after.close();
    rmSync(dir, { recursive: true });
  });

  it('never lets a handle of a removed message remove a new one', () => {
    sqs.send(queue, 'a');
    const [old] = sqs.receive(queue, 1);
    sqs.remove(queue, [old?.receiptHandle ?? '']);
    sqs.send(queue, 'b');
    sqs.receive(queue, 1, 0);
    sqs.remove(queue, [old?.receiptHandle ?? '']);
    expect(bodies()).toEqual(['b']);
  });

  it('keeps nothing of a write that was undone', () => {
    expect(() =>
      store.write(() => {
        sqs.send(queue, 'never');
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(bodies()).toEqual([]);
  });
});
