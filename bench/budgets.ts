/** What a function may cost at a cold start: the limits of `budgets.json`. */
export interface Budget {
  /** The minified module, in KiB. */
  readonly codeKiB: number;
  /** The time of the processor for a process that loads it, as a multiple of that with an empty handler. */
  readonly timesEmpty: number;
}

const remedy = 'See what is in it with npm run bench:cold-start, or raise its limit in bench/budgets.json.';

/** What is over its limit, in words; nothing when all limits are kept. A function without a limit is over it. */
export function overruns(
  budgets: Readonly<Record<string, Budget>>,
  measured: ReadonlyMap<string, Partial<Budget>>,
): string[] {
  return [...measured].flatMap(([name, { codeKiB = 0, timesEmpty = 0 }]) => {
    const budget = budgets[name];
    if (!budget) return [`${name} has no limits: give it some in bench/budgets.json.`];
    const size = `${name} has ${codeKiB.toFixed(0)} KiB of code, ${budget.codeKiB} are allowed. ${remedy}`;
    const time = `${name} takes ${timesEmpty.toFixed(1)} times an empty handler to load, ${budget.timesEmpty} are allowed. ${remedy}`;
    return [...(codeKiB > budget.codeKiB ? [size] : []), ...(timesEmpty > budget.timesEmpty ? [time] : [])];
  });
}
