import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { substitutes } from './substitutes.ts';

/** Bundles are ES modules; what some CommonJS dependencies ask of `require` comes from here. */
const BANNER =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/** How a folder of functions is bundled, and the functions' names. */
export interface Bundling {
  readonly names: readonly string[];
  readonly options: BuildOptions;
}

/**
 * Every `handler.ts` below a folder of functions, each for `<into>/<function>/index.mjs`, with all that it imports. A
 * function is named by the last folder of its path: `api/customers/handler.ts` is `customers`.
 */
export function bundlingOf(functionsFolder: string, into: string): Bundling {
  const handlers = readdirSync(functionsFolder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /(^|[\\/])handler\.ts$/.test(path))
    .sort();
  const names = handlers.map(functionName);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new Error(
      `Two functions in ${functionsFolder} are called ${JSON.stringify(twice)}: rename the folder of one.`,
    );
  }
  const options: BuildOptions = {
    entryPoints: handlers.map((path) => ({
      in: join(functionsFolder, path),
      out: `${functionName(path)}/index`,
    })),
    outdir: into,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    banner: { js: BANNER },
    minify: true,
    charset: 'utf8',
    legalComments: 'none',
    plugins: [substitutes],
    logLevel: 'warning',
  };
  return { names, options };
}

/** Bundles a folder of functions. Returns the folder of each function's bundle by the function's name. */
export async function bundleFunctions(
  functionsFolder: string,
  into: string,
): Promise<ReadonlyMap<string, string>> {
  const { names, options } = bundlingOf(functionsFolder, into);
  await build(options);
  return new Map(names.map((name) => [name, join(into, name)]));
}

function functionName(path: string): string {
  return path.split(/[\\/]/).at(-2) ?? path;
}
