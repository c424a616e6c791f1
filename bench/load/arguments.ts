import { parseArgs } from 'node:util';
import { parsed, WrongArguments, whole } from '../arguments.ts';
import { cases } from './operations.ts';

/** Most customers that come through the API; what is more are copies of one of them, which takes minutes and not hours. */
export const mostByApi = 10_000;

/** What is measured, and how long. */
export interface BenchArguments {
  readonly customers: number;
  /** How many are at work at once, a run for each. */
  readonly connections: readonly number[];
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** How often everything is run; told is what lies in the middle. */
  readonly rounds: number;
  readonly cases: readonly string[];
  /** Which stacks: as `npm start` gives it, and with `--memory`. */
  readonly stores: readonly Store[];
  /** Where the figures go as JSON. */
  readonly jsonFile: string | undefined;
  /** Whether the tables go into docs/performance.md. */
  readonly record: boolean;
}

export type Store = 'durable' | 'memory';

export const USAGE = `npm run bench [-- OPTIONS]

  --scale N           so many customers, with 5 interactions and 1 order each (10000); those beyond
                      10000 are copies, written into the tables while the stack stands
  --connections LIST  how many are at work at once (16,64)
  --seconds N         how long a run is measured, after a warm-up of half of that (10)
  --rounds N          how often everything is run; told is the middle (3)
  --only TEXT         only the operations with this in their names
  --memory            also on a stack that keeps nothing
  --memory-only       only on that
  --json FILE         the figures as JSON
  --record            the tables into docs/performance.md`;

/** @throws WrongArguments naming the option and what it takes */
export function readArguments(args: readonly string[]): BenchArguments | 'help' {
  const { values } = parsed(() => readOptions(args));
  if (values.help) return 'help';
  const only = values.only ?? '';
  const chosen = cases.map(({ name }) => name).filter((name) => name.includes(only));
  if (chosen.length === 0) {
    throw new WrongArguments(`--only ${only}: no operation is called so; there are ${names.join(', ')}`);
  }
  const seconds = whole('seconds', values.seconds);
  const customers = whole('scale', values.scale);
  if (customers > mostByApi && (values.memory || values['memory-only'])) {
    throw new WrongArguments(
      `--scale ${customers} with --memory: more than ${mostByApi} customers are written into a data folder, and there is none`,
    );
  }
  return {
    customers,
    connections: values.connections.split(',').map((text) => whole('connections', text)),
    seconds,
    warmUpSeconds: seconds / 2,
    rounds: whole('rounds', values.rounds),
    cases: chosen,
    stores: values['memory-only'] ? ['memory'] : values.memory ? ['durable', 'memory'] : ['durable'],
    jsonFile: values.json,
    record: values.record,
  };
}

const names = cases.map(({ name }) => name);

const readOptions = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    options: {
      scale: { type: 'string', default: '10000' },
      connections: { type: 'string', default: '16,64' },
      seconds: { type: 'string', default: '10' },
      rounds: { type: 'string', default: '3' },
      only: { type: 'string' },
      memory: { type: 'boolean', default: false },
      'memory-only': { type: 'boolean', default: false },
      json: { type: 'string' },
      record: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
