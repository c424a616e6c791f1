import { fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { processorMs } from '../process.ts';
import type { GeneratorMessage, Run, RunResult } from './generator.ts';
import type { SdkFloor } from './sdk-floor.ts';

/** A case, run once. */
export interface Measured extends RunResult {
  /** Milliseconds of processor time of the server for an operation, while they were sent. */
  readonly processorMs: number;
  /** The same with everything that followed, until the bus was empty; as before for what nothing follows. */
  readonly processorMsInAll: number;
  /** Seconds from the last answer until the bus was empty. */
  readonly drainSeconds: number;
}

/** Runs a case from a process of its own and, where facts follow, waits with `drain` until what comes of them is done. */
export async function measure(pid: number, run: Run, drain?: () => Promise<number>): Promise<Measured> {
  const child = fork(new URL('./generator.ts', import.meta.url));
  let before = 0;
  let beforeWarmUp = 0;
  const result = await new Promise<RunResult>((resolve, reject) => {
    child.on('message', (message: GeneratorMessage) => {
      if ('begins' in message) before = processorMs(pid);
      else resolve(message.result);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the generator ended with ${code}`)));
    beforeWarmUp = processorMs(pid);
    child.send(run);
  });
  const after = processorMs(pid);
  const ended = performance.now();
  const requestPath = (after - before) / result.operations;
  if (!drain) {
    return { ...result, processorMs: requestPath, processorMsInAll: requestPath, drainSeconds: 0 };
  }
  const idleSince = await drain();
  // What the warm-up wrote is drained too: its share is that of its operations.
  const warmUp = before - beforeWarmUp;
  const operationsInAll = result.operations * ((warmUp + after - before) / (after - before));
  return {
    ...result,
    processorMs: requestPath,
    processorMsInAll: requestPath + (processorMs(pid) - after) / operationsInAll,
    drainSeconds: Math.max(0, (idleSince - ended) / 1000) * (result.operations / operationsInAll),
  };
}

/** What the SDK takes for a call here and now, measured in a process of its own. */
export function sdkFloor(): Promise<SdkFloor> {
  return new Promise((resolve, reject) => {
    const child = fork(new URL('./sdk-floor.ts', import.meta.url));
    child.once('message', (floor: SdkFloor) => resolve(floor));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`measuring the SDK ended with ${code}`)));
  });
}

/** The value in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(middle)] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

export const pause = (seconds: number): Promise<void> => sleep(seconds * 1000);
