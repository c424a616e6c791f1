import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const program = join(import.meta.dirname, '../tools/demo/main.ts');

/** Where a tenant's data folder says how far its demo data is; undefined where nothing is kept. */
export const demoMarkerIn = (dataDir: string | undefined, tenant: string): string | undefined =>
  dataDir === undefined ? undefined : join(dataDir, tenant, 'demo.json');

/** Whether the demo data of a folder is complete, or the folder held data of its own. */
function isDone(markerFile: string): boolean {
  try {
    return (JSON.parse(readFileSync(markerFile, 'utf8')) as { readonly state?: string }).state === 'done';
  } catch {
    return false;
  }
}

/**
 * Fills a stack that holds nothing with demo data, or completes what an earlier start began. A client does that, in a
 * process of its own, which says itself what it did; the signal ends it.
 */
export function fillWithDemo(stackFile: string, markerFile: string | undefined, stop: AbortSignal): void {
  if (markerFile !== undefined && isDone(markerFile)) return;
  const marker = markerFile === undefined ? [] : ['--marker', markerFile];
  const child = spawn(process.execPath, [program, '--stack', stackFile, ...marker], {
    stdio: ['ignore', 'inherit', 'inherit'],
    signal: stop,
  });
  child.on('error', (error) => {
    if (!stop.aborted) console.error(`The demo data could not be begun: ${error.message}`);
  });
  child.on('exit', (code) => {
    if (code && !stop.aborted) console.error('The next start completes it; --empty leaves it out.');
  });
}
