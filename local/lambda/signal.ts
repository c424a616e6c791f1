/** Wakes the one who waits; a call before the wait ends it at once. */
export interface Signal {
  notify(): void;
  /** Resolves at the next `notify`, or after `milliseconds` when they are given. */
  wait(milliseconds?: number): Promise<void>;
}

export function createSignal(): Signal {
  let pending = false;
  let wake: (() => void) | undefined;
  return {
    notify() {
      pending = true;
      wake?.();
    },
    async wait(milliseconds) {
      if (!pending) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        const timer = milliseconds === undefined ? undefined : setTimeout(resolve, milliseconds);
        await promise;
        clearTimeout(timer);
        wake = undefined;
      }
      pending = false;
    },
  };
}
