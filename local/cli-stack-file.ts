import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivately } from './cloud/secrets.ts';
import type { StackInfo } from './cloud.ts';

interface Published {
  readonly tenant?: string;
  readonly pid?: number;
}

function read(file: string): Published | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Published;
  } catch {
    return undefined;
  }
}

function alive(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // A process of another user is alive too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether another cloud, of this process or another, is told of in a file and still runs. */
function takenByOther(file: string, tenant: string): boolean {
  const found = read(file);
  return found !== undefined && (found.tenant !== tenant || found.pid !== process.pid) && alive(found.pid);
}

/**
 * The files that tell where a tenant's cloud is: `stack.json` and `<tenant>/stack.json` below `dir`, each unless it tells
 * of another cloud that runs, and one of its own when both do.
 */
export function stackFilesFor(dir: string, tenant: string): string[] {
  const shared = join(dir, 'stack.json');
  const own = join(dir, tenant, 'stack.json');
  const free = [shared, own].filter((file) => !takenByOther(file, tenant));
  return free.length > 0 ? free : [join(dir, tenant, `stack-${process.pid}.json`)];
}

/** Tells tools where everything is. The files hold passwords and are readable by their owner only. */
export function publishStack(files: readonly string[], stack: StackInfo): void {
  for (const file of files) {
    writePrivately(file, `${JSON.stringify({ ...stack, pid: process.pid }, undefined, 2)}\n`);
  }
}

/** Removes the files that this process published, and none that another has replaced meanwhile. */
export function withdrawStack(files: readonly string[]): void {
  for (const file of files) {
    if (read(file)?.pid === process.pid) rmSync(file, { force: true });
  }
}
