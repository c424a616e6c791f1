import { setTimeout as sleep } from 'node:timers/promises';
import type { Cloud } from '../../local/cloud.ts';
import { signedPost } from '../../test/support/signed-post.ts';
import { callSqs } from '../../test/support/sqs.ts';
import type { Meter } from './meter.ts';

/** How many events SES tells of a mail that arrives: that it was sent, and that it was delivered. */
const EVENTS_OF_A_MAIL = 2;

/** Where a cloud's work waits. */
interface Waiting {
  readonly queues: readonly string[];
  readonly stream: { readonly StreamArn: string; readonly ShardId: string };
}

/**
 * What waits until everything that follows from what was done has happened: the relay has got the whole stream, the outcome
 * of each mail is heard of, the queues of the consumers are empty, and nothing moved while that was looked at.
 *
 * @param mailEvents the name of the function that hears what became of mail
 */
export async function idleOf(
  stack: Cloud['stack'],
  meter: Meter,
  mailEvents: string,
): Promise<() => Promise<void>> {
  const waiting: Waiting = { queues: await consumerQueues(stack), stream: await streamOf(stack) };
  const isIdle = async () =>
    meter.total('delivery', mailEvents) >= EVENTS_OF_A_MAIL * meter.total('mail') &&
    (await isRelayed(stack, waiting, meter.lastRecord())) &&
    (await areEmpty(stack, waiting));

  return async () => {
    for (const deadline = Date.now() + 120_000; Date.now() < deadline; await sleep(10)) {
      const before = meter.moves();
      if ((await isIdle()) && meter.moves() === before) return;
    }
    throw new Error('The cloud was not idle within two minutes: a consumer fails again and again.');
  };
}

async function consumerQueues(stack: Cloud['stack']): Promise<string[]> {
  const { QueueUrls = [] } = await callSqs(stack, 'ListQueues', {});
  return QueueUrls.filter((url) => /IncomingQueue/.test(url));
}

async function areEmpty(stack: Cloud['stack'], { queues }: Waiting): Promise<boolean> {
  const counts = await Promise.all(
    queues.map(async (QueueUrl) => {
      const { Attributes = {} } = await callSqs(stack, 'GetQueueAttributes', {
        QueueUrl,
        AttributeNames: ['All'],
      });
      return ['', 'NotVisible', 'Delayed'].map((part) =>
        Number(Attributes[`ApproximateNumberOfMessages${part}`]),
      );
    }),
  );
  return counts.flat().every((count) => count === 0);
}

async function streamOf(stack: Cloud['stack']): Promise<Waiting['stream']> {
  const { Streams } = await callStreams<{ Streams: { StreamArn: string }[] }>(stack, 'ListStreams', {
    TableName: stack.tableName,
  });
  const StreamArn = Streams[0]?.StreamArn ?? '';
  const { StreamDescription } = await callStreams<{
    StreamDescription: { Shards: { ShardId: string }[] };
  }>(stack, 'DescribeStream', { StreamArn });
  return { StreamArn, ShardId: StreamDescription.Shards[0]?.ShardId ?? '' };
}

/** Whether the stream holds nothing behind the last record that the relay got. */
async function isRelayed(stack: Cloud['stack'], { stream }: Waiting, last?: string): Promise<boolean> {
  const from =
    last === undefined
      ? { ShardIteratorType: 'TRIM_HORIZON' }
      : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: last };
  const { ShardIterator } = await callStreams<{ ShardIterator: string }>(stack, 'GetShardIterator', {
    ...stream,
    ...from,
  });
  const { Records } = await callStreams<{ Records: object[] }>(stack, 'GetRecords', {
    ShardIterator,
    Limit: 1,
  });
  return Records.length === 0;
}

async function callStreams<Answer>(stack: Cloud['stack'], action: string, input: object): Promise<Answer> {
  const response = await signedPost({
    url: stack.awsEndpointUrl,
    service: 'dynamodb',
    region: stack.region,
    credentials: { accessKeyId: stack.adminAccessKeyId, secretAccessKey: stack.adminSecretAccessKey },
    headers: {
      'x-amz-target': `DynamoDBStreams_20120810.${action}`,
      'content-type': 'application/x-amz-json-1.0',
    },
    body: JSON.stringify(input),
  });
  if (!response.ok) throw new Error(`${action} was answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer;
}
