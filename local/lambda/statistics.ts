import type { Invocation } from './pool.ts';

/** What was measured of one function since the start of the process. */
export interface FunctionStatistics {
  readonly functionName: string;
  readonly invocations: number;
  /** Invocations that ended with an error of the function. */
  readonly errors: number;
  readonly throttles: number;
  /** Environments that were started. */
  readonly coldStarts: number;
  /** Milliseconds that the start of the latest one took; undefined before there was one. */
  readonly initMilliseconds: number | undefined;
}

/** Counts what happens to functions. */
export interface Statistics {
  invoked(functionName: string, invocation: Invocation): void;
  throttled(functionName: string): void;
  /** Of one function; all zeros for one that nobody invoked. */
  of(functionName: string): FunctionStatistics;
}

export function createStatistics(): Statistics {
  const all = new Map<string, FunctionStatistics>();
  const of = (functionName: string): FunctionStatistics =>
    all.get(functionName) ?? {
      functionName,
      invocations: 0,
      errors: 0,
      throttles: 0,
      coldStarts: 0,
      initMilliseconds: undefined,
    };
  return {
    of,
    invoked(functionName, { outcome, initMilliseconds }) {
      const before = of(functionName);
      all.set(functionName, {
        ...before,
        invocations: before.invocations + 1,
        errors: before.errors + (outcome.kind === 'error' ? 1 : 0),
        coldStarts: before.coldStarts + (initMilliseconds === undefined ? 0 : 1),
        initMilliseconds: initMilliseconds ?? before.initMilliseconds,
      });
    },
    throttled(functionName) {
      const before = of(functionName);
      all.set(functionName, { ...before, throttles: before.throttles + 1 });
    },
  };
}
