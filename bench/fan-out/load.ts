import { setTimeout as sleep } from 'node:timers/promises';
import type { StackFile } from '../../test/support/stack.ts';
import { createAwsCall } from '../../tools/client/aws.ts';
import { type Passage, passagesOf } from './latencies.ts';
import { type Commit, createLogger } from './mutation.ts';
import { openLoop } from './open-loop.ts';
import { readQueue } from './queue.ts';
import { watchScores } from './scores.ts';
import { followCustomers } from './sockets.ts';

/** One rate: what the process is given that logs the interactions and hears of what follows. */
export interface Load {
  readonly stack: StackFile;
  readonly token: string;
  readonly customerIds: readonly string[];
  readonly consumerQueueUrl: string;
  readonly partnerQueueUrl: string;
  /** Interactions a second. */
  readonly rate: number;
  /** How many are logged before any counts, and then. */
  readonly warmUp: number;
  readonly count: number;
}

/** What came of it, without the warm-up. */
export interface LoadResult {
  /** From when the first was due until the last was answered. */
  readonly seconds: number;
  /** Answers that were no interaction, and the first of them. */
  readonly errors: number;
  readonly firstError: string | undefined;
  /** Milliseconds from each request to its answer. */
  readonly answers: readonly number[];
  readonly ways: Readonly<Record<Way, readonly Passage[]>>;
  /** Which share of the time this process had to do; near 1 it would measure itself. */
  readonly busy: number;
}

/** The places that an interaction is to reach. */
export type Way = 'consumer' | 'score' | 'subscriber' | 'partner';

/** How many scores are watched a second: to read them all would be a load of its own. */
const scoresWatched = 5;
/** What is not there so long after anything was is taken for lost. */
const quietMs = 15_000;

interface BusEvent {
  readonly subject: string;
}

interface SharedEvent {
  readonly data: { readonly interaction?: { readonly subject?: string } };
}

async function load({
  stack,
  token,
  customerIds,
  rate,
  warmUp,
  count,
  ...queues
}: Load): Promise<LoadResult> {
  const aws = createAwsCall(stack);
  const { graphqlUrl } = stack;
  const subscriber = await followCustomers({ graphqlUrl, token }, customerIds);
  const consumer = readQueue<BusEvent>(aws, queues.consumerQueueUrl, ({ subject }) => subject);
  const partner = readQueue<SharedEvent>(
    aws,
    queues.partnerQueueUrl,
    ({ data }) => data.interaction?.subject ?? '',
  );
  const scores = watchScores(aws, stack);
  const logger = createLogger({ graphqlUrl, token, customerIds, run: `at-${rate}` });

  const commits: Commit[] = [];
  const sampled: Commit[] = [];
  const refused: string[] = [];
  const everyWatched = Math.ceil(rate / scoresWatched);
  async function log(n: number): Promise<void> {
    try {
      const commit = await logger.log(n);
      if (n < warmUp) return;
      commits.push(commit);
      if (n % everyWatched !== 0) return;
      sampled.push(commit);
      scores.watch(commit);
    } catch (error) {
      refused.push((error as Error).message);
    }
  }

  const logged: Promise<void>[] = [];
  let began = performance.now();
  let idle = performance.eventLoopUtilization();
  const send = (n: number) => {
    if (n === warmUp) [began, idle] = [performance.now(), performance.eventLoopUtilization()];
    logged.push(log(n));
  };
  await openLoop({ rate, count: warmUp + count, send });
  await Promise.all(logged);
  const seconds = Math.max(count / rate, (performance.now() - began) / 1000);
  const { utilization } = performance.eventLoopUtilization(idle);

  const ways = (): LoadResult['ways'] => ({
    consumer: passagesOf(commits, consumer.arrivals, ({ id }) => id),
    score: passagesOf(sampled, scores.arrivals, ({ id }) => id),
    subscriber: passagesOf(commits, subscriber.arrivals, ({ id }) => id),
    partner: passagesOf(commits, partner.arrivals, ({ subject }) => subject),
  });
  await untilQuiet(
    () =>
      Object.values(ways())
        .flat()
        .filter(({ arrivedAt }) => arrivedAt === undefined).length,
  );
  await Promise.all([consumer.stop(), partner.stop(), scores.stop(), logger.close()]);
  subscriber.stop();
  return {
    seconds,
    errors: refused.length,
    firstError: refused[0],
    answers: commits.map(({ sentAt, committedAt }) => committedAt - sentAt),
    ways: ways(),
    busy: utilization,
  };
}

/** Waits until nothing is missing any more, or nothing has come for long. */
async function untilQuiet(missing: () => number): Promise<void> {
  let left = missing();
  for (let since = performance.now(); left > 0 && performance.now() - since < quietMs; await sleep(100)) {
    const now = missing();
    if (now < left) [left, since] = [now, performance.now()];
  }
}

process.once('message', (asked: Load) => {
  void load(asked).then((result) => {
    process.send?.(result);
    process.disconnect();
  });
});
