import { type AwsEndpoint, callSqs } from '../test/support/sqs.ts';
import { untilProcessIdle } from './process.ts';

/** The addresses of the queues that the bus fills for its consumers, and those of their dead letters. */
export async function consumerQueues(
  stack: AwsEndpoint,
): Promise<{ readonly incoming: readonly string[]; readonly deadLetters: readonly string[] }> {
  const { QueueUrls = [] } = await callSqs(stack, 'ListQueues', {});
  return {
    incoming: QueueUrls.filter((url) => url.includes('IncomingQueue')),
    deadLetters: QueueUrls.filter((url) => url.includes('IncomingDeadLetters')),
  };
}

/** How many messages a queue holds, those that are in work or wait for their time included. */
export async function messagesIn(stack: AwsEndpoint, QueueUrl: string): Promise<number> {
  const { Attributes = {} } = await callSqs(stack, 'GetQueueAttributes', {
    QueueUrl,
    AttributeNames: ['All'],
  });
  return ['', 'NotVisible', 'Delayed']
    .map((part) => Number(Attributes[`ApproximateNumberOfMessages${part}`]))
    .reduce((sum, count) => sum + count, 0);
}

/**
 * Waits until everything has happened that follows from what was done. Gives when that was, by `performance.now()`.
 *
 * @throws Error naming the queue when a message is left: it failed and comes again, so that this was not everything.
 */
export async function untilBusEmpty(stack: AwsEndpoint, pid: number, longestMs?: number): Promise<number> {
  const since = await untilProcessIdle(pid, longestMs);
  const { incoming, deadLetters } = await consumerQueues(stack);
  for (const url of [...incoming, ...deadLetters]) {
    const left = await messagesIn(stack, url);
    if (left > 0) {
      const name = url.slice(url.lastIndexOf('/') + 1);
      throw new Error(`${left} messages are left in ${name}: see in the function's log why it failed`);
    }
  }
  return since;
}
