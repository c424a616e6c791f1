import { setTimeout as sleep } from 'node:timers/promises';

/** What is sent at a fixed rate. */
export interface OpenLoop {
  /** How many a second. */
  readonly rate: number;
  readonly count: number;
  /** Called with 0, 1, 2 … when each is due, and with that moment; nobody waits for what it begins. */
  readonly send: (n: number, dueAt: number) => void;
}

/**
 * Sends at a fixed rate, however long the answers take: what is late for lack of time is sent at once, so that the rate
 * stays.
 */
export async function openLoop({ rate, count, send }: OpenLoop): Promise<void> {
  const began = performance.now();
  for (let n = 0; n < count; n++) {
    const dueAt = began + (n * 1000) / rate;
    // A timer may ring early by more than a millisecond.
    for (let early = dueAt - performance.now(); early > 0; early = dueAt - performance.now())
      await sleep(early);
    send(n, dueAt);
  }
}
