/**
 * Handles items, at most some of them at the same time, in the order in which they stand.
 *
 * @throws Error of the first that fails; those that are under way then go on, unheard
 */
export async function eachAtOnce<T>(
  atOnce: number,
  items: readonly T[],
  handle: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const entries = items.entries();
  const worker = async () => {
    for (const [index, item] of entries) await handle(item, index);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
