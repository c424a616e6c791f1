import { randomUUID } from 'node:crypto';
import type { Environment } from './environment.ts';
import { failed, type Outcome } from './result.ts';

/** The environments of one function. */
export interface Pool {
  /** Runs an event, which is JSON text, in an environment of its own; waits for one while all are busy. */
  invoke(event: string, options?: InvokeOptions): Promise<Outcome>;
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
  /** How long an environment may have nothing to do before it ends; the last one stays. */
  readonly idleMilliseconds: number;
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
export function createPool({ start, max, idleMilliseconds }: PoolOptions): Pool {
  const idle: { environment: Environment; since: number }[] = [];
  const all = new Set<Environment>();
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
      waiting.shift()?.settle({ kind: 'error', error });
    } else rest(environment);
    pump();
  }

  async function run(environment: Environment, { event, options, settle }: Waiting): Promise<void> {
    const { requestId = randomUUID() } = options;
    const outcome = environment.invoke(requestId, event);
    let running = true;
    if (options.killAfter !== undefined) setTimeout(() => void environment.kill(), options.killAfter);
    void options.killWhen?.then(() => {
      if (running) void environment.kill();
    });
    const result = await outcome;
    running = false;
    if (options.loseAnswer) {
      await environment.kill();
      const message = 'Runtime exited with error: signal: killed';
      return finish(environment, failed(requestId, 'Runtime.ExitError', message), settle);
    }
    finish(environment, result, settle);
  }

  function finish(environment: Environment, outcome: Outcome, settle: Waiting['settle']): void {
    if (environment.alive()) rest(environment);
    else all.delete(environment);
    settle(outcome);
    pump();
  }

  function rest(environment: Environment): void {
    idle.push({ environment, since: performance.now() });
    if (all.size > 1) reaper ??= setTimeout(reap, idleMilliseconds).unref();
  }

  function reap(): void {
    reaper = undefined;
    const before = performance.now() - idleMilliseconds;
    for (let first = idle[0]; first && first.since <= before && all.size > 1; first = idle[0]) {
      idle.shift();
      all.delete(first.environment);
      void first.environment.kill();
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
      if (max === 0) return Promise.resolve({ kind: 'throttled' });
      return new Promise((settle) => {
        waiting.push({ event, options, settle });
        pump();
      });
    },
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
