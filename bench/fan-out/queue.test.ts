import { expect, test } from 'vitest';
import type { AwsCall } from '../../tools/client/aws.ts';
import { readQueue } from './queue.ts';

const message = (subject: string) => ({
  MessageId: `msg-${subject}`,
  ReceiptHandle: `handle-${subject}`,
  Body: JSON.stringify({ detail: { subject } }),
});

/** A queue that hands out batches, then nothing; tells what was removed. */
function queueOf(...batches: object[][]) {
  const removed: unknown[] = [];
  const aws = (async (_service, action, input) => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (action === 'ReceiveMessage') return { Messages: batches.shift() };
    removed.push(...(input as { Entries: unknown[] }).Entries);
    return {};
  }) as AwsCall;
  return { aws, removed };
}

test('a queue is read and emptied until it is stopped, and the first arrival of each event counts', async () => {
  const { aws, removed } = queueOf(
    [message('int_1'), message('int_2')],
    [message('int_1')],
    [message('int_3')],
  );
  const reading = readQueue<{ subject: string }>(aws, 'url', ({ subject }) => subject);
  while (reading.arrivals.size < 2) await new Promise((resolve) => setTimeout(resolve, 1));
  const first = reading.arrivals.get('int_1');
  while (removed.length < 4) await new Promise((resolve) => setTimeout(resolve, 1));
  await reading.stop();

  expect([...reading.arrivals.keys()].sort()).toEqual(['int_1', 'int_2', 'int_3']);
  expect(reading.arrivals.get('int_1')).toBe(first);
  expect(removed).toContainEqual({ Id: 'msg-int_3', ReceiptHandle: 'handle-int_3' });
});

test('an error of the queue is not hidden', async () => {
  const aws = (async () => {
    throw new Error('sqs answered 403');
  }) as AwsCall;
  const reading = readQueue(aws, 'url', () => '');
  await expect(reading.stop()).rejects.toThrow('sqs answered 403');
});
