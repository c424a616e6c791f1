import { createDraw, type Draw } from './draw.ts';
import { type FaultHooks, unhook } from './hooks.ts';
import { type FaultKind, type FaultPlan, FaultPlanError } from './plan.ts';

/** A rule of the plan and what it has done. */
export type FaultCount = FaultPlan[FaultKind][number] & {
  readonly kind: FaultKind;
  /** On how many occasions it could have struck. */
  readonly asked: number;
  /** How often it struck. */
  readonly struck: number;
};

/** What goes wrong on demand: a plan, or the hooks that tests set themselves. */
export interface Faults extends FaultHooks {
  /** Lets go wrong what the plan says, from its first occasion on. @throws FaultPlanError when it names what is not there */
  set(plan: FaultPlan): void;
  /** Nothing goes wrong any more, whoever wanted it. */
  end(): void;
  /** The rules of the plan in force, in its order; none when nothing goes wrong by plan. */
  counts(): FaultCount[];
}

export interface FaultsOptions {
  readonly hooks: FaultHooks;
  /** Names of the functions and queues that a plan may speak of a part of. */
  readonly names: () => { readonly functions: readonly string[]; readonly queues: readonly string[] };
}

interface Armed<Rule> {
  readonly rule: Rule;
  readonly draw: Draw;
}

export function createFaults({ hooks, names }: FaultsOptions): Faults {
  let counts: () => FaultCount[] = () => [];

  function end(): void {
    unhook(hooks);
    counts = () => [];
  }

  return {
    ...hooks,
    set(plan) {
      checkNames(plan, names());
      end();
      counts = arm(plan, hooks);
    },
    end,
    counts: () => counts(),
  };
}

function checkNames(
  { functions, queues }: FaultPlan,
  known: { readonly functions: readonly string[]; readonly queues: readonly string[] },
): void {
  const check = (kind: 'functions' | 'queues', part: string | undefined) => {
    if (part === undefined || known[kind].some((name) => name.includes(part))) return;
    throw new FaultPlanError(
      `No name of the ${kind} has ${JSON.stringify(part)} in it: ${known[kind].join(', ')}.`,
    );
  };
  for (const rule of functions) check('functions', rule.function);
  for (const rule of queues) check('queues', rule.queue);
}

/** The first rule that is about an occasion and strikes. */
function strike<Rule>(armed: readonly Armed<Rule>[], isAbout: (rule: Rule) => boolean): Rule | undefined {
  return armed.find(({ rule, draw }) => isAbout(rule) && draw.strikes())?.rule;
}

function arm(plan: FaultPlan, hooks: FaultHooks): () => FaultCount[] {
  const all: (() => FaultCount)[] = [];
  function armed<Kind extends FaultKind>(kind: Kind): Armed<FaultPlan[Kind][number]>[] {
    const rules: readonly FaultPlan[Kind][number][] = plan[kind];
    return rules.map((rule, index) => {
      const draw = createDraw(rule, `${plan.seed} ${kind} ${index}`);
      all.push(() => ({ ...rule, kind, asked: draw.asked, struck: draw.struck }));
      return { rule, draw };
    });
  }
  armFunctions(armed('functions'), hooks);
  const calls = armed('dynamodb');
  hooks.tables.onCall = (action) => strike(calls, ({ actions }) => actions?.includes(action) ?? true)?.fault;
  armBus(armed('events'), hooks);
  armQueues(armed('queues'), hooks);
  const looks = armed('streams');
  hooks.streams.repeats = () => strike(looks, () => true) !== undefined;
  const mails = armed('mail');
  hooks.mail.onSend = () => strike(mails, () => true)?.fault;
  return () => all.map((count) => count());
}

function armFunctions(
  armed: readonly Armed<FaultPlan['functions'][number]>[],
  { functions }: FaultHooks,
): void {
  functions.beforeInvoke = (name) => {
    const rule = strike(armed, (one) => name.includes(one.function ?? ''));
    if (rule?.fault === 'kill after') return { killAfter: rule.ms ?? 0 };
    if (rule?.fault === 'delay') return { delay: rule.ms ?? 0 };
    return rule?.fault;
  };
}

function armBus(armed: readonly Armed<FaultPlan['events'][number]>[], { bus }: FaultHooks): void {
  bus.onPut = () => {
    const fault = strike(armed, (rule) => rule.fault !== 'refuse entry')?.fault;
    return fault === 'refuse entry' ? undefined : fault;
  };
  bus.refusesEntry = () => strike(armed, (rule) => rule.fault === 'refuse entry') !== undefined;
}

/** A queue has a hook only when the plan speaks of what it does: with one, it works through its messages one look at a time. */
function armQueues(armed: readonly Armed<FaultPlan['queues'][number]>[], { queues }: FaultHooks): void {
  const struck = (fault: string, name: string) =>
    strike(armed, (rule) => rule.fault === fault && name.includes(rule.queue ?? ''));
  const has = (fault: string) => armed.some(({ rule }) => rule.fault === fault);
  if (has('duplicate')) queues.duplicate = (_, name) => struck('duplicate', name) !== undefined;
  if (has('reorder')) queues.reorder = (name) => struck('reorder', name) !== undefined;
  if (has('delay')) queues.delay = (name) => struck('delay', name)?.ms ?? 0;
}
