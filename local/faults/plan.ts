import * as v from 'valibot';

/** When a fault strikes: with a probability, or at each n-th occasion; `times` is the most that it does, at most for ever. */
export interface When {
  readonly chance?: number | undefined;
  readonly every?: number | undefined;
  readonly times?: number | undefined;
}

/** The plan of what goes wrong, as a file or a request gives it, is not valid. Each line names a place and the remedy. */
export class FaultPlanError extends Error {
  override readonly name = 'FaultPlanError';
}

const quoted = (values: readonly string[]) => values.map((value) => JSON.stringify(value)).join(', ');

function closed<const Entries extends v.ObjectEntries>(entries: Entries) {
  const keys = Object.keys(entries).join(', ');
  return v.strictObject(entries, ({ expected }) => {
    if (expected === 'never') return `there is no such key; give some of ${keys}`;
    return expected === 'Object' ? `give an object with some of ${keys}` : 'is missing';
  });
}

function whole(min: number, max: number) {
  const allowed = `give a whole number from ${min} to ${max}`;
  return v.pipe(v.number(allowed), v.integer(allowed), v.minValue(min, allowed), v.maxValue(max, allowed));
}

const probability = 'give a probability: more than 0, at most 1';
const name = v.pipe(v.string('give a part of a name'), v.minLength(1, 'give a part of a name'));
const oneOf = <const T extends readonly string[]>(values: T) =>
  v.picklist(values, `give one of ${quoted(values)}`);

const when = {
  /** Of each occasion. */
  chance: v.optional(v.pipe(v.number(probability), v.gtValue(0, probability), v.maxValue(1, probability))),
  /** At each n-th occasion. */
  every: v.optional(whole(1, 1_000_000)),
  /** The most that it strikes; without end by default. */
  times: v.optional(whole(1, 1_000_000)),
};
const milliseconds = v.optional(whole(0, 900_000));

const hasWhen = ({ chance, every }: When) => (chance === undefined) !== (every === undefined);

/** Faults that last, or come, some milliseconds. */
const TIMED: readonly string[] = ['delay', 'kill after'];
const fitsTime = ({ fault, ms }: { readonly fault: string; readonly ms?: number | undefined }) =>
  TIMED.includes(fault) === (ms !== undefined);

const whenMissing = 'give either chance or every, which say when it strikes';
const timeMissing = `give ms, in milliseconds, with ${quoted(TIMED)} and with nothing else`;

function rules<const Entries extends v.ObjectEntries>(entries: Entries) {
  const rule = v.pipe(
    closed({ ...entries, ...when }),
    v.check((one) => hasWhen(one as When), whenMissing),
  );
  return v.optional(v.array(rule, 'give a list'), []);
}

function timed<const Entries extends v.ObjectEntries>(entries: Entries) {
  const rule = v.pipe(
    closed({ ...entries, ms: milliseconds, ...when }),
    v.check((one) => hasWhen(one as When), whenMissing),
    v.check((one) => fitsTime(one as unknown as { fault: string; ms?: number }), timeMissing),
  );
  return v.optional(v.array(rule, 'give a list'), []);
}

const schema = closed({
  /** What is drawn follows from it: the same occasions have the same fate. */
  seed: v.optional(whole(0, 4_294_967_295), 0),
  /** Invocations, by a part of the function's name. */
  functions: timed({
    function: v.optional(name),
    fault: oneOf(['throttle', 'delay', 'kill', 'kill after', 'lose answer']),
  }),
  /** Calls of DynamoDB by functions; of all actions when none is named. */
  dynamodb: rules({
    actions: v.optional(
      v.pipe(v.array(name, 'give a list of actions'), v.minLength(1, 'name an action, or leave it out')),
    ),
    fault: oneOf(['throttle', 'fail', 'lose answer', 'conflict']),
  }),
  /** Calls of PutEvents by functions; a refused entry is one of the call, the others are taken. */
  events: rules({ fault: oneOf(['throttle', 'fail', 'lose answer', 'refuse entry']) }),
  /** Messages, by a part of the queue's name. */
  queues: timed({ queue: v.optional(name), fault: oneOf(['duplicate', 'reorder', 'delay']) }),
  /** Looks at a stream: the records of the one before come again with what is new. */
  streams: rules({ fault: oneOf(['repeat']) }),
  /** Mails to be sent. */
  mail: rules({ fault: oneOf(['throttle', 'fail', 'lose answer']) }),
});

/** What goes wrong on demand. */
export type FaultPlan = v.InferOutput<typeof schema>;

/** The kinds of faults: the lists of a plan. */
export type FaultKind = Exclude<keyof FaultPlan, 'seed'>;

/** A plan without any fault. */
export const noFaults: FaultPlan = v.parse(schema, {});

/** Reads a plan. @throws FaultPlanError with a line for each thing that is wrong */
export function readFaultPlan(text: string): FaultPlan {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    throw new FaultPlanError(`The faults are not JSON: ${(error as Error).message}.`);
  }
  if (Array.isArray(given)) throw new FaultPlanError('The faults are a list: give an object of lists.');
  const read = v.safeParse(schema, given);
  if (read.success) return read.output;
  const lines = read.issues.map((issue) => {
    const path = v.getDotPath(issue as v.BaseIssue<unknown>);
    const value = JSON.stringify(issue.input) ?? 'nothing';
    return `${path ?? 'The faults'} (${value}): ${issue.message}.`;
  });
  throw new FaultPlanError(lines.join('\n'));
}
