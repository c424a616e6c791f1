/** Reads a place in an event; undefined where the path leads nowhere. */
export type PathReader = (event: object) => unknown;

/**
 * Compiles a JSON path as rules know it: `$`, then `.name`, `[0]` and the wildcards `.*` and `[*]`, which give an array.
 * Throws an `Error` that names the path.
 */
export function compilePath(path: string): PathReader {
  if (!/^\$(\.(\*|[\w/-]+)|\[(\d+|\*)\])*$/.test(path)) {
    throw new Error(`Invalid JSON path '${path}': use $, .name, [0] and [*].`);
  }
  const steps = [...path.matchAll(/\.([^.[]+)|\[([^\]]+)\]/g)].map((match) => match[1] ?? match[2] ?? '');
  return (event) => read(event, steps, 0);
}

function read(value: unknown, steps: readonly string[], at: number): unknown {
  const step = steps[at];
  if (step === undefined) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  if (step === '*') {
    const found = Object.values(value).map((each) => read(each, steps, at + 1));
    return found.filter((each) => each !== undefined);
  }
  return Object.hasOwn(value, step)
    ? read((value as Record<string, unknown>)[step], steps, at + 1)
    : undefined;
}
