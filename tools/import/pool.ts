/**
 * Runs the tasks that `body` starts, at most `size` at the same time; starting one waits until there is room. After a
 * failure nothing more is started. All tasks have ended when this resolves or rejects.
 *
 * @throws the first failure of a task, or of `body`.
 */
export async function withPool(
  size: number,
  body: (start: (task: () => Promise<void>) => Promise<void>) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const check = () => {
    if (failures.length > 0) throw failures[0];
  };
  const start = async (task: () => Promise<void>) => {
    while (running.size >= size) await Promise.race(running);
    check();
    const run: Promise<void> = task()
      .catch((error: unknown) => {
        failures.push(error);
      })
      .finally(() => running.delete(run));
    running.add(run);
  };
  try {
    await body(start);
  } finally {
    await Promise.all(running);
  }
  check();
}
