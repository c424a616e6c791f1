import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cloud, startCloud } from '../../local/cloud.ts';
import type { Decision } from '../../local/iam/access.ts';
import { assemblyDir, tenant } from './assembly.ts';

/** A stack in this process, whose faults can be set. It keeps nothing. */
export interface CloudInProcess extends Pick<Cloud, 'stack' | 'faults' | 'policies' | 'runSchedules'> {
  readonly folder: string;
  readonly stackFile: string;
  readonly stop: () => Promise<void>;
}

/** Starts the stack of an assembly, by default the tenant's own; `record` hears of everything that IAM decides. */
export async function startCloudInProcess({
  assembly = assemblyDir,
  record,
}: {
  readonly assembly?: string;
  readonly record?: (decision: Decision) => void;
} = {}): Promise<CloudInProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'fidelia-cloud-'));
  const stackFile = join(folder, 'stack.json');
  const { stack, faults, policies, runSchedules, stop } = await startCloud({
    assemblyDir: assembly,
    ...(record && { record }),
    dataDir: undefined,
    certificateDir: join(folder, 'tls'),
    logDir: join(folder, 'logs'),
    port: 0,
    tenant,
    log: (message) => console.error(message),
  });
  writeFileSync(stackFile, JSON.stringify(stack), { mode: 0o600 });
  return {
    stack,
    faults,
    policies,
    runSchedules,
    folder,
    stackFile,
    stop: async () => {
      await stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** From now on queues deliver each message twice, and all of them in random order. Counts the messages. */
export function deliverTwiceInAnyOrder({ queues }: Pick<Cloud['faults'], 'queues'>): () => number {
  const seen = new Set<string>();
  queues.reorder = true;
  queues.duplicate = (body) => seen.size < seen.add(body).size;
  return () => seen.size;
}
