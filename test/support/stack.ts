import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { assemblyDir, tenant } from './assembly.ts';
import { newRecording } from './grants/recordings.ts';
import { startCommand } from './start-command.ts';

/** What a running stack says of itself. */
export interface StackFile {
  readonly tenant: string;
  readonly graphqlUrl: string;
  readonly realtimeUrl: string;
  readonly region: string;
  readonly userPoolId: string;
  readonly userPoolClientId: string;
  readonly cognitoUrl: string;
  readonly awsEndpointUrl: string;
  readonly mailUrl: string;
  readonly smtpUrl: string;
  readonly smtpPassword: string;
  readonly tableName: string;
  readonly eventBusName: string;
  readonly caFile: string;
  readonly adminAccessKeyId: string;
  readonly adminSecretAccessKey: string;
  readonly users: readonly {
    readonly username: string;
    readonly password: string;
    readonly groups: readonly string[];
  }[];
}

/** A stack in a process of its own, as `npm start` runs it. */
export interface RunningStack {
  readonly stack: StackFile;
  readonly stackFile: string;
  readonly dataDir: string;
  readonly process: ChildProcess;
  /** Everything it has printed. */
  readonly output: () => string;
  /** Ends it with a signal and waits until it is gone; its data stays. */
  readonly end: (signal?: NodeJS.Signals) => Promise<number | null>;
  /** Ends it and removes its data. */
  readonly remove: () => Promise<void>;
}

/** Starts a stack on free ports, in a folder of its own; on the data of an earlier one when `dataDir` is given, and empty unless `demo` data is asked for; `options` are further ones of `npm start`, and `change` changes its assembly before it runs. */
export async function startStack({
  dataDir = mkdtempSync(join(tmpdir(), 'fidelia-stack-')),
  demo = false,
  options = [] as readonly string[],
  change = (_assembly: string): void => {},
} = {}): Promise<RunningStack> {
  const stackFile = join(dataDir, '.local/stack.json');
  rmSync(stackFile, { force: true });
  const assembly = join(dataDir, '.local', tenant, 'cdk.out');
  cpSync(assemblyDir, assembly, { recursive: true });
  change(assembly);
  const recording = newRecording(assembly);
  const record = recording === undefined ? [] : ['--record', recording];
  const asked = [...(demo ? [] : ['--empty']), ...record, ...options];
  const { env, args } = startCommand();
  const child = spawn(process.execPath, [...args, '--port', '0', ...asked], {
    cwd: dataDir,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));

  for (const deadline = Date.now() + 60_000; !existsSync(stackFile); await sleep(25)) {
    if (child.exitCode === null && Date.now() <= deadline) continue;
    child.kill('SIGKILL');
    throw new Error(`The stack did not start:\n${printed}`);
  }
  const end = (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal);
    return ended;
  };
  return {
    stack: JSON.parse(readFileSync(stackFile, 'utf8')),
    stackFile,
    dataDir,
    process: child,
    output: () => printed,
    end,
    remove: async () => {
      if (child.exitCode === null && child.signalCode === null) await end();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
