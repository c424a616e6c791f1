import { parseArgs } from 'node:util';
import { IANAZone } from 'luxon';
import { type Endpoint, EndpointError, endpointVariables, readEndpoint } from '../client/endpoint.ts';
import { type Field, fieldNames, isField } from './columns.ts';
import { rejectedFileFor } from './rejected.ts';
import { WrongInput } from './wrong-input.ts';

export type CustomerKind = 'PERSON' | 'COMPANY';

/** What is to be imported, and how. */
export interface ImportOptions {
  readonly file: string;
  /** The name of the system that the invoices and the customers' ids come from. */
  readonly source: string;
  /** ISO 4217. */
  readonly currency: string;
  /** The zone of times that say none. */
  readonly timezone: string;
  /** Which column holds a field, by field, where its name does not say so. */
  readonly columns: ReadonlyMap<Field, string>;
  /** The day on which the latest invoice is to fall, as `2026-01-31`. Default: nothing is shifted. */
  readonly shiftDatesTo?: string;
  /** The codes of lines that are charges and not products. */
  readonly charges: ReadonlySet<string>;
  /** Default: a person when the file has names, else a company. */
  readonly customerKind?: CustomerKind;
  /** Where refused lines go. */
  readonly rejectedFile: string;
  /** How many requests are under way at the same time. */
  readonly concurrency: number;
}

export interface Command {
  readonly options: ImportOptions;
  readonly endpoint: Endpoint;
  readonly json: boolean;
}

export const help = `Imports orders from a CSV file, plain or gzipped, through the GraphQL API.

  npm run import -- orders FILE --source NAME --currency GBP --timezone Europe/London [options]

  --source NAME            the system the file comes from; invoices and customers are recognised by it and their numbers
  --currency CODE          of all prices, ISO 4217
  --timezone ZONE          of times that say none, IANA
  --map COLUMN=FIELD       which column holds a field; again for each. Fields: ${fieldNames.join(', ')}
  --shift-dates-to DATE    moves all dates by whole days so that the latest invoice falls on DATE (2026-01-31)
  --charges CODES          codes of postage, fees and the like, with commas (default POST,M,D,C2)
  --customer-kind KIND     PERSON or COMPANY (default: PERSON when the file has names, else COMPANY)
  --rejected FILE          where refused lines go (default: FILE.rejected.csv in the current folder)
  --concurrency N          requests at the same time, 1 to 32 (default 4)
  --stack FILE             what a running stack says about itself (default .local/stack.json)
  --user NAME              a user of the stack file, or a group (default integration)
  --json                   the summary as JSON
  --help                   this

Another endpoint, by environment variables:
${Object.entries(endpointVariables)
  .map(([name, meaning]) => `  ${name.padEnd(28)} ${meaning}`)
  .join('\n')}

It is safe to run again, and to go on by running again after a stop: what is there already is found and left as it is.
Exit code: 0 done (the summary says what was refused), 1 stopped on the way, 2 wrong usage or a malformed file.
`;

const optionTypes = {
  source: { type: 'string' },
  currency: { type: 'string' },
  timezone: { type: 'string' },
  map: { type: 'string', multiple: true },
  'shift-dates-to': { type: 'string' },
  charges: { type: 'string', default: 'POST,M,D,C2' },
  'customer-kind': { type: 'string' },
  rejected: { type: 'string' },
  concurrency: { type: 'string', default: '4' },
  stack: { type: 'string', default: '.local/stack.json' },
  user: { type: 'string', default: 'integration' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/**
 * Reads the command line.
 *
 * @returns `help` when that was asked for.
 * @throws WrongInput naming the argument, its value and what is possible.
 */
export function readCommand(args: readonly string[], env: NodeJS.ProcessEnv): Command | 'help' {
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  const file = readPositionals(positionals);
  const shiftDatesTo = values['shift-dates-to'];
  const customerKind = values['customer-kind'];
  const options: ImportOptions = {
    file,
    source: check('--source', values.source, (name) => name.length <= 64, 'a name of at most 64 characters'),
    currency: check('--currency', values.currency, isCurrency, 'a currency of ISO 4217, such as GBP'),
    timezone: check('--timezone', values.timezone, IANAZone.isValidZone, 'a time zone such as Europe/London'),
    columns: readMappings(values.map ?? []),
    charges: new Set(values.charges.split(',').flatMap((code) => code.trim() || [])),
    rejectedFile: values.rejected ?? rejectedFileFor(file),
    concurrency: Number(check('--concurrency', values.concurrency, isConcurrency, 'a number from 1 to 32')),
    ...(shiftDatesTo === undefined
      ? {}
      : { shiftDatesTo: check('--shift-dates-to', shiftDatesTo, isDate, 'a date such as 2026-01-31') }),
    ...(customerKind === undefined
      ? {}
      : { customerKind: check('--customer-kind', customerKind, isCustomerKind, 'PERSON or COMPANY') }),
  };
  return { options, endpoint: endpointOf(values.stack, values.user, env), json: values.json };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: optionTypes, allowPositionals: true });
  } catch (error) {
    throw new WrongInput(error instanceof Error ? error.message : String(error));
  }
}

function readPositionals([what, file, ...rest]: readonly string[]): string {
  if (what !== 'orders') throw new WrongInput(`import what? ${show(what)} is not known; there is: orders`);
  if (file === undefined) throw new WrongInput('which file? Give the path of a CSV file after "orders"');
  if (rest.length > 0)
    throw new WrongInput(`${show(rest[0])} is one argument too many; repeat --map before each pair`);
  return file;
}

function check<T extends string>(
  name: string,
  value: string | undefined,
  isRight: ((value: string) => value is T) | ((value: string) => boolean),
  wanted: string,
): T {
  if (!value) throw new WrongInput(`${name} is missing: give ${wanted}`);
  if (!isRight(value)) throw new WrongInput(`${name} ${show(value)} is not ${wanted}`);
  return value as T;
}

const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));
const isCurrency = (code: string) => currencies.has(code);
const isConcurrency = (text: string) => /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= 32;
const isCustomerKind = (kind: string): kind is CustomerKind => kind === 'PERSON' || kind === 'COMPANY';
const isDate = (text: string) =>
  /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00Z`).toJSON()?.slice(0, 10) === text;

function readMappings(pairs: readonly string[]): Map<Field, string> {
  const columns = new Map<Field, string>();
  for (const pair of pairs) {
    const at = pair.lastIndexOf('=');
    const field = pair.slice(at + 1).trim();
    if (at < 1) throw new WrongInput(`--map ${show(pair)} is not of the form COLUMN=FIELD`);
    if (!isField(field)) {
      throw new WrongInput(
        `--map ${show(pair)}: there is no field ${show(field)}; there are ${fieldNames.join(', ')}`,
      );
    }
    if (columns.has(field)) throw new WrongInput(`--map ${show(pair)}: the field ${field} is mapped twice`);
    columns.set(field, pair.slice(0, at).trim());
  }
  return columns;
}

function endpointOf(stackFile: string, user: string, env: NodeJS.ProcessEnv): Endpoint {
  try {
    return readEndpoint(stackFile, user, env);
  } catch (error) {
    if (error instanceof EndpointError) throw new WrongInput(error.message);
    throw error;
  }
}

const show = (value: string | undefined) => (value === undefined ? 'nothing' : JSON.stringify(value));
