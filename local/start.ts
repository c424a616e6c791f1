/** `npm start`: synthesizes the tenants and runs their stacks until SIGINT or SIGTERM. */

import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { readArguments, type StartArguments, USAGE } from './cli-arguments.ts';
import { assemblyOf, certificateDirIn, SynthesisError } from './cli-assembly.ts';
import { demoMarkerIn, fillWithDemo } from './cli-demo.ts';
import { lockFolder } from './cli-lock.ts';
import { publishStack, stackFilesFor, withdrawStack } from './cli-stack-file.ts';
import { inertLines, readyLine, runsLine } from './cli-summary.ts';
import { traceLine } from './cli-trace.ts';
import { watchFunctions } from './cli-watch.ts';
import { type Cloud, startCloud } from './cloud.ts';
import { readFaultsFile } from './faults/file.ts';
import { recordInto } from './iam/recording.ts';

// As in Lambda; functions run in threads of this process and keep its time zone.
process.env.TZ = 'UTC';

/** Where the local cloud keeps what is its own: assemblies, logs, the certificate, `stack.json`. */
const STATE = resolve('.local');

interface Started {
  readonly cloud: Cloud;
  /** The file to look into first. */
  readonly stackFile: string;
  readonly logDir: string;
}

/** The pair's first port, and where the port for SMTP is looked for. */
interface Ports {
  readonly port: number;
  readonly smtpPort: number;
}

/** The pairs of all tenants follow each other, then come their ports for SMTP. */
function portsOf({ port, tenants }: StartArguments, index: number): Ports {
  if (port === 0) return { port, smtpPort: 0 };
  return { port: port + 2 * index, smtpPort: port + 2 * tenants.length + index };
}

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`;

/** Starts one tenant; what ends it again is deferred to `running`. */
async function startTenant(
  tenant: string,
  { port, smtpPort }: Ports,
  { dataDir, faultsFile, recordFile, forwardMail, verbose, logs, watch }: StartArguments,
  stop: AbortSignal,
  running: AsyncDisposableStack,
): Promise<Started> {
  const began = performance.now();
  const faultPlan = faultsFile === undefined ? undefined : readFaultsFile(faultsFile);
  const record = recordFile === undefined ? undefined : recordInto(recordFile);
  if (dataDir !== undefined) running.defer(lockFolder(join(resolve(dataDir), tenant)));
  const certificateDir = await certificateDirIn(STATE);
  const { assemblyDir, remove } = await assemblyOf(tenant, STATE, stop);
  running.defer(remove);
  stop.throwIfAborted();
  const synthesized = performance.now();
  const logDir = join(STATE, tenant, 'logs');
  const cloud = await startCloud({
    assemblyDir,
    dataDir: dataDir === undefined ? undefined : resolve(dataDir),
    certificateDir,
    logDir,
    port,
    smtpPort,
    forwardMail,
    tenant,
    log: (message) => console.error(message),
    ...(verbose && {
      observe: (name, invocation) => console.log(traceLine(name, invocation, Date.now())),
    }),
    ...(record && { record }),
    ...(logs && { echo: (name, text) => console.log(`${name}  ${text.trimEnd()}`) }),
    faultPlan,
  });
  running.defer(() => cloud.stop());
  const files = stackFilesFor(STATE, tenant);
  publishStack(files, cloud.stack);
  running.defer(() => withdrawStack(files));
  const ended = performance.now();
  console.log(
    `${tenant}: synthesized in ${seconds(synthesized - began)}, started in ${seconds(ended - synthesized)}`,
  );
  if (watch) watchFunctions({ root: resolve('.'), code: cloud.code, log: console.log, stop });
  return { cloud, stackFile: files[0] ?? '', logDir };
}

function fill({ cloud, stackFile }: Started, { dataDir }: StartArguments, stop: AbortSignal): void {
  const folder = dataDir === undefined ? undefined : resolve(dataDir);
  fillWithDemo(stackFile, demoMarkerIn(folder, cloud.stack.tenant), stop);
}

/** npm passes on what the terminal has sent to the whole group already: so soon, a second signal is the first one. */
const SAME_SIGNAL_MILLISECONDS = 1000;

/** Aborts at the first SIGINT or SIGTERM; a later one ends the process at once. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  let first = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) {
        if (performance.now() - first > SAME_SIGNAL_MILLISECONDS) process.exit(1);
        return;
      }
      first = performance.now();
      console.log('Stopping; once more to force it.');
      stop.abort();
    });
  }
  return stop.signal;
}

async function run(asked: StartArguments, stop: AbortSignal): Promise<void> {
  await using running = new AsyncDisposableStack();
  const started: Started[] = [];
  for (const [index, tenant] of asked.tenants.entries()) {
    started.push(await startTenant(tenant, portsOf(asked, index), asked, stop, running));
  }
  stop.throwIfAborted();
  const inert = new Set(started.flatMap(({ cloud }) => inertLines(cloud)));
  console.log(['Known and inert here:', ...inert].join('\n'));
  if (asked.faultsFile !== undefined) {
    console.log(`Faults are on: things go wrong as ${asked.faultsFile} says.`);
  }
  if (asked.forwardMail !== undefined) {
    const { host, port } = asked.forwardMail;
    console.log(`Mail also goes to the server on port ${port} of ${host}.`);
  }
  for (const { cloud, stackFile, logDir } of started) {
    console.log(runsLine(cloud));
    console.log(readyLine(cloud, stackFile, logDir));
  }
  if (asked.demo) for (const one of started) fill(one, asked, stop);
  await once(stop, 'abort');
}

/** Errors that say all there is to know; of any other, the place where it came from helps. */
const TOLD = new Set([
  'Error',
  'ArgumentError',
  'FaultPlanError',
  'FolderLockedError',
  'PortBusyError',
  'SynthesisError',
]);

function exitCodeOf(error: Error): number {
  if (error instanceof SynthesisError) return error.code;
  return ['ArgumentError', 'FaultPlanError'].includes(error.name) ? 2 : 1;
}

async function main(): Promise<number> {
  const stop = stopSignal();
  try {
    const asked = readArguments(process.argv.slice(2));
    if (asked === 'help') console.log(USAGE);
    else await run(asked, stop);
    return 0;
  } catch (thrown) {
    if (stop.aborted) return 0;
    const error = thrown as Error;
    console.error(TOLD.has(error.name) ? error.message : error.stack);
    if (error.name === 'ArgumentError') console.error(USAGE);
    return exitCodeOf(error);
  }
}

process.exit(await main());
