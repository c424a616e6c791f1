import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Decision } from '../../../local/iam/access.ts';
import { assemblyDir } from '../assembly.ts';
import { startCloudInProcess } from '../cloud.ts';
import { type Stage, travel } from '../journey.ts';
import { assemblyWithout } from './assembly-without.ts';
import type { Grant } from './grants.ts';

/** Where a journey can be taken up again. */
export interface Halt {
  readonly stage: Stage;
  /** A copy of the stack's data at that stage; undefined when it had not started. */
  readonly dataDir: string | undefined;
}

/**
 * Takes a grant out of the templates and goes on from a halt. Gives the first decision that denies something, while the
 * stack starts or on the rest of the journey, without waiting until a step misses what follows; undefined when none does,
 * nor in the seconds after the arrival.
 */
export async function firstDeniedWithout(grant: Grant, halt: Halt): Promise<Decision | undefined> {
  const assembly = assemblyWithout(assemblyDir, grant);
  const dataDir = mkdtempSync(join(tmpdir(), 'fidelia-halt-'));
  try {
    if (halt.dataDir !== undefined) cpSync(halt.dataDir, dataDir, { recursive: true });
    return await firstDenied(assembly, dataDir, halt.stage);
  } finally {
    for (const folder of [assembly, dataDir]) rmSync(folder, { recursive: true });
  }
}

async function firstDenied(assembly: string, dataDir: string, stage: Stage): Promise<Decision | undefined> {
  const denied = Promise.withResolvers<Decision>();
  const record = (decision: Decision) => {
    if (!decision.allowed) denied.resolve(decision);
  };
  const started = startCloudInProcess({ assembly, dataDir, record });
  const arrived = started
    .then((cloud) => travel(cloud, stage))
    .then(() => sleep(10_000, undefined, { ref: false }));
  try {
    return await Promise.race([denied.promise, arrived]);
  } finally {
    await started.then(
      ({ stop }) => stop(),
      () => {},
    );
  }
}
