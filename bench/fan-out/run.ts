import { fork } from 'node:child_process';
import { untilProcessIdle } from '../process.ts';
import { machine } from '../report.ts';
import type { FanOutArguments } from './arguments.ts';
import { percentile, type WayFigures, wayFigures } from './latencies.ts';
import type { Load, LoadResult, Way } from './load.ts';
import { type SharingStack, startSharing } from './stack.ts';

/** What came of a rate. */
export interface RateFigures {
  /** Interactions a second that were asked for, and that were really answered. */
  readonly asked: number;
  readonly reached: number;
  /** Requests that were not answered with an interaction, and the first answer. */
  readonly errors: number;
  readonly firstError: string | undefined;
  /** Milliseconds from a request to its answer. */
  readonly answered: { readonly p50: number; readonly p99: number };
  readonly ways: Readonly<Record<Way, WayFigures>>;
  /** Which share of the time the process had to do that sends and hears. */
  readonly busy: number;
}

export interface FanOutFigures {
  readonly arguments: FanOutArguments;
  readonly machine: string;
  /** A day, in UTC. */
  readonly measuredOn: string;
  readonly rates: readonly RateFigures[];
}

/** A low rate goes on until there is something to tell of. */
const leastInteractions = 30;

/** Runs every rate; `tell` hears of each. @throws Error when a rate gets no answer at all */
export async function runFanOut(
  asked: FanOutArguments,
  tell: (line: string) => void,
): Promise<FanOutFigures> {
  const stack = await startSharing(asked.customers);
  try {
    tell(`${asked.customers} customers are there`);
    const rates: RateFigures[] = [];
    for (const rate of asked.rates) {
      const figures = rateFigures(rate, await runLoad(stack, rate, asked.seconds));
      rates.push(figures);
      tell(lineOf(figures));
      await untilProcessIdle(stack.pid);
    }
    const measuredOn = new Date().toISOString().slice(0, 10);
    return { arguments: asked, machine: machine(), measuredOn, rates };
  } finally {
    await stack.remove();
  }
}

function runLoad(sharing: SharingStack, rate: number, seconds: number): Promise<LoadResult> {
  const { stack, token, customerIds, consumerQueueUrl, partnerQueueUrl } = sharing;
  const count = Math.max(leastInteractions, rate * seconds);
  const load: Load = {
    ...{ stack, token, customerIds, consumerQueueUrl, partnerQueueUrl, rate, count },
    warmUp: Math.ceil(count / 5),
  };
  const child = fork(new URL('./load.ts', import.meta.url), { serialization: 'advanced' });
  return new Promise((resolve, reject) => {
    child.once('message', (result: LoadResult) => resolve(result));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the process that sends ${rate}/s ended with ${code}`)));
    child.send(load);
  });
}

/** @throws Error when nothing was answered, with the first answer */
export function rateFigures(asked: number, { ways, answers, ...result }: LoadResult): RateFigures {
  const { seconds, errors, firstError, busy } = result;
  if (answers.length === 0) throw new Error(`at ${asked}/s no interaction was logged: ${firstError}`);
  return {
    asked,
    reached: answers.length / seconds,
    errors,
    firstError,
    answered: { p50: percentile(answers, 50), p99: percentile(answers, 99) },
    ways: {
      consumer: wayFigures(ways.consumer),
      score: wayFigures(ways.score),
      subscriber: wayFigures(ways.subscriber),
      partner: wayFigures(ways.partner),
    },
    busy,
  };
}

function lineOf({ asked, reached, errors, firstError, ways }: RateFigures): string {
  const p99 = Object.entries(ways).map(([way, figures]) => `${way} ${figures.p99.toFixed(0)} ms`);
  const failed = firstError ? `; ${errors} errors, the first ${firstError}` : '';
  return `${asked}/s: ${reached.toFixed(1)}/s reached, p99 ${p99.join(', ')}${failed}`;
}
