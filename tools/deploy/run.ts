import { spawn } from 'node:child_process';

/** How a program ended, and what it said. */
export interface Result {
  /** The exit code; 127 when there is no such program. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program with arguments and waits for its end.
 *
 * @param shown whether it talks to the terminal itself: then it has said all, and nothing is in the result
 */
export type Run = (program: string, args: readonly string[], shown?: boolean) => Promise<Result>;

/** Runs programs of this machine, with the environment of this process. */
export const runProgram: Run = (program, args, shown = false) =>
  new Promise((resolve) => {
    const child = spawn(program, [...args], { stdio: shown ? 'inherit' : ['ignore', 'pipe', 'pipe'] });
    const said = { stdout: '', stderr: '' };
    child.stdout?.on('data', (chunk) => (said.stdout += chunk));
    child.stderr?.on('data', (chunk) => (said.stderr += chunk));
    child.once('error', ({ message }) => resolve({ code: 127, stdout: '', stderr: message }));
    child.once('close', (code) => resolve({ code: code ?? 1, ...said }));
  });
