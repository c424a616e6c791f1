import { setTimeout as sleep } from 'node:timers/promises';
import type { Cloud } from '../../local/cloud.ts';
import { compileFilter, type Filter } from '../../local/lambda/filter.ts';
import { signedPost } from '../../test/support/signed-post.ts';
import { messagesIn } from '../../test/support/sqs.ts';
import { consumerQueues } from '../queues.ts';
import type { Meter } from './meter.ts';

/** How many events SES tells of a mail that arrives: that it was sent, and that it was delivered. */
const EVENTS_OF_A_MAIL = 2;

/** Where a cloud's work waits. */
interface Waiting {
  readonly queues: readonly string[];
  readonly stream: { readonly StreamArn: string; readonly ShardId: string };
}

/**
 * What waits until everything that follows from what was done has happened: the relay has got all of the stream that it is
 * to get, the outcome of each mail is heard of, the queues of the consumers are empty, and nothing moved while that was
 * looked at.
 *
 * @param mailEvents the name of the function that hears what became of mail
 * @param relayPatterns those of the stream's records that the relay gets
 */
export async function idleOf(
  stack: Cloud['stack'],
  meter: Meter,
  { mailEvents, relayPatterns }: { readonly mailEvents: string; readonly relayPatterns: readonly string[] },
): Promise<() => Promise<void>> {
  const isForRelay = compileFilter(relayPatterns);
  const waiting: Waiting = { queues: (await consumerQueues(stack)).incoming, stream: await streamOf(stack) };
  const isIdle = async () =>
    meter.total('delivery', mailEvents) >= EVENTS_OF_A_MAIL * meter.total('mail') &&
    (await isRelayed(stack, waiting, isForRelay, meter.lastRecord())) &&
    (await areEmpty(stack, waiting));

  return async () => {
    for (const deadline = Date.now() + 120_000; Date.now() < deadline; await sleep(10)) {
      const before = meter.moves();
      if ((await isIdle()) && meter.moves() === before) return;
    }
    throw new Error('The cloud was not idle within two minutes: a consumer fails again and again.');
  };
}

async function areEmpty(stack: Cloud['stack'], { queues }: Waiting): Promise<boolean> {
  const counts = await Promise.all(queues.map((url) => messagesIn(stack, url)));
  return counts.every((count) => count === 0);
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

/** Whether the stream holds nothing for the relay behind the last record that it got. */
async function isRelayed(
  stack: Cloud['stack'],
  { stream }: Waiting,
  isForRelay: Filter,
  last?: string,
): Promise<boolean> {
  const from =
    last === undefined
      ? { ShardIteratorType: 'TRIM_HORIZON' }
      : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: last };
  let { ShardIterator } = await callStreams<{ ShardIterator: string }>(stack, 'GetShardIterator', {
    ...stream,
    ...from,
  });
  for (;;) {
    const { Records, NextShardIterator } = await callStreams<Page>(stack, 'GetRecords', { ShardIterator });
    if (Records.length === 0) return true;
    if (Records.some(isForRelay)) return false;
    ShardIterator = NextShardIterator;
  }
}

interface Page {
  readonly Records: readonly object[];
  readonly NextShardIterator: string;
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
