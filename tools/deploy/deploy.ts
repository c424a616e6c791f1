import { join } from 'node:path';
import { expectAccount, expectDeployable, look, NotReady, report } from './account.ts';
import type { DeployOptions } from './args.ts';
import { type Assembly, readAssembly } from './assembly.ts';
import type { Finding } from './requirement.ts';
import { requirementsOf } from './requirements.ts';
import type { Run } from './run.ts';

/** The project's folder. */
export const ROOT = join(import.meta.dirname, '../..');

/** What a deployment has to do with the world. */
export interface World {
  readonly run: Run;
  readonly env: NodeJS.ProcessEnv;
  /** The folder of a tenant's assembly. */
  readonly folderOf: (tenant: string) => string;
  readonly say: (text: string) => void;
}

/**
 * Deploys the stacks of a tenant, or says what must be there first.
 *
 * @returns the exit code: that of the CDK, or of the synthesis, when one of them failed
 * @throws NotReady when credentials, their account or the bootstrap are not as they must be
 */
export async function deploy({ tenant, check, approval }: DeployOptions, world: World): Promise<number> {
  const folder = world.folderOf(tenant);
  const program = join(ROOT, 'infra/synth.ts');
  const { code } = await world.run(process.execPath, [program, '--tenant', tenant, '--out', folder], true);
  if (code !== 0) return code;
  const assembly = readAssembly(folder);
  if (check) return checkOnly(assembly, world);

  await expectAccount(assembly, world.run, world.env);
  const blocking = requirementsOf(assembly).filter((requirement) => requirement.blocking);
  expectDeployable(await Promise.all(blocking.map((requirement) => look(requirement, world.run))));
  world.say(`Deploying ${assembly.stacks.join(', ')} to ${placeOf(assembly)}.`);
  const cdk = await world.run(
    join(ROOT, 'node_modules/.bin/cdk'),
    ['deploy', '--app', folder, '--all', '--require-approval', approval, '--progress', 'events'],
    true,
  );
  return cdk.code === 0 ? 0 : 1;
}

async function checkOnly(assembly: Assembly, { run, env, say }: World): Promise<number> {
  const requirements = requirementsOf(assembly);
  const refusal = await expectAccount(assembly, run, env).catch((error: unknown) => {
    if (error instanceof NotReady) return error;
    throw error;
  });
  const findings: Finding[] = refusal
    ? requirements.map((requirement) => ({ requirement, state: 'unknown', says: '' }))
    : await Promise.all(requirements.map((requirement) => look(requirement, run)));
  say(`${assembly.stacks.join(', ')} in ${placeOf(assembly)}\n\n${report(findings)}\n`);
  if (refusal) throw refusal;
  expectDeployable(findings);
  return 0;
}

const placeOf = ({ account, region }: Assembly) => `account ${account}, ${region}`;
