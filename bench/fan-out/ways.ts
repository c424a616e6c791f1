import type { StackFile } from '../../test/support/stack.ts';
import { createAwsCall } from '../../tools/client/aws.ts';
import { type Passage, passagesOf } from './latencies.ts';
import type { Commit } from './mutation.ts';
import { readQueue } from './queue.ts';
import { watchScores } from './scores.ts';
import { followCustomers } from './sockets.ts';

/** The places that an interaction is to reach. */
export type Way = 'consumer' | 'score' | 'subscriber' | 'partner';

export type Passages = Readonly<Record<Way, readonly Passage[]>>;

/** Where the places are, and who looks there. */
export interface WaysOptions {
  readonly stack: StackFile;
  readonly token: string;
  readonly customerIds: readonly string[];
  readonly consumerQueueUrl: string;
  readonly partnerQueueUrl: string;
}

interface BusEvent {
  readonly subject: string;
}

interface SharedEvent {
  readonly data: { readonly interaction?: { readonly subject?: string } };
}

/** Listens in all places, the table aside, where it looks for what it is told to watch. */
export async function openWays({ stack, token, customerIds, ...queues }: WaysOptions) {
  const aws = createAwsCall(stack);
  const subscriber = await followCustomers({ graphqlUrl: stack.graphqlUrl, token }, customerIds);
  const consumer = readQueue<BusEvent>(aws, queues.consumerQueueUrl, ({ subject }) => subject);
  const partner = readQueue<SharedEvent>(
    aws,
    queues.partnerQueueUrl,
    ({ data }) => data.interaction?.subject ?? '',
  );
  const scores = watchScores(aws, stack);
  const watched = new Set<Commit>();

  return {
    /** Looks for an interaction in the score of its customer from now on. */
    watch(commit: Commit): void {
      watched.add(commit);
      scores.watch(commit);
    },
    /** How far interactions have come by now; in the score only those that are watched. */
    passages: (commits: readonly Commit[]): Passages => ({
      consumer: passagesOf(commits, consumer.arrivals, ({ id }) => id),
      score: passagesOf(
        commits.filter((commit) => watched.has(commit)),
        scores.arrivals,
        ({ id }) => id,
      ),
      subscriber: passagesOf(commits, subscriber.arrivals, ({ id }) => id),
      partner: passagesOf(commits, partner.arrivals, ({ subject }) => subject),
    }),
    async stop(): Promise<void> {
      await Promise.all([consumer.stop(), partner.stop(), scores.stop()]);
      subscriber.stop();
    },
  };
}
