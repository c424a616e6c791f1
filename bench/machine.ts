import { cpus, totalmem } from 'node:os';

/** On what something was measured, in a few words. */
export function machine(): string {
  const model = cpus()[0]?.model.trim() || 'processors of unknown make';
  return `Node ${process.versions.node} on ${cpus().length} × ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
}

/** The date of a measurement. */
export const today = (): string => new Date().toISOString().slice(0, 10);
