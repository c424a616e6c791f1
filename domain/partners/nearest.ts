/** The option that is spelled most like what was given; undefined when none is anything like it. */
export function nearest(given: string, options: readonly string[]): string | undefined {
  const [best] = options
    .map((option) => ({ option, distance: editDistance(given.toLowerCase(), option.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  return best && best.distance <= Math.max(2, best.option.length / 2) ? best.option : undefined;
}

/** Levenshtein's: how many characters must be put in, taken out or replaced (https://doi.org/10.1145/321796.321811). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
