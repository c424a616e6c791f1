import { build, type Metafile } from 'esbuild';
import { bundlingOf } from '../../infra/bundle.ts';

/** How much of a bundle comes from one place. */
export interface Share {
  /** A package, or a folder of ours: `electrodb`, `functions/table`. */
  readonly from: string;
  readonly bytes: number;
}

/** The package that a module belongs to, or the folder of ours that it lies in. */
export function originOf(path: string): string {
  const inPackage = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
  return inPackage ?? path.split('/').slice(0, -1).slice(0, 2).join('/');
}

type Output = Metafile['outputs'][string];

/** Where most of a bundle comes from: the biggest first. */
export function biggestShares({ inputs }: Pick<Output, 'inputs'>, count: number): Share[] {
  const shares = new Map<string, number>();
  for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
    const from = originOf(path);
    shares.set(from, (shares.get(from) ?? 0) + bytesInOutput);
  }
  return [...shares]
    .map(([from, bytes]) => ({ from, bytes }))
    .sort((one, other) => other.bytes - one.bytes)
    .slice(0, count);
}

/** What the bundles of a folder of functions are made of, by the function's name. */
export async function outputsOf(functionsFolder: string): Promise<ReadonlyMap<string, Output>> {
  const { options } = bundlingOf(functionsFolder, 'bundles');
  const { metafile } = await build({ ...options, metafile: true, write: false });
  return new Map(
    Object.entries(metafile.outputs).map(([path, output]) => [path.split('/').at(-2) ?? '', output]),
  );
}
