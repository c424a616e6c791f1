import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

/** The tenant whose stack suites start. */
export const tenant = 'demo';

/** Its assembly: made once before all suites, which copy it. */
export const assemblyDir = resolve('.local/test/cdk.out');

/** Runs before all suites. */
export function setup(): void {
  execFileSync(process.execPath, ['infra/synth.ts', '--tenant', tenant, '--out', assemblyDir], {
    stdio: 'inherit',
  });
}
