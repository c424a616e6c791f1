import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cloud, startCloud } from '../../local/cloud.ts';
import type { Decision } from '../../local/iam/access.ts';
import { recordInto } from '../../local/iam/recording.ts';
import { assemblyDir, tenant } from './assembly.ts';
import { newRecording } from './grants/recordings.ts';

/** A stack in this process, whose faults can be set. */
export interface CloudInProcess extends Pick<Cloud, 'stack' | 'faults' | 'policies' | 'runSchedules'> {
  readonly folder: string;
  readonly stackFile: string;
  readonly stop: () => Promise<void>;
}

/** What hears of all that is decided: who asks for it, and the recording of the test run. */
function recorder(assembly: string, record: ((decision: Decision) => void) | undefined) {
  const file = newRecording(assembly);
  if (file === undefined) return record;
  const intoFile = recordInto(file);
  return (decision: Decision) => {
    intoFile(decision);
    record?.(decision);
  };
}

/**
 * Starts the stack of an assembly, by default the tenant's own, which keeps nothing unless it has a data folder; `record`
 * hears of everything that IAM decides.
 */
export async function startCloudInProcess({
  assembly = assemblyDir,
  dataDir,
  record,
}: {
  readonly assembly?: string;
  readonly dataDir?: string;
  readonly record?: (decision: Decision) => void;
} = {}): Promise<CloudInProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'fidelia-cloud-'));
  const stackFile = join(folder, 'stack.json');
  const heard = recorder(assembly, record);
  const { stack, faults, policies, runSchedules, stop } = await startCloud({
    assemblyDir: assembly,
    ...(heard && { record: heard }),
    dataDir,
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
