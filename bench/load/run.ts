import { memoryMiB } from '../process.ts';
import type { BenchArguments, Store } from './arguments.ts';
import { type Measured, measure, median, pause, sdkFloor } from './measure.ts';
import { cases } from './operations.ts';
import type { SdkFloor } from './sdk-floor.ts';
import { type FilledStack, type Loading, startFilled } from './stack.ts';

/** An operation at so many connections: medians of the rounds. */
export interface CaseFigures {
  readonly store: Store;
  readonly name: string;
  readonly connections: number;
  /** While nothing follows from what is written; what follows comes after, and is in the figures `inAll`. */
  readonly requestPath: Figures;
  /** Operations a second until the bus was empty, processor milliseconds of an operation, seconds after the last answer. */
  readonly inAll: { readonly perSecond: number; readonly processorMs: number; readonly drainSeconds: number };
  /** While the consumers are at work at the same time. */
  readonly meanwhile: Figures;
}

export interface Figures {
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly errors: number;
  readonly processorMs: number;
}

export interface StoreFigures {
  readonly store: Store;
  readonly loading: Loading;
  /** PSS in MiB after everything, with all environments that the load has called for. */
  readonly memoryMiB: number;
  /** The same a minute later, when each function has the one warm environment that it keeps. */
  readonly memoryAtRestMiB: number;
}

export interface BenchFigures {
  readonly arguments: BenchArguments;
  readonly floor: SdkFloor;
  readonly stores: readonly StoreFigures[];
  readonly cases: readonly CaseFigures[];
}

const interactionsEach = 5;
const ordersEach = 1;

/** Runs everything; `tell` hears of each run. */
export async function runBench(asked: BenchArguments, tell: (line: string) => void): Promise<BenchFigures> {
  const size = { customers: asked.customers, interactionsEach, ordersEach };
  const floors: SdkFloor[] = [];
  const stores: StoreFigures[] = [];
  const figures: CaseFigures[] = [];
  for (const store of asked.stores) {
    const stack = await startFilled(size, store === 'memory' ? ['--memory'] : []);
    try {
      tell(`${store}: ${asked.customers} customers are there after ${stack.loading.seconds.toFixed(1)} s`);
      const runs = new Map<string, Runs>();
      for (let round = 1; round <= asked.rounds; round++) {
        floors.push(await sdkFloor());
        await runRound(stack, asked, round, runs, tell);
      }
      figures.push(...[...runs.values()].map((one) => summary(store, one)));
      const underLoad = memoryMiB(stack.pid);
      await pause(75);
      const memoryAtRestMiB = memoryMiB(stack.pid);
      stores.push({ store, loading: stack.loading, memoryMiB: underLoad, memoryAtRestMiB });
    } finally {
      await stack.remove();
    }
  }
  const floor = {
    overHttp: median(floors.map(({ overHttp }) => overHttp)),
    withoutNetwork: median(floors.map(({ withoutNetwork }) => withoutNetwork)),
  };
  return { arguments: asked, floor, stores, cases: figures };
}

interface Runs {
  readonly name: string;
  readonly connections: number;
  /** With the consumers held. */
  readonly held: Measured[];
  readonly meanwhile: Measured[];
}

async function runRound(
  stack: FilledStack,
  asked: BenchArguments,
  round: number,
  runs: Map<string, Runs>,
  tell: (line: string) => void,
): Promise<void> {
  for (const { name, writes } of cases.filter((one) => asked.cases.includes(one.name))) {
    for (const connections of asked.connections) {
      const key = `${name} ${connections}`;
      const known = runs.get(key) ?? { name, connections, held: [], meanwhile: [] };
      runs.set(key, known);
      const run = (part: string) => ({
        url: stack.stack.graphqlUrl,
        token: stack.token,
        firmFile: stack.firmFile,
        caseName: name,
        connections,
        seconds: asked.seconds,
        warmUpSeconds: asked.warmUpSeconds,
        run: `r${round}-${connections}-${part}`,
      });
      if (writes) await stack.relay(false);
      const drain = async () => {
        await stack.relay(true);
        return stack.untilIdle();
      };
      const held = await measure(stack.pid, run('held'), writes ? drain : undefined);
      const meanwhile = writes ? await measure(stack.pid, run('meanwhile'), stack.untilIdle) : held;
      known.held.push(held);
      known.meanwhile.push(meanwhile);
      const rate = (held.operations / held.seconds).toFixed(0);
      const error = held.firstError ? `; ${held.errors} errors, the first ${held.firstError}` : '';
      tell(
        `round ${round}, ${connections} connections: ${name}: ${rate}/s, ${held.processorMs.toFixed(2)} ms${error}`,
      );
    }
  }
}

function summary(store: Store, { name, connections, held, meanwhile }: Runs): CaseFigures {
  const of = (runs: readonly Measured[], figure: (run: Measured) => number) => median(runs.map(figure));
  const figures = (runs: readonly Measured[]): Figures => ({
    perSecond: of(runs, ({ operations, seconds }) => operations / seconds),
    p50: of(runs, ({ p50 }) => p50),
    p95: of(runs, ({ p95 }) => p95),
    p99: of(runs, ({ p99 }) => p99),
    errors: runs.reduce((sum, { errors }) => sum + errors, 0),
    processorMs: of(runs, ({ processorMs }) => processorMs),
  });
  return {
    store,
    name,
    connections,
    requestPath: figures(held),
    inAll: {
      perSecond: of(held, ({ operations, seconds, drainSeconds }) => operations / (seconds + drainSeconds)),
      processorMs: of(held, ({ processorMsInAll }) => processorMsInAll),
      drainSeconds: of(held, ({ drainSeconds }) => drainSeconds),
    },
    meanwhile: figures(meanwhile),
  };
}
