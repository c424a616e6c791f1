import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { alone } from './cli-lock.ts';
import { certificateIn } from './tls.ts';

/** Synthesis that failed; it has said why itself. */
export class SynthesisError extends Error {
  override readonly name = 'SynthesisError';
  /** The exit code of the synthesis: 2 for a tenant that is not there or wrongly described. */
  readonly code: number;

  constructor(tenant: string, code: number) {
    super(`The stacks of tenant ${tenant} could not be synthesized.`);
    this.code = code;
  }
}

/** The CDK has a process of its own: it takes some 200 MB, and is needed only when something has changed. */
async function synthesize(tenant: string, outdir: string, stop: AbortSignal): Promise<void> {
  const program = join(import.meta.dirname, '../infra/synth.ts');
  const child = spawn(process.execPath, [program, '--tenant', tenant, '--out', outdir], {
    stdio: ['ignore', 'ignore', 'inherit'],
    signal: stop,
  });
  const [code] = await once(child, 'exit');
  // A signal from the terminal reaches the child too.
  stop.throwIfAborted();
  if (code !== 0) throw new SynthesisError(tenant, typeof code === 'number' ? code : 1);
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Removes the copies of processes that ended without doing so themselves. */
function removeAbandoned(runs: string): void {
  for (const pid of existsSync(runs) ? readdirSync(runs) : []) {
    if (!alive(Number(pid))) rmSync(join(runs, pid), { recursive: true, force: true });
  }
}

/**
 * The assembly of a tenant, synthesized when it is out of date, as a copy of this process's own below `dir`: functions
 * are loaded late, and another process may replace the original meanwhile.
 *
 * @throws SynthesisError, and the signal's reason when that ends it
 */
export function assemblyOf(
  tenant: string,
  dir: string,
  stop: AbortSignal,
): Promise<{ readonly assemblyDir: string; remove(): void }> {
  const original = join(dir, tenant, 'cdk.out');
  const runs = join(dir, tenant, 'runs');
  const assemblyDir = join(runs, String(process.pid));
  return alone(join(dir, tenant, 'synthesis.sqlite'), async () => {
    await synthesize(tenant, original, stop);
    removeAbandoned(runs);
    mkdirSync(runs, { recursive: true });
    cpSync(original, assemblyDir, { recursive: true, force: true });
    return { assemblyDir, remove: () => rmSync(assemblyDir, { recursive: true, force: true }) };
  });
}

/** The folder of the certificate, which processes that start at once do not make twice. */
export function certificateDirIn(dir: string): Promise<string> {
  const certificateDir = join(dir, 'tls');
  return alone(join(dir, 'certificate.sqlite'), async () => {
    await certificateIn(certificateDir);
    return certificateDir;
  });
}
