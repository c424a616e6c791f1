import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Outcomes } from '../../tools/import/digest.ts';
import type { Summary } from '../../tools/import/report.ts';
import { callSqs } from '../support/sqs.ts';
import { startCommand } from '../support/start-command.ts';

const root = new URL('../../', import.meta.url);
const path = (relative: string) => fileURLToPath(new URL(relative, root));

/** A whole stack in a folder of its own, as `npm start` gives it. */
export interface Stack {
  /** Everything that the stack and the import write is in here. */
  readonly folder: string;
  readonly stackFile: string;
  readonly stop: () => Promise<void>;
}

export async function startStack(): Promise<Stack> {
  const folder = mkdtempSync(join(tmpdir(), 'fidelia-data-'));
  const stackFile = join(folder, '.local', 'stack.json');
  const { env, args } = startCommand();
  const child = spawn(process.execPath, [...args, '--port', '0', '--data', 'data', '--empty'], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const exited = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
    rmSync(folder, { recursive: true });
  };
  for (let waited = 0; !existsSync(stackFile); waited += 100) {
    if (child.exitCode !== null || waited > 60_000) {
      await stop();
      throw new Error(`the stack did not start within ${waited / 1000} s`);
    }
    await sleep(100);
  }
  return { folder, stackFile, stop };
}

/** What there was before and after an import that was waited for. */
export interface Digest {
  readonly before: Outcomes;
  readonly after: Outcomes;
}

/** What is imported, and as what. */
export interface Import {
  readonly file: string;
  readonly source: string;
  readonly shiftDatesTo: string;
  /** Further options of the command. */
  readonly options?: readonly string[];
}

/** Starts an import into the stack; its summary comes on standard output. */
export function spawnImport(
  stack: Stack,
  { file, source, shiftDatesTo, options = [] }: Import,
): ChildProcess {
  const what = ['orders', file, '--source', source, '--currency', 'GBP', '--timezone', 'Europe/London'];
  const how = ['--shift-dates-to', shiftDatesTo, '--stack', stack.stackFile, '--json', ...options];
  return spawn(process.execPath, [path('tools/import/main.ts'), ...what, ...how], {
    cwd: stack.folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Imports to the end. */
export async function runImport(stack: Stack, of: Import): Promise<Summary & Partial<Digest>> {
  const child = spawnImport(stack, of);
  const [output, [code]] = await Promise.all([child.stdout?.toArray(), once(child, 'exit')]);
  if (code !== 0) throw new Error(`the import ended with ${code}`);
  return JSON.parse(Buffer.concat(output ?? []).toString());
}

interface Queue {
  readonly url: string;
  readonly waiting: number;
}

/** How many messages each queue holds, those that are being worked on included. */
export async function queues(stack: Stack): Promise<Queue[]> {
  const endpoint = JSON.parse(readFileSync(stack.stackFile, 'utf8'));
  const { QueueUrls } = await callSqs(endpoint, 'ListQueues', {});
  return Promise.all(
    (QueueUrls ?? []).map(async (QueueUrl) => {
      const { Attributes } = await callSqs(endpoint, 'GetQueueAttributes', {
        QueueUrl,
        AttributeNames: ['All'],
      });
      const { ApproximateNumberOfMessages: visible, ApproximateNumberOfMessagesNotVisible: inWork } =
        Attributes ?? {};
      return { url: QueueUrl, waiting: Number(visible) + Number(inWork) };
    }),
  );
}

/**
 * Resolves when nothing but dead letters has been in any queue for two seconds.
 *
 * @throws Error with what is left after so long.
 */
export async function untilQuiet(stack: Stack, mostMs: number): Promise<void> {
  const end = Date.now() + mostMs;
  for (let quietFor = 0; quietFor < 2000; ) {
    await sleep(250);
    const waiting = (await queues(stack)).filter((queue) => !isDeadLetters(queue) && queue.waiting > 0);
    quietFor = waiting.length === 0 ? quietFor + 250 : 0;
    if (Date.now() > end) throw new Error(`still waiting: ${JSON.stringify(waiting)}`);
  }
}

export const isDeadLetters = ({ url }: { url: string }) => /dead|dlq/i.test(url);
