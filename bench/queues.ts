import { type AwsEndpoint, callSqs, messagesIn } from '../test/support/sqs.ts';
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

/**
 * Waits until a stack has nothing to do, and makes sure that its consumers have nothing left. Gives since when, by
 * `performance.now()`.
 *
 * @throws Error naming the queue when a message is left: it failed and comes again, so that not everything has happened.
 */
export async function untilBusEmpty(stack: AwsEndpoint, pid: number, longestMs?: number): Promise<number> {
  const since = await untilProcessIdle(pid, longestMs);
  const { incoming, deadLetters } = await consumerQueues(stack);
  if (incoming.length === 0) throw new Error(`no consumer of ${stack.awsEndpointUrl} has a queue`);
  for (const url of [...incoming, ...deadLetters]) {
    const left = await messagesIn(stack, url);
    if (left === 0) continue;
    const name = url.slice(url.lastIndexOf('/') + 1);
    throw new Error(`${left} messages are left in ${name}: see in the function's log why it failed`);
  }
  return since;
}
