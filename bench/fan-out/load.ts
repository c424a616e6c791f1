import { setTimeout as sleep } from 'node:timers/promises';
import { type Commit, createLogger } from './mutation.ts';
import { openLoop } from './open-loop.ts';
import { openWays, type Passages, type WaysOptions } from './ways.ts';

/** One rate: what the process is given that logs the interactions and hears of what follows. */
export interface Load extends WaysOptions {
  /** Interactions a second. */
  readonly rate: number;
  /** How many are logged before any counts, and then. */
  readonly warmUp: number;
  readonly count: number;
}

/** What came of it, without the warm-up. */
export interface LoadResult extends Logged {
  readonly passages: Passages;
}

interface Logged {
  /** In the order in which they were due. */
  readonly commits: readonly Commit[];
  /** From when the first was due until the last was answered. */
  readonly seconds: number;
  /** Answers that were no interaction, and the first of them. */
  readonly errors: number;
  readonly firstError: string | undefined;
  /** Which share of the time this process had to do; near 1 it would measure itself. */
  readonly busy: number;
}

/** How many scores are watched a second: to read them all would be a load of its own. */
const scoresWatched = 5;
/** What is not there so long after anything was is taken for lost. */
const quietMs = 15_000;

async function measure(load: Load): Promise<LoadResult> {
  const ways = await openWays(load);
  const logged = await logAll(load, ways.watch);
  const passages = () => ways.passages(logged.commits);
  await untilQuiet(() => missingOf(passages()));
  await ways.stop();
  return { ...logged, passages: passages() };
}

/** Logs interactions at the rate until all are answered; some of them are watched. */
async function logAll(load: Load, watch: (commit: Commit) => void): Promise<Logged> {
  const { stack, token, customerIds, rate, warmUp, count } = load;
  // A message of an earlier run that comes late must not pass for one of this.
  const run = `${rate}-${Date.now()}`;
  const logger = createLogger({ graphqlUrl: stack.graphqlUrl, token, customerIds, run });
  const everyWatched = Math.ceil(rate / scoresWatched);
  const answers: Promise<Commit | string>[] = [];
  let [began, idle] = [0, performance.eventLoopUtilization()];

  async function log(n: number, dueAt: number): Promise<Commit | string> {
    try {
      const commit = await logger.log(n, dueAt);
      if (n >= warmUp && n % everyWatched === 0) watch(commit);
      return commit;
    } catch (error) {
      return (error as Error).message;
    }
  }

  await openLoop({
    rate,
    count: warmUp + count,
    send: (n, dueAt) => {
      if (n === warmUp) [began, idle] = [dueAt, performance.eventLoopUtilization()];
      answers.push(log(n, dueAt));
    },
  });
  const measured = await Promise.all(answers.slice(warmUp));
  const seconds = Math.max(count / rate, (performance.now() - began) / 1000);
  const { utilization } = performance.eventLoopUtilization(idle);
  await logger.close();
  const errors = measured.filter((answer) => typeof answer === 'string');
  return {
    commits: measured.filter((answer) => typeof answer !== 'string'),
    seconds,
    errors: errors.length,
    firstError: errors[0],
    busy: utilization,
  };
}

const missingOf = (passages: Passages): number =>
  Object.values(passages)
    .flat()
    .filter(({ arrivedAt }) => arrivedAt === undefined).length;

/** Waits until nothing is missing any more, or nothing has come for long. */
async function untilQuiet(missing: () => number): Promise<void> {
  let left = missing();
  for (let since = performance.now(); left > 0 && performance.now() - since < quietMs; await sleep(100)) {
    const now = missing();
    if (now < left) [left, since] = [now, performance.now()];
  }
}

// Who listens stays alive until the parent has the result and disconnects.
process.on('message', (load: Load) => {
  void measure(load).then((result) => process.send?.(result));
});
