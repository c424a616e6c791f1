import { randomUUID } from 'node:crypto';
import type { Environment } from './environment.ts';
import { type FunctionError, failed, type Outcome } from './result.ts';

/** The environments of one function. */
export interface Pool {
  /**
   * Runs an event, which is JSON text, in an environment of its own; waits for one while all are busy. What is in work and
   * what waits count as concurrent: beyond `concurrency` an event is throttled.
   */
  invoke(event: string, options?: InvokeOptions): Promise<Outcome>;
  /** Runs what comes from now on in new environments; those that run something end after it. */
  renew(): void;
  /** Ends every environment at once, also those that run something. */
  kill(): Promise<void>;
  /** Ends every environment and runs nothing any more. */
  close(): Promise<void>;
}

export interface InvokeOptions {
  /** Default: a new one. */
  readonly requestId?: string | undefined;
  /** Ends the environment so many milliseconds after the event was handed to it. */
  readonly killAfter?: number;
  /** Ends the environment when this resolves, if it runs the event still. */
  readonly killWhen?: Promise<unknown>;
  /** Ends the environment when the event is done, before anybody hears of it. */
  readonly loseAnswer?: boolean;
}

export interface PoolOptions {
  readonly start: () => Environment;
  /** The most environments at once. */
  readonly max: number;
  /** How many events at once; default: without limit. */
  readonly concurrency?: number | undefined;
  /** Hears of every event that was run, or whose environment could not start. */
  readonly observe?: ((invocation: Invocation) => void) | undefined;
  /** How long an environment may have nothing to do before it ends; the last one stays. */
  readonly idleMilliseconds: number;
}

/** An event that was run. */
export interface Invocation {
  readonly requestId: string;
  /** JSON text. */
  readonly event: string;
  readonly outcome: Outcome;
  /** Without the start of the environment. */
  readonly milliseconds: number;
  /** How long the start of its environment took, when this event is the first in it. */
  readonly initMilliseconds: number | undefined;
}

interface Waiting {
  readonly event: string;
  readonly options: InvokeOptions;
  readonly settle: (outcome: Outcome) => void;
}

/**
 * Keeps environments warm and starts them on demand, one at a time: a burst of calls finds the first environment before
 * a second has loaded, and loading takes most of the work.
 */
export function createPool({ start, max, concurrency, observe, idleMilliseconds }: PoolOptions): Pool {
  const limit = concurrency ?? Number.POSITIVE_INFINITY;
  let inWork = 0;
  const idle: { environment: Environment; since: number }[] = [];
  const all = new Set<Environment>();
  const stale = new Set<Environment>();
  const waiting: Waiting[] = [];
  let starting = false;
  let closed = false;
  let reaper: NodeJS.Timeout | undefined;

  function pump(): void {
    while (waiting.length > 0) {
      const environment = idle.pop()?.environment;
      if (!environment) break;
      if (environment.alive()) void run(environment, waiting.shift() as Waiting);
      else all.delete(environment);
    }
    if (waiting.length > 0 && !starting && all.size < max) void add();
  }

  async function add(): Promise<void> {
    starting = true;
    const environment = start();
    all.add(environment);
    const error = await environment.ready;
    starting = false;
    if (error) {
      all.delete(environment);
      failToStart(error);
    } else rest(environment);
    pump();
  }

  function failToStart(error: FunctionError): void {
    const first = waiting.shift();
    if (!first) return;
    const { event, options, settle } = first;
    const outcome: Outcome = { kind: 'error', error };
    const requestId = options.requestId ?? randomUUID();
    observe?.({ requestId, event, outcome, milliseconds: 0, initMilliseconds: undefined });
    settle(outcome);
  }

  async function run(environment: Environment, { event, options, settle }: Waiting): Promise<void> {
    const requestId = options.requestId ?? randomUUID();
    const initMilliseconds = environment.takeInitMilliseconds();
    const began = performance.now();
    const answer = environment.invoke(requestId, event);
    let running = true;
    if (options.killAfter !== undefined) setTimeout(() => void environment.kill(), options.killAfter);
    void options.killWhen?.then(() => {
      if (running) void environment.kill();
    });
    const outcome = await answer;
    running = false;
    if (options.loseAnswer) await environment.kill();
    const known = options.loseAnswer
      ? failed(requestId, 'Runtime.ExitError', 'Runtime exited with error: signal: killed')
      : outcome;
    observe?.({
      requestId,
      event,
      outcome: known,
      milliseconds: performance.now() - began,
      initMilliseconds,
    });
    finish(environment, known, settle);
  }

  function finish(environment: Environment, outcome: Outcome, settle: Waiting['settle']): void {
    if (environment.alive()) rest(environment);
    else all.delete(environment);
    settle(outcome);
    pump();
  }

  function retire(environment: Environment): void {
    stale.delete(environment);
    all.delete(environment);
    void environment.kill();
  }

  function renew(): void {
    for (const environment of all) stale.add(environment);
    for (const { environment } of idle.splice(0)) retire(environment);
  }

  function rest(environment: Environment): void {
    if (stale.has(environment)) {
      retire(environment);
      return;
    }
    idle.push({ environment, since: performance.now() });
    if (all.size > 1) reaper ??= setTimeout(reap, idleMilliseconds).unref();
  }

  function reap(): void {
    reaper = undefined;
    const before = performance.now() - idleMilliseconds;
    for (let first = idle[0]; first && first.since <= before && all.size > 1; first = idle[0]) {
      idle.shift();
      retire(first.environment);
    }
    if (all.size > 1) reaper = setTimeout(reap, idleMilliseconds).unref();
  }

  async function kill(): Promise<void> {
    const killed = [...all];
    idle.length = 0;
    for (const environment of killed) all.delete(environment);
    await Promise.all(killed.map((environment) => environment.kill()));
  }

  return {
    invoke(event, options = {}) {
      if (closed) return Promise.resolve(stopping);
      if (max === 0 || inWork >= limit) return Promise.resolve({ kind: 'throttled' });
      inWork++;
      return new Promise<Outcome>((settle) => {
        waiting.push({ event, options, settle });
        pump();
      }).finally(() => {
        inWork--;
      });
    },
    renew,
    kill,
    async close() {
      closed = true;
      clearTimeout(reaper);
      for (const { settle } of waiting.splice(0)) settle(stopping);
      await kill();
    },
  };
}

const stopping: Outcome = {
  kind: 'error',
  error: { errorType: 'ServiceException', errorMessage: 'The local cloud is stopping.' },
};
