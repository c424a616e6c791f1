import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setup } from '../../test/support/assembly.ts';
import { signedPost } from '../../test/support/signed-post.ts';
import { type RunningStack, startStack } from '../../test/support/stack.ts';
import { readEndpoint } from '../../tools/client/endpoint.ts';
import { signInAs } from '../../tools/client/session.ts';
import { processorMs, untilProcessIdle } from '../process.ts';
import { untilBusEmpty } from '../queues.ts';
import { mostByApi } from './arguments.ts';
import { addCopies, makeSample } from './copies.ts';
import { type FillSize, fill } from './fill.ts';
import { pause } from './measure.ts';
import type { Firm } from './operations.ts';

/** A stack with a firm in it, ready to be measured. */
export interface FilledStack extends RunningStack {
  readonly pid: number;
  readonly token: string;
  readonly firmFile: string;
  readonly loading: Loading;
  /** Lets the relay read the stream, or keeps it from that: then nothing follows from what is written. */
  readonly relay: (isOn: boolean) => Promise<void>;
  /** Waits until nothing is left to do, and gives when that was, by `performance.now()`. @throws Error when something failed */
  readonly untilIdle: () => Promise<number>;
}

/** What it took to make the firm. */
export interface Loading {
  /** Until everything was answered, while the consumers were held. */
  readonly seconds: number;
  readonly processorSeconds: number;
  /** From then until the bus was empty. */
  readonly drainSeconds: number;
  readonly processorSecondsInAll: number;
}

/** Starts a stack as `npm start` does, on a folder of its own, and fills it. */
export async function startFilled(size: FillSize, options: readonly string[]): Promise<FilledStack> {
  setup();
  const copies = Math.max(0, size.customers - mostByApi);
  const first = await startStack({ options });
  try {
    const byApi = { ...size, customers: size.customers - copies };
    const { firm, loading, token } = await load(first, byApi);
    if (copies === 0) return ready(first, firm, loading, token);

    const sample = await makeSample(first.stack.graphqlUrl, token, size.interactionsEach);
    await untilProcessIdle(first.process.pid as number);
    await first.end();
    const folder = join(first.dataDir, '.local/data');
    const copied = await addCopies(folder, first.stack.tableName, sample, copies);
    const second = await startStack({ dataDir: first.dataDir, options });
    const all = { customerIds: [...firm.customerIds, ...copied], withAddress: byApi.customers };
    return ready(second, all, loading, await tokenOf(second));
  } catch (error) {
    await first.remove();
    throw error;
  }
}

function ready(stack: RunningStack, firm: Firm, loading: Loading, token: string): FilledStack {
  const firmFile = join(stack.dataDir, 'firm.json');
  writeFileSync(firmFile, JSON.stringify(firm));
  const pid = stack.process.pid as number;
  return {
    ...stack,
    pid,
    token,
    firmFile,
    loading,
    relay: relaySwitch(stack),
    untilIdle: () => untilBusEmpty(stack.stack, pid),
  };
}

const tokenOf = async ({ stackFile }: RunningStack) =>
  (await signInAs(readEndpoint(stackFile, 'admin', {})))();

async function load(stack: RunningStack, size: FillSize) {
  const pid = stack.process.pid as number;
  const relay = relaySwitch(stack);
  const token = await tokenOf(stack);
  await untilProcessIdle(pid);
  await relay(false);
  const began = performance.now();
  const before = processorMs(pid);
  const firm = await fill(stack.stack.graphqlUrl, token, size);
  const answered = performance.now();
  const processorSeconds = (processorMs(pid) - before) / 1000;
  await relay(true);
  const idleSince = await untilBusEmpty(stack.stack, pid, 3_600_000);
  const loading: Loading = {
    seconds: (answered - began) / 1000,
    processorSeconds,
    drainSeconds: (idleSince - answered) / 1000,
    processorSecondsInAll: (processorMs(pid) - before) / 1000,
  };
  return { firm, loading, token };
}

/** Lambda's own way to pause a consumer. */
function relaySwitch({ stack }: RunningStack): FilledStack['relay'] {
  const call = async <Answer>(method: 'GET' | 'PUT', id = '', body = ''): Promise<Answer> => {
    const response = await signedPost({
      url: `${stack.awsEndpointUrl}/2015-03-31/event-source-mappings/${id}`,
      method,
      service: 'lambda',
      region: stack.region,
      credentials: { accessKeyId: stack.adminAccessKeyId, secretAccessKey: stack.adminSecretAccessKey },
      body,
    });
    if (!response.ok) throw new Error(`Lambda answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Answer;
  };
  return async (isOn) => {
    const { EventSourceMappings } = await call<{ EventSourceMappings: Source[] }>('GET');
    const relay = EventSourceMappings.find(({ FunctionArn }) => FunctionArn.includes('Relay'));
    if (!relay) throw new Error('no event source mapping belongs to the relay');
    await call('PUT', relay.UUID, JSON.stringify({ Enabled: isOn }));
    const state = isOn ? 'Enabled' : 'Disabled';
    while ((await call<Source>('GET', relay.UUID)).State !== state) await pause(0.02);
  };
}

interface Source {
  readonly UUID: string;
  readonly FunctionArn: string;
  readonly State: string;
}
