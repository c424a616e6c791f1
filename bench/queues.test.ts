import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { messagesIn } from '../test/support/sqs.ts';
import { consumerQueues, untilBusEmpty } from './queues.ts';

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** The queues of a stack, each with its messages that wait, are in work and wait for their time. */
async function stackWith(queues: Readonly<Record<string, readonly (number | string)[]>>) {
  const urlOf = (name: string) => `http://127.0.0.1/1/${name}`;
  const server = createServer(async (request, response) => {
    const { QueueUrl } = (await json(request)) as { QueueUrl?: string };
    const [waiting, inWork, delayed] = queues[QueueUrl?.split('/').at(-1) ?? ''] ?? [];
    const answer =
      QueueUrl === undefined
        ? { QueueUrls: Object.keys(queues).map(urlOf) }
        : {
            Attributes: {
              ApproximateNumberOfMessages: String(waiting),
              ApproximateNumberOfMessagesNotVisible: String(inWork),
              ApproximateNumberOfMessagesDelayed: String(delayed),
            },
          };
    response.end(JSON.stringify(answer));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    awsEndpointUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-west-1',
    adminAccessKeyId: 'AKIAEXAMPLE',
    adminSecretAccessKey: 'secret',
  };
}

test('the queues of consumers are told apart from their dead letters and from those of partners', async () => {
  const stack = await stackWith({
    'app-ScoringIncomingQueue1': [1, 2, 4],
    'app-ScoringIncomingDeadLetters1': [0, 0, 0],
    'partner-carrier': [9, 0, 0],
  });

  const { incoming, deadLetters } = await consumerQueues(stack);

  expect(incoming).toEqual(['http://127.0.0.1/1/app-ScoringIncomingQueue1']);
  expect(deadLetters).toEqual(['http://127.0.0.1/1/app-ScoringIncomingDeadLetters1']);
  expect(await messagesIn(stack, incoming[0] ?? '')).toBe(7);
});

test('a bus is empty when its consumers have nothing left; what waits for a partner is not theirs', async () => {
  const stack = await stackWith({
    'app-ScoringIncomingQueue1': [0, 0, 0],
    'app-ScoringIncomingDeadLetters1': [0, 0, 0],
    'partner-carrier': [9, 0, 0],
  });
  const began = performance.now();

  expect(await untilBusEmpty(stack, process.pid)).toBeGreaterThanOrEqual(began);
});

test.each([
  ['app-LiveUpdatesIncomingQueue1', [0, 3, 0]],
  ['app-LiveUpdatesIncomingDeadLetters1', [3, 0, 0]],
] as const)('messages that are left in %s are no end', async (name, counts) => {
  const stack = await stackWith({ 'app-ScoringIncomingQueue1': [0, 0, 0], [name]: counts });

  await expect(untilBusEmpty(stack, process.pid)).rejects.toThrow(`3 messages are left in ${name}`);
});

test('a stack without consumers, or one that does not tell how many messages there are, is not empty', async () => {
  const none = await stackWith({ 'partner-carrier': [0, 0, 0] });
  const silent = await stackWith({ 'app-ScoringIncomingQueue1': [] });

  await expect(untilBusEmpty(none, process.pid)).rejects.toThrow('no consumer of http://127.0.0.1:');
  await expect(untilBusEmpty(silent, process.pid)).rejects.toThrow('NaN messages are left');
});
