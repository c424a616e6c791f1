import type { Deployment } from '../template/deploy.ts';

/** Output values by name; what only other stacks read is left out. */
export function outputsOf({ outputs }: Deployment): Record<string, unknown> {
  const all = [...outputs.values()].flatMap((values) => Object.entries(values));
  return Object.fromEntries(all.filter(([name]) => !name.startsWith('ExportsOutput')));
}

/** How many resources of each type there are. */
export function countsOf({ resources }: Deployment): ReadonlyMap<string, number> {
  const byType = Map.groupBy(resources, ({ type }) => type);
  return new Map([...byType].map(([type, all]) => [type, all.length]));
}
