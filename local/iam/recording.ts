import { appendFileSync } from 'node:fs';
import type { Decision } from './access.ts';
import { keyOf } from './principal.ts';

/** The administrator is heard of as a session of himself: no policy is asked about him. */
const isAdministrator = ({ principal }: Decision) =>
  principal.kind === 'session' && principal.sessionArn === principal.roleArn;

/**
 * Gives what appends decisions to a file, each kind of them once, as a line of JSON. It is there when this returns, and a
 * line as soon as its decision was made, so that a process which is killed leaves all that it decided.
 *
 * @throws Error that names the file when it cannot be written
 */
export function recordInto(file: string): (decision: Decision) => void {
  try {
    appendFileSync(file, '');
  } catch (error) {
    throw new Error(`--record ${file} cannot be written: ${(error as Error).message}.`);
  }
  const known = new Set<string>();
  return (decision) => {
    if (isAdministrator(decision)) return;
    const { principal, action, resource, keys, allowed } = decision;
    const kind = `${keyOf(principal)} ${action} ${resource} ${JSON.stringify(keys)} ${allowed}`;
    if (known.has(kind)) return;
    known.add(kind);
    appendFileSync(file, `${JSON.stringify(decision)}\n`);
  };
}
