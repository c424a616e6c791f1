import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** `USER_HZ`, the unit of times in `/proc/<pid>/stat`: 100 on every Linux that Node runs on (`getconf CLK_TCK`). */
const ticksPerSecond = 100;

/**
 * The processor time that a process has used so far with all its threads, in milliseconds, to 10 ms.
 *
 * @throws Error on systems without `/proc`: nothing else tells of another process without costing it time.
 */
export function processorMs(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  // The name, in brackets, may hold spaces (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user = 0, system = 0] = [fields[11], fields[12]].map(Number);
  return ((user + system) * 1000) / ticksPerSecond;
}

/** The memory of a process in MiB, what it shares with others in parts (PSS). */
export function memoryMiB(pid: number): number {
  const kilobytes = /^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1];
  return Number(kilobytes) / 1024;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`${path} cannot be read: run the benchmark on Linux, on a process of your own`, {
      cause: error,
    });
  }
}

/** How much of a core a process may use and count as idle, and for how long: an idle stack takes about a hundredth. */
const idleShare = 0.05;
const idleMs = 1000;

/** Waits until a process has nothing to do. Gives when that was, by `performance.now()`; looking costs it nothing. */
export async function untilProcessIdle(pid: number, longestMs = 600_000): Promise<number> {
  const began = performance.now();
  let since = began;
  let used = processorMs(pid);
  for (;;) {
    await sleep(100);
    const now = processorMs(pid);
    // A tick of 10 ms in 100 ms is a tenth of a core: judged is the whole time since it was last busy.
    if (now - used > idleShare * idleMs) [used, since] = [now, performance.now()];
    if (performance.now() - since >= idleMs) return since;
    if (performance.now() - began > longestMs) {
      throw new Error(`process ${pid} is still at work after ${longestMs / 1000} s`);
    }
  }
}
