import { fork } from 'node:child_process';
import { machine } from '../machine.ts';
import { untilBusEmpty } from '../queues.ts';
import type { FanOutArguments } from './arguments.ts';
import { type RateFigures, rateFigures } from './figures.ts';
import type { Load, LoadResult } from './load.ts';
import type { FanOutFigures } from './report.ts';
import { type SharingStack, startSharing } from './stack.ts';

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
      await untilBusEmpty(stack.stack, stack.pid);
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
  const warmUp = Math.ceil(count / 5);
  const load: Load = { stack, token, customerIds, consumerQueueUrl, partnerQueueUrl, rate, warmUp, count };
  const child = fork(new URL('./load.ts', import.meta.url));
  return new Promise((resolve, reject) => {
    child.once('message', (result: LoadResult) => {
      child.disconnect();
      resolve(result);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the process that sends ${rate}/s ended with ${code}`)));
    child.send(load);
  });
}

function lineOf({ asked, reached, errors, firstError, ways }: RateFigures): string {
  const p99 = Object.entries(ways).map(([way, figures]) => `${way} ${figures.p99.toFixed(0)} ms`);
  const failed = firstError ? `; ${errors} errors, the first ${firstError}` : '';
  return `${asked}/s: ${reached.toFixed(1)}/s reached, p99 ${p99.join(', ')}${failed}`;
}
