import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Cloud, startCloud } from '../../local/cloud.ts';
import { assemblyDir, tenant } from '../../test/support/assembly.ts';
import { type AskAs, signedIn } from '../../test/support/client.ts';
import { idleOf } from './idle.ts';
import { relayPatternsIn } from './mappings.ts';
import { createMeter } from './meter.ts';
import { copyOneByOne } from './one-by-one.ts';
import { templatesIn } from './resources.ts';
import type { Entry } from './usage.ts';

/** A cloud whose use of every service is counted. */
export interface MeteredCloud extends Pick<Cloud, 'stack' | 'runSchedules'> {
  /** Asks as the user of a group. */
  readonly as: (user: string) => Promise<AskAs>;
  /** What was used since the last time it was asked, by the functions' names among the bundles. */
  readonly take: () => Entry[];
  /** Waits until everything that follows from what was done has happened. */
  readonly idle: () => Promise<void>;
  /** The sequence number of the last stream record that the relay got. */
  readonly relayed: () => string | undefined;
  readonly stop: () => Promise<void>;
}

/**
 * Starts the demo tenant's stack on the data of a folder. Its queues hand over one message at a time.
 *
 * @param relayed the last record that the relay of an earlier one on this data got
 */
export async function startMetered(folder: string, relayed?: string): Promise<MeteredCloud> {
  const meter = createMeter(relayed);
  const ownAssembly = join(folder, 'assembly');
  copyOneByOne(assemblyDir, ownAssembly);
  const cloud = await startCloud({
    ...meter.hooks,
    assemblyDir: ownAssembly,
    dataDir: folder,
    certificateDir: join(folder, 'tls'),
    logDir: undefined,
    port: 0,
    tenant,
    log: (message) => console.error(message),
  });
  const stackFile = join(folder, 'stack.json');
  mkdirSync(folder, { recursive: true });
  writeFileSync(stackFile, JSON.stringify(cloud.stack), { mode: 0o600 });
  const users = new Map<string, Promise<AskAs>>();
  const names = new Map(cloud.code.functions().map(({ name, env }) => [name, env.POWERTOOLS_SERVICE_NAME]));
  const mailEvents = [...names].find(([, name]) => name === 'mail-events')?.[0] ?? '';
  const nameOf = (by: string) => names.get(by) ?? by;
  return {
    stack: cloud.stack,
    runSchedules: cloud.runSchedules,
    as(user) {
      const known = users.get(user) ?? signedIn({ stackFile }, user);
      users.set(user, known);
      return known;
    },
    take: () => meter.take().map((entry) => ({ ...entry, by: nameOf(entry.by) })),
    idle: await idleOf(cloud.stack, meter, {
      mailEvents,
      relayPatterns: relayPatternsIn(templatesIn(assemblyDir)),
    }),
    relayed: meter.lastRecord,
    stop: cloud.stop,
  };
}
