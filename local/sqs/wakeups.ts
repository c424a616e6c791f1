/** Tells who waits on a queue that messages may be there: after a send, and when a delay or a visibility timeout ends. */
export interface Wakeups {
  /** Messages are there: calls the listeners after the commit of what this turn of the event loop wrote. */
  now(queueId: number): void;
  /** Messages will be there at `time` (milliseconds since 1970). */
  at(queueId: number, time: number): void;
  /** Calls `listener` once soon and then at every wake-up, until the returned function is called. */
  listen(queueId: number, listener: () => void): () => void;
  close(): void;
}

interface Waiting {
  readonly listeners: Set<() => void>;
  immediate?: NodeJS.Immediate | undefined;
  timer?: NodeJS.Timeout | undefined;
  due: number;
}

export function createWakeups(clock: () => number): Wakeups {
  const queues = new Map<number, Waiting>();

  function call(waiting: Waiting): void {
    waiting.immediate = undefined;
    for (const listener of [...waiting.listeners]) listener();
  }

  function now(queueId: number): void {
    const waiting = queues.get(queueId);
    if (waiting && !waiting.immediate) waiting.immediate = setImmediate(call, waiting);
  }

  function disarm(waiting: Waiting): void {
    clearTimeout(waiting.timer);
    waiting.timer = undefined;
    waiting.due = Number.POSITIVE_INFINITY;
  }

  function forget(queueId: number, waiting: Waiting): void {
    disarm(waiting);
    clearImmediate(waiting.immediate);
    queues.delete(queueId);
  }

  return {
    now,
    at(queueId, time) {
      const waiting = queues.get(queueId);
      if (!waiting || waiting.due <= time) return;
      clearTimeout(waiting.timer);
      waiting.due = time;
      waiting.timer = setTimeout(
        () => {
          disarm(waiting);
          now(queueId);
        },
        Math.max(1, time - clock()),
      );
    },
    listen(queueId, listener) {
      const waiting = queues.get(queueId) ?? { listeners: new Set(), due: Number.POSITIVE_INFINITY };
      queues.set(queueId, waiting);
      waiting.listeners.add(listener);
      now(queueId);
      return () => {
        waiting.listeners.delete(listener);
        if (waiting.listeners.size === 0) forget(queueId, waiting);
      };
    },
    close() {
      for (const [queueId, waiting] of queues) forget(queueId, waiting);
    },
  };
}
