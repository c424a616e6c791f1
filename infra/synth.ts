/** `npm run synth -- --tenant acme --out cdk.out`: writes the cloud assembly of a tenant, which is run and deployed. */

import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { claimFolder, inputsHash, isFresh, STAMP, stampAssembly } from './fresh.ts';

const ROOT = join(import.meta.dirname, '..');
/** What the CDK CLI puts into a folder before it asks for the assembly. */
const LOCK = /^(synth|read\.\d+\.\d+)\.lock/;
const USAGE = 'Usage: npm run synth -- [--tenant NAME (demo)] [--out DIR (cdk.out)]';

export interface SynthesisOptions {
  /** Name of a file in `infra/tenants`. */
  readonly tenant: string;
  /** Folder to write to; what another synthesis wrote there is replaced. */
  readonly outdir: string;
}

/**
 * Writes the cloud assembly of a tenant, unless the folder holds it already, and returns the folder's absolute path.
 * Throws a `ConfigFileError` for a tenant or partner that is unknown or wrongly described, and an error with the report when a rule of
 * cdk-nag or of CloudFormation is broken.
 */
export async function synthesize({ tenant, outdir }: SynthesisOptions): Promise<string> {
  const folder = resolve(outdir);
  const hash = inputsHash(ROOT, tenant);
  if (isFresh(folder, hash)) {
    return folder;
  }
  // The library is big: it is loaded only when it is needed, and compiled only once.
  enableCompileCache();
  const { loadTenant } = await import('./tenant.ts');
  const { writeAssembly } = await import('./app.ts');
  const content = loadTenant(tenant);
  clearAssembly(folder);
  claimFolder(folder);
  await writeAssembly(content, ROOT, folder);
  stampAssembly(folder, hash);
  return folder;
}

/** Removes an earlier assembly, and nothing else. */
function clearAssembly(folder: string): void {
  const content = existsSync(folder) ? readdirSync(folder).filter((name) => !LOCK.test(name)) : [];
  if (content.length > 0 && !content.includes('cdk.out') && !content.includes(STAMP)) {
    throw new UsageError(
      `${folder} holds something other than a cloud assembly: name another folder with --out.`,
    );
  }
  for (const name of content) rmSync(join(folder, name), { recursive: true });
}

class UsageError extends Error {
  override name = 'UsageError';
}

/** The tenant that `cdk --context tenant=NAME` names; the CLI passes its context on in the environment. */
function tenantInContext(): string | undefined {
  const { CDK_CONTEXT_JSON: inline = '{}', CONTEXT_OVERFLOW_LOCATION_ENV: file } = process.env;
  const context = { ...(file ? JSON.parse(readFileSync(file, 'utf8')) : {}), ...JSON.parse(inline) };
  return context.tenant;
}

function options(args: readonly string[]): SynthesisOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        tenant: { type: 'string', default: tenantInContext() ?? 'demo' },
        out: { type: 'string', default: process.env.CDK_OUTDIR ?? 'cdk.out' },
      },
    });
    return { tenant: values.tenant, outdir: values.out };
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${USAGE}`);
  }
}

async function main(): Promise<void> {
  try {
    const { tenant, outdir } = options(process.argv.slice(2));
    const folder = await synthesize({ tenant, outdir });
    // The CLI of the CDK has an output of its own.
    if (process.env.CDK_OUTDIR === undefined)
      console.log(`The assembly of tenant ${tenant} is in ${relative('', folder) || '.'}.`);
  } catch (error) {
    const { name, message } = error as Error;
    console.error(message);
    process.exitCode = name === 'UsageError' || name === 'ConfigFileError' ? 2 : 1;
  }
}

if (import.meta.main) {
  await main();
}
