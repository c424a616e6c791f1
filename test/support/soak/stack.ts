import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { signedIn } from '../client.ts';
import { type ConsumerId, queuesOf } from '../consumer-queues.ts';
import { consumers } from '../consumers.ts';
import { askFaults, type FaultsShown } from '../local-faults.ts';
import { type RunningStack, type StackFile, startStack } from '../stack.ts';
import { everything } from './plan.ts';
import type { Colleagues } from './work.ts';

/** A stack under all faults that can be killed, and goes on. */
export interface TroubledStack {
  /** Who works there; waits while it starts again. */
  readonly colleagues: () => Promise<Running>;
  readonly endpoint: () => Promise<StackFile>;
  /** Lets everything go wrong. */
  readonly trouble: () => Promise<void>;
  /** Kills the process without a word, and starts it on what it has kept. */
  readonly kill: () => Promise<void>;
  /** Lets nothing go wrong any more, and gives how often each fault struck, over all processes. */
  readonly calm: () => Promise<ReadonlyMap<string, number>>;
  readonly remove: () => Promise<void>;
}

/** A process, and who works with it. */
export interface Running extends Colleagues {
  readonly process: RunningStack;
}

/**
 * How soon a message comes again that was not done: far sooner than deployed, so that it comes while it is in work. A
 * function has as long, since Lambda takes no queue whose messages come again before; the due run stops five seconds early.
 */
const againAfterSeconds = (consumer: string) => (consumer.startsWith('Lifecycle') ? 6 : 2);

interface Template {
  readonly Resources: Record<
    string,
    { readonly Type: string; readonly Properties?: { VisibilityTimeout?: number; Timeout?: number } }
  >;
}

/** In the templates: a queue whose attributes are set later has delivered by then, and hides that for minutes. */
function comeAgainSoon(assembly: string): void {
  const file = join(assembly, 'fidelia-demo-app.template.json');
  const template = JSON.parse(readFileSync(file, 'utf8')) as Template;
  const isOfConsumer = (id: string) => consumers.some((consumer) => id.startsWith(consumer));
  for (const [id, { Type, Properties }] of Object.entries(template.Resources)) {
    if (!Properties || !isOfConsumer(id)) continue;
    if (Type === 'AWS::SQS::Queue' && Properties.VisibilityTimeout) {
      Properties.VisibilityTimeout = againAfterSeconds(id);
    }
    if (Type === 'AWS::Lambda::Function') Properties.Timeout = againAfterSeconds(id);
  }
  writeFileSync(file, JSON.stringify(template));
}

export async function startTroubledStack(): Promise<TroubledStack> {
  const struck = new Map<string, number>();
  const folder = mkdtempSync(join(tmpdir(), 'fidelia-soak-'));
  const planFile = join(folder, 'faults.json');
  writeFileSync(planFile, JSON.stringify(everything));

  async function start(dataDir?: string): Promise<Running> {
    const options = dataDir === undefined ? [] : ['--faults', planFile];
    const process = await startStack({
      ...(dataDir !== undefined && { dataDir }),
      options,
      change: comeAgainSoon,
    });
    return { process, service: await signedIn(process, 'service'), sales: await signedIn(process, 'sales') };
  }

  function count({ rules }: FaultsShown): void {
    for (const { kind, fault, struck: times } of rules) {
      const name = `${kind}: ${fault}`;
      struck.set(name, (struck.get(name) ?? 0) + times);
    }
  }

  let running = start();
  await running;
  const endpoint = async () => (await running).process.stack;
  return {
    colleagues: () => running,
    endpoint,
    trouble: async () => void (await askFaults(await endpoint(), 'PUT', everything)),
    async kill() {
      const { process } = await running;
      count(await askFaults(process.stack, 'GET'));
      const started = process.end('SIGKILL').then(() => start(process.dataDir));
      running = started;
      await started;
    },
    async calm() {
      count(await askFaults(await endpoint(), 'GET'));
      await askFaults(await endpoint(), 'DELETE');
      return struck;
    },
    remove: async () => {
      await (await running).process.remove();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Resolves when no consumer has had anything to do for a second. @throws Error with what waits after so long */
export async function untilIdle(endpoint: StackFile, withinMs: number): Promise<void> {
  const queues = await Promise.all(consumers.map((consumer) => queuesOf(endpoint, consumer)));
  const deadline = Date.now() + withinMs;
  for (let idleMs = 0; idleMs < 1000; ) {
    await sleep(200);
    const waiting = await Promise.all(queues.map((queue) => queue.waiting()));
    idleMs = waiting.every((count) => count === 0) ? idleMs + 200 : 0;
    if (Date.now() > deadline) throw new Error(`Still waiting after ${withinMs} ms: ${waiting.join()}`);
  }
}

/** How many dead letters each consumer has. */
export async function deadLettersOf(endpoint: StackFile): Promise<Record<ConsumerId, number>> {
  const counted = consumers.map(
    async (consumer) => [consumer, await (await queuesOf(endpoint, consumer)).deadLetters()] as const,
  );
  return Object.fromEntries(await Promise.all(counted)) as Record<ConsumerId, number>;
}

/** Moves all dead letters back by the command of the operations guide. */
export async function redriveAll(endpoint: StackFile): Promise<void> {
  const dead = await deadLettersOf(endpoint);
  for (const consumer of consumers) {
    const queues = await queuesOf(endpoint, consumer);
    await queues.comeAgainAfter(10);
    if (dead[consumer] > 0) await queues.redrive();
  }
}
