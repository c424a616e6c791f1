import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setup } from '../../test/support/assembly.ts';
import { signedPost } from '../../test/support/signed-post.ts';
import { type RunningStack, startStack } from '../../test/support/stack.ts';
import { readEndpoint } from '../../tools/client/endpoint.ts';
import { signInAs } from '../../tools/client/session.ts';
import { processorMs, untilProcessIdle } from '../process.ts';
import { type FillSize, fill } from './fill.ts';
import { pause } from './measure.ts';

/** A stack with a firm in it, ready to be measured. */
export interface FilledStack extends RunningStack {
  readonly pid: number;
  readonly token: string;
  readonly firmFile: string;
  readonly loading: Loading;
  /** Lets the relay read the stream, or keeps it from that: then nothing follows from what is written. */
  readonly relay: (isOn: boolean) => Promise<void>;
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
  const stack = await startStack({ options });
  try {
    const pid = stack.process.pid as number;
    const relay = relaySwitch(stack);
    const token = await (await signInAs(readEndpoint(stack.stackFile, 'admin', {})))();
    await untilProcessIdle(pid);
    await relay(false);
    const began = performance.now();
    const before = processorMs(pid);
    const firm = await fill(stack.stack.graphqlUrl, token, size);
    const answered = performance.now();
    const processorSeconds = (processorMs(pid) - before) / 1000;
    await relay(true);
    const idleSince = await untilProcessIdle(pid, 3_600_000);
    const firmFile = join(stack.dataDir, 'firm.json');
    writeFileSync(firmFile, JSON.stringify(firm));
    const loading = {
      seconds: (answered - began) / 1000,
      processorSeconds,
      drainSeconds: (idleSince - answered) / 1000,
      processorSecondsInAll: (processorMs(pid) - before) / 1000,
    };
    return { ...stack, pid, token, firmFile, loading, relay };
  } catch (error) {
    await stack.remove();
    throw error;
  }
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
