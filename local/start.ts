/** `npm start`: synthesizes the tenants and runs their stacks until SIGINT or SIGTERM. */

import { join, resolve } from 'node:path';
import { synthesize } from '../infra/synth.ts';
import { readArguments, type StartArguments, USAGE } from './cli-arguments.ts';
import { lockFolder } from './cli-lock.ts';
import { publishStack, withdrawStack } from './cli-stack-file.ts';
import { type Cloud, startCloud } from './cloud.ts';

/** Where the local cloud keeps what is its own: assemblies, logs, the certificate, `stack.json`. */
const STATE = resolve('.local');

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`;

function listInert({ inert }: Cloud): void {
  if (inert.length === 0) return;
  console.log('Known and inert here:');
  for (const { type, count, reason } of inert) console.log(`  ${type} (${count}): ${reason}`);
}

/** Starts one tenant; what it needs to end is deferred to `running`. */
async function startTenant(
  tenant: string,
  port: number,
  dataDir: string | undefined,
  running: AsyncDisposableStack,
): Promise<Cloud> {
  if (dataDir !== undefined) running.defer(lockFolder(join(resolve(dataDir), tenant)));
  const began = performance.now();
  const assemblyDir = await synthesize({ tenant, outdir: join(STATE, tenant, 'cdk.out') });
  const synthesized = performance.now();
  const cloud = await startCloud({
    assemblyDir,
    dataDir: dataDir === undefined ? undefined : resolve(dataDir),
    certificateDir: join(STATE, 'tls'),
    logDir: join(STATE, tenant, 'logs'),
    port,
    tenant,
    log: (message) => console.error(message),
  });
  running.defer(() => cloud.stop());
  const files = publishStack(STATE, cloud.stack);
  running.defer(() => withdrawStack(files));
  console.log(
    `Tenant ${tenant}: synthesized in ${seconds(synthesized - began)}, started in ${seconds(performance.now() - synthesized)}`,
  );
  return cloud;
}

function readyLine({ stack }: Cloud): string {
  const { tenant, graphqlUrl, realtimeUrl, cognitoUrl, awsEndpointUrl } = stack;
  const file = join('.local', tenant, 'stack.json');
  return `Ready: ${tenant} GraphQL ${graphqlUrl} socket ${realtimeUrl} sign-in ${cognitoUrl} AWS APIs ${awsEndpointUrl} users and keys in ${file}`;
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
function stopSignal(): Promise<void> {
  const { promise, resolve: stop } = Promise.withResolvers<void>();
  let asked = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (asked) process.exit(1);
      asked = true;
      console.log('Stopping; once more to force it.');
      stop();
    });
  }
  return promise;
}

async function run({ port, dataDir, tenants }: StartArguments): Promise<void> {
  await using running = new AsyncDisposableStack();
  const stop = stopSignal();
  const clouds: Cloud[] = [];
  for (const [index, tenant] of tenants.entries()) {
    clouds.push(await startTenant(tenant, port === 0 ? 0 : port + 2 * index, dataDir, running));
  }
  for (const cloud of clouds) listInert(cloud);
  for (const cloud of clouds) console.log(readyLine(cloud));
  await stop;
}

/** Errors that say all there is to know; of any other, the place where it came from helps. */
const TOLD = new Set(['Error', 'ArgumentError', 'FolderLockedError', 'PortBusyError', 'TenantError']);

async function main(): Promise<number> {
  try {
    const asked = readArguments(process.argv.slice(2));
    if (asked === 'help') console.log(USAGE);
    else await run(asked);
    return 0;
  } catch (error) {
    const { name, message, stack } = error as Error;
    console.error(TOLD.has(name) ? message : stack);
    if (name === 'ArgumentError') console.error(USAGE);
    return name === 'ArgumentError' || name === 'TenantError' ? 2 : 1;
  }
}

process.exit(await main());
