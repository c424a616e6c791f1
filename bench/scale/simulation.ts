import { seeded } from '../../test/support/mutations.ts';
import { type Bound, boundsOf, type Stage } from './bounds.ts';
import type { Setup } from './setup.ts';
import type { Work } from './work.ts';

/** What comes in, second by second. */
export interface Load {
  /** Things done in a second, on average. */
  readonly perSecond: number;
  /** For how long it goes on; whoever waits comes until all is done. */
  readonly seconds: number;
  /** Whether who is refused waits and comes again, as an import does; else the client has its answer. */
  readonly waits?: boolean;
  /** Whether the table is new, and bears only what a new one does. */
  readonly newTable?: { readonly writes: number };
  /** What happens meanwhile makes something dearer: further read units of a stage for each thing, by what was done so far. */
  readonly dearer?: (done: number) => { readonly stage: Stage; readonly read: number };
}

/** What became of it. */
export interface Outcome {
  readonly accepted: number;
  readonly refused: number;
  /** Seconds until the last thing was taken, and until nothing waited any more. */
  readonly takenAfter: number;
  readonly doneAfter: number;
  /** The most that waited at once, by stage; stages at which nothing waited longer than a second are left out. */
  readonly waited: Readonly<Record<Stage, number>>;
  /** Seconds in which each bound held something up, the longest first. */
  readonly held: readonly { readonly name: string; readonly seconds: number }[];
}

/** Nobody waits longer: what is not done then, is not done. */
const HORIZON = 14 * 24 * 3600;

/** A new table on demand bears twice as much after half an hour. */
const DOUBLING_SECONDS = 1800;

/** How much one second's load may differ from the average. */
const JITTER = 0.1;

/**
 * Plays a load second by second through the stages: the request, the relay, the bus, then all consumers at once. What a
 * bound does not bear waits where it is; a request that it does not bear is refused. A bound that several stages share
 * gives each the same part of what it asks. The same seed, the same outcome.
 */
export function simulate(work: Work, setup: Setup, load: Load, seed = 1): Outcome {
  const random = seeded(seed);
  const bounds = boundsOf(work, setup);
  const consumers = Object.keys(work.deliveries).filter((name) => setup.consumers[name]);
  const stages: Stage[] = ['request', 'relay', 'bus', ...consumers];
  const waiting = new Map<Stage, number>(stages.map((stage) => [stage, 0]));
  const most = new Map<Stage, number>();
  const held = new Map<string, number>();
  let [accepted, refused, left, second] = [0, 0, load.waits ? load.perSecond * load.seconds : 0, 0];
  let takenAfter = 0;

  for (; second < HORIZON; second++) {
    const coming = second < load.seconds && !load.waits;
    const arrivals = coming ? load.perSecond * (1 - JITTER + (2 * JITTER * random.below(1001)) / 1000) : left;
    const idle = [...waiting.values()].every((amount) => amount < 0.5);
    if (arrivals < 0.5 && !coming && idle) break;

    const now = bounds.map((bound) => at(second, bound, setup, load, accepted));
    const want = new Map([
      ...waiting,
      ['request', Math.min(arrivals, load.waits ? load.perSecond : arrivals)],
    ]);
    const served = serve(want, now, held);
    const taken = served.get('request') ?? 0;
    accepted += taken;
    if (load.waits) left -= taken;
    else refused += (want.get('request') ?? 0) - taken;
    if (taken > 0) takenAfter = second + 1;

    const add = (stage: Stage, amount: number) => waiting.set(stage, (waiting.get(stage) ?? 0) + amount);
    for (const stage of stages.slice(1)) add(stage, -(served.get(stage) ?? 0));
    add('relay', taken);
    add('bus', served.get('relay') ?? 0);
    for (const consumer of consumers) add(consumer, served.get('bus') ?? 0);
    for (const stage of stages.slice(1))
      most.set(stage, Math.max(most.get(stage) ?? 0, waiting.get(stage) ?? 0));
  }

  const often = [...most].filter(([, amount]) => amount > 2 * load.perSecond);
  return {
    accepted: Math.round(accepted),
    refused: Math.round(refused),
    takenAfter,
    doneAfter: second,
    waited: Object.fromEntries(often.map(([stage, amount]) => [stage, Math.round(amount)])),
    held: [...held].map(([name, seconds]) => ({ name, seconds })).sort((a, b) => b.seconds - a.seconds),
  };
}

/** A bound as it is in a second: Lambda polls a queue more and more, a new table grows, some things get dearer. */
function at(second: number, bound: Bound, setup: Setup, load: Load, done: number): Bound {
  const consumer = setup.consumers[bound.key];
  if (consumer) {
    const most = consumer.concurrency;
    // It begins with five: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
    const polled = Math.min(most, 5 + setup.pollingGain * second);
    return { ...bound, perSecond: (bound.perSecond * polled) / most };
  }
  if (bound.key === 'tableWrites' && load.newTable) {
    const grown = load.newTable.writes * 2 ** (second / DOUBLING_SECONDS);
    return { ...bound, perSecond: Math.min(bound.perSecond, grown) };
  }
  if (bound.key === 'tableReads' && load.dearer) {
    const { stage, read } = load.dearer(done);
    return { ...bound, draws: { ...bound.draws, [stage]: (bound.draws[stage] ?? 0) + read } };
  }
  return bound;
}

/** What of what is wanted is served in a second, by stage; notes which bounds held something up. */
function serve(
  want: ReadonlyMap<Stage, number>,
  bounds: readonly Bound[],
  held: Map<string, number>,
): Map<Stage, number> {
  const served = new Map(want);
  const note = ({ name }: Bound) => held.set(name, (held.get(name) ?? 0) + 1);
  const stagesOf = ({ draws }: Bound) => [...served.keys()].filter((stage) => (draws[stage] ?? 0) > 0);
  // First what each stage can by itself: what waits behind that asks nothing of what is shared.
  for (const [stage, amount] of want) {
    const own = bounds.filter((bound) => stagesOf(bound).join() === stage);
    const [tightest] = own.sort((a, b) => mostOf(a, stage) - mostOf(b, stage));
    if (!tightest || mostOf(tightest, stage) >= amount) continue;
    note(tightest);
    served.set(stage, mostOf(tightest, stage));
  }
  for (const bound of bounds.filter((one) => stagesOf(one).length > 1)) {
    const asked = [...served].reduce((sum, [stage, amount]) => sum + amount * (bound.draws[stage] ?? 0), 0);
    if (asked <= bound.perSecond) continue;
    note(bound);
    for (const stage of stagesOf(bound))
      served.set(stage, ((served.get(stage) ?? 0) * bound.perSecond) / asked);
  }
  return served;
}

const mostOf = ({ perSecond, draws }: Bound, stage: Stage): number => perSecond / (draws[stage] ?? 1);
