import type { AwsCall } from '../../tools/client/aws.ts';

/** Notes when something was there first, by what it is about. */
export type Arrivals = Map<string, number>;

/** Keeps the first of several arrivals: a queue may deliver twice. */
export function arrived(arrivals: Arrivals, key: string): void {
  if (!arrivals.has(key)) arrivals.set(key, performance.now());
}

interface Message {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
}

/** How many ask a queue at a time: while one takes messages, another waits for the next. */
const readers = 2;
/** How long a reader waits for messages, in seconds; also how long stopping takes. */
const waitSeconds = 1;

/**
 * Reads a queue by long polls until stopped, and removes what it has read while it asks for more: one by one, it would
 * fall behind at some hundred messages a second.
 *
 * @param keyOf what an event on the queue is about
 */
export function readQueue<Detail>(aws: AwsCall, QueueUrl: string, keyOf: (detail: Detail) => string) {
  const arrivals: Arrivals = new Map();
  const removals: Promise<void>[] = [];
  let stopped = false;

  async function receive(): Promise<readonly Message[]> {
    const input = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: waitSeconds };
    const { Messages = [] } = await aws<{ Messages?: readonly Message[] }>('sqs', 'ReceiveMessage', input);
    for (const { Body } of Messages) {
      arrived(arrivals, keyOf((JSON.parse(Body) as { detail: Detail }).detail));
    }
    return Messages;
  }

  async function remove(messages: readonly Message[]): Promise<void> {
    if (messages.length === 0) return;
    const Entries = messages.map(({ MessageId: Id, ReceiptHandle }) => ({ Id, ReceiptHandle }));
    await aws('sqs', 'DeleteMessageBatch', { QueueUrl, Entries });
  }

  async function read(): Promise<void> {
    while (!stopped) removals.push(remove(await receive()));
  }

  const reading = Promise.all(Array.from({ length: readers }, read));
  return {
    arrivals: arrivals as ReadonlyMap<string, number>,
    stop: async (): Promise<void> => {
      stopped = true;
      await reading;
      await Promise.all(removals);
    },
  };
}
