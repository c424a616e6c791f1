import { mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A log that has grown beyond this when its function is made is put aside as `<name>.1.log`, in place of an older one. */
const maxBytes = 10 * 1024 * 1024;

/** The file of a function's log in `logDir`, which is made when it is not there. */
export function logFileOf(logDir: string, functionName: string): string {
  mkdirSync(logDir, { recursive: true });
  const file = join(logDir, `${functionName}.log`);
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > maxBytes) renameSync(file, join(logDir, `${functionName}.1.log`));
  return file;
}
