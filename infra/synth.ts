/** `npm run synth -- --tenant acme --out cdk.out`: writes the cloud assembly of a tenant, which is run and deployed. */

import { existsSync, readdirSync, rmSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { inputsHash, isFresh, stampAssembly } from './fresh.ts';

const ROOT = join(import.meta.dirname, '..');
const USAGE = 'Usage: npm run synth -- [--tenant NAME (demo)] [--out DIR (cdk.out)]';

export interface SynthesisOptions {
  /** Name of a file in `infra/tenants`. */
  readonly tenant: string;
  /** Folder to write to; what another synthesis wrote there is replaced. */
  readonly outdir: string;
}

/**
 * Writes the cloud assembly of a tenant, unless the folder holds it already, and returns the folder's absolute path.
 * Throws a `TenantError` for a tenant that is unknown or wrongly described, and an error with the report when a rule of
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
  writeAssembly(content, ROOT, folder);
  stampAssembly(folder, hash);
  return folder;
}

/** Removes an earlier assembly, and nothing else. */
function clearAssembly(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length > 0 && !existsSync(join(folder, 'cdk.out'))) {
    throw new UsageError(
      `${folder} holds something other than a cloud assembly: name another folder with --out.`,
    );
  }
  rmSync(folder, { recursive: true, force: true });
}

class UsageError extends Error {
  override name = 'UsageError';
}

function options(args: readonly string[]): SynthesisOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        tenant: { type: 'string', default: 'demo' },
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
    console.log(`The assembly of tenant ${tenant} is in ${relative('', folder) || '.'}.`);
  } catch (error) {
    const { name, message } = error as Error;
    console.error(message);
    process.exitCode = name === 'UsageError' || name === 'TenantError' ? 2 : 1;
  }
}

if (import.meta.main) {
  await main();
}
