import { parseArgs } from 'node:util';
import { parsed, whole } from '../arguments.ts';

/** How many interactions are logged, how fast and how long. */
export interface FanOutArguments {
  /** Interactions a second, a run for each. */
  readonly rates: readonly number[];
  /** How long a run is measured at least. */
  readonly seconds: number;
  readonly customers: number;
  /** Where the figures go as JSON. */
  readonly jsonFile: string | undefined;
  /** Whether the table goes into docs/performance.md. */
  readonly record: boolean;
}

export const USAGE = `npm run bench:fan-out [-- OPTIONS]

  --rates LIST   how many interactions are logged a second (1,50,500)
  --seconds N    how long a rate is measured, after a warm-up of a fifth of that (20);
                 a low rate goes on until 30 interactions are logged
  --scale N      so many customers, with 5 interactions and 1 order each (1000)
  --json FILE    the figures as JSON
  --record       the table into docs/performance.md`;

/** @throws WrongArguments naming the option and what it takes */
export function readArguments(args: readonly string[]): FanOutArguments | 'help' {
  const { values } = parsed(() => readOptions(args));
  if (values.help) return 'help';
  return {
    rates: values.rates.split(',').map((text) => whole('rates', text, 10_000)),
    seconds: whole('seconds', values.seconds, 3600),
    customers: whole('scale', values.scale, 100_000),
    jsonFile: values.json,
    record: values.record,
  };
}

const readOptions = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    options: {
      rates: { type: 'string', default: '1,50,500' },
      seconds: { type: 'string', default: '20' },
      scale: { type: 'string', default: '1000' },
      json: { type: 'string' },
      record: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
