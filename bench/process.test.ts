import { expect, test } from 'vitest';
import { memoryMiB, processorMs, untilProcessIdle } from './process.ts';

// There is no other way to hear of these than /proc, which only Linux has.
const onLinux = test.runIf(process.platform === 'linux');

/** No process has this number: https://man7.org/linux/man-pages/man5/proc_sys_kernel.5.html, pid_max */
const nobody = 2 ** 22 + 1;

function busy(milliseconds: number): void {
  const before = process.cpuUsage();
  const used = () => Object.values(process.cpuUsage(before)).reduce((sum, micro) => sum + micro, 0) / 1000;
  while (used() < milliseconds);
}

onLinux('the processor time of this process is what Node says of it', () => {
  const { user, system } = process.cpuUsage();

  expect(processorMs(process.pid)).toBeGreaterThanOrEqual((user + system) / 1000 - 50);
  expect(processorMs(process.pid)).toBeLessThan((user + system) / 1000 + 200);
});

onLinux('work adds to the processor time', () => {
  const before = processorMs(process.pid);
  busy(100);

  expect(processorMs(process.pid) - before).toBeGreaterThanOrEqual(80);
});

onLinux('the memory of this process is no more than what is resident', () => {
  const mebibytes = memoryMiB(process.pid);

  expect(mebibytes).toBeGreaterThan(10);
  expect(mebibytes).toBeLessThanOrEqual(process.resourceUsage().maxRSS / 1024);
});

onLinux('a process that is not there is refused', () => {
  expect(() => processorMs(nobody)).toThrow(
    `/proc/${nobody}/stat cannot be read: run the benchmark on Linux`,
  );
  expect(() => memoryMiB(nobody)).toThrow(`/proc/${nobody}/smaps_rollup cannot be read`);
});

onLinux('who waits for a process that never rests is told so', async () => {
  const work = setInterval(() => busy(40), 50);
  try {
    await expect(untilProcessIdle(process.pid, 300)).rejects.toThrow(
      `process ${process.pid} is still at work after 0.3 s`,
    );
  } finally {
    clearInterval(work);
  }
});

onLinux('a process that rests is idle since before the wait was over', async () => {
  const began = performance.now();
  const since = await untilProcessIdle(process.pid);

  expect(since).toBeGreaterThanOrEqual(began);
  expect(performance.now() - since).toBeGreaterThanOrEqual(1000);
});
