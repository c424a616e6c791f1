import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cloud, startCloud } from '../../local/cloud.ts';
import { assemblyDir, tenant } from './assembly.ts';

/** A stack in this process, whose faults can be set. It keeps nothing. */
export interface CloudInProcess extends Pick<Cloud, 'stack' | 'faults'> {
  readonly folder: string;
  readonly stackFile: string;
  readonly stop: () => Promise<void>;
}

/** @param assembly a changed copy of the assembly, where that is wanted */
export async function startCloudInProcess(assembly = assemblyDir): Promise<CloudInProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'fidelia-cloud-'));
  const stackFile = join(folder, 'stack.json');
  const { stack, faults, stop } = await startCloud({
    assemblyDir: assembly,
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
    folder,
    stackFile,
    stop: async () => {
      await stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** From now on queues deliver each message twice, and all of them in random order. Counts the messages. */
export function deliverTwiceInAnyOrder({ queues }: Cloud['faults']): () => number {
  const seen = new Set<string>();
  queues.reorder = true;
  queues.duplicate = (body) => seen.size < seen.add(body).size;
  return () => seen.size;
}
