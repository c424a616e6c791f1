import { parseArgs } from 'node:util';
import { IANAZone } from 'luxon';
import { type Endpoint, EndpointError, readEndpoint } from '../client/endpoint.ts';
import { type Field, fieldNames, isField } from './columns.ts';
import { type Grant, readGrants } from './consents.ts';
import { type CustomerField, customerFieldNames, isCustomerField } from './customer-columns.ts';
import { rejectedFileFor } from './rejected.ts';
import { readTime, toUtc } from './times.ts';
import { WrongInput } from './wrong-input.ts';

export type CustomerKind = 'PERSON' | 'COMPANY';

/** What all imports are told. */
interface CommonOptions {
  readonly file: string;
  /** The name of the system that the invoices and the customers' ids come from. */
  readonly source: string;
  /** What all customers of the file granted. */
  readonly consents: readonly Grant[];
  /** Default: a person when the file has names, else a company. */
  readonly customerKind?: CustomerKind;
  /** Where refused rows go. */
  readonly rejectedFile: string;
  /** How many requests are under way at the same time. */
  readonly concurrency: number;
  /** The zone of times that say none. */
  readonly timezone: string;
}

/** Which orders are to be imported, and how. */
export interface ImportOptions extends CommonOptions {
  /** ISO 4217. */
  readonly currency: string;
  /** Which column holds a field, by field, where its name does not say so. */
  readonly columns: ReadonlyMap<Field, string>;
  /** The day on which the latest invoice is to fall, as `2026-01-31`. Default: nothing is shifted. */
  readonly shiftDatesTo?: string;
  /** The codes of lines that are charges and not products. */
  readonly charges: ReadonlySet<string>;
  /** Whether the products of the lines are recorded as well. */
  readonly products: boolean;
}

/** Which customers are to be imported, and how. */
export interface CustomerImportOptions extends CommonOptions {
  /** Which column holds a field, by field, where its name does not say so. */
  readonly columns: ReadonlyMap<CustomerField, string>;
  /** When what is granted was granted, where a row does not say; in UTC. */
  readonly statedAt?: string;
  /** Whether customers who are there already are left as they are. */
  readonly keep: boolean;
}

export type Command = (
  | { readonly what: 'orders'; readonly options: ImportOptions; readonly waitFor?: string }
  | { readonly what: 'customers'; readonly options: CustomerImportOptions }
) & {
  readonly endpoint: Endpoint;
  readonly json: boolean;
};

const optionTypes = {
  source: { type: 'string' },
  consent: { type: 'string', multiple: true },
  products: { type: 'boolean' },
  wait: { type: 'boolean' },
  keep: { type: 'boolean' },
  'stated-at': { type: 'string' },
  currency: { type: 'string' },
  timezone: { type: 'string' },
  map: { type: 'string', multiple: true },
  'shift-dates-to': { type: 'string' },
  charges: { type: 'string' },
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
  const { what, file } = readPositionals(positionals);
  refuseForeign(what, values);
  const { stack, user, json } = values;
  if (what === 'customers') {
    const options = customerOptions(file, values);
    return { what, options, endpoint: endpointOf(stack, user, env), json };
  }
  const options = orderOptions(file, values);
  const waitFor = values.wait ? { waitFor: localStack(stack, env) } : {};
  return { what, options, ...waitFor, endpoint: endpointOf(stack, user, env), json };
}

type Values = ReturnType<typeof parse>['values'];

function commonOptions(file: string, values: Values): Omit<CommonOptions, 'timezone'> {
  const customerKind = values['customer-kind'];
  return {
    file,
    source: check('--source', values.source, (name) => name.length <= 64, 'a name of at most 64 characters'),
    consents: readGrants(values.consent ?? []),
    rejectedFile: values.rejected ?? rejectedFileFor(file),
    concurrency: Number(check('--concurrency', values.concurrency, isConcurrency, 'a number from 1 to 32')),
    ...(customerKind === undefined
      ? {}
      : { customerKind: check('--customer-kind', customerKind, isCustomerKind, 'PERSON or COMPANY') }),
  };
}

function orderOptions(file: string, values: Values): ImportOptions {
  const shiftDatesTo = values['shift-dates-to'];
  const charges = values.charges ?? 'POST,M,D,C2';
  return {
    ...commonOptions(file, values),
    currency: check('--currency', values.currency, isCurrency, 'a currency of ISO 4217, such as GBP'),
    timezone: zone(values.timezone),
    columns: readMappings(values.map ?? [], isField, fieldNames),
    charges: new Set(charges.split(',').flatMap((code) => code.trim() || [])),
    products: values.products ?? false,
    ...(shiftDatesTo === undefined
      ? {}
      : { shiftDatesTo: check('--shift-dates-to', shiftDatesTo, isDate, 'a date such as 2026-01-31') }),
  };
}

function customerOptions(file: string, values: Values): CustomerImportOptions {
  const statedAt = values['stated-at'];
  const timezone = zone(values.timezone ?? 'UTC');
  const time = readTime(statedAt ?? '');
  if (statedAt !== undefined && !time) {
    throw new WrongInput(
      `--stated-at ${show(statedAt)} is not a date such as 2026-01-31, or 2026-01-31T09:30`,
    );
  }
  return {
    ...commonOptions(file, values),
    timezone,
    columns: readMappings(values.map ?? [], isCustomerField, customerFieldNames),
    keep: values.keep ?? false,
    ...(time ? { statedAt: toUtc(time, timezone) } : {}),
  };
}

const zone = (name: string | undefined) =>
  check('--timezone', name, IANAZone.isValidZone, 'a time zone such as Europe/London');

const imports = ['orders', 'customers'] as const;
type What = (typeof imports)[number];

/** Options that belong to one of the imports only. */
const optionsOf: Readonly<Record<What, readonly (keyof Values)[]>> = {
  orders: ['currency', 'shift-dates-to', 'charges', 'products', 'wait'],
  customers: ['keep', 'stated-at'],
};

function refuseForeign(what: What, values: Values): void {
  const other = what === 'orders' ? 'customers' : 'orders';
  const foreign = optionsOf[other].find((name) => values[name] !== undefined);
  if (foreign) throw new WrongInput(`--${foreign} belongs to "import -- ${other}", not to ${what}`);
}

function localStack(stackFile: string, env: NodeJS.ProcessEnv): string {
  if (!env.FIDELIA_GRAPHQL_URL) return stackFile;
  throw new WrongInput('--wait looks into the local stack: without FIDELIA_GRAPHQL_URL only');
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: optionTypes, allowPositionals: true });
  } catch (error) {
    throw new WrongInput(error instanceof Error ? error.message : String(error));
  }
}

function readPositionals([name, file, ...rest]: readonly string[]): { what: What; file: string } {
  const what = imports.find((known) => known === name);
  if (!what)
    throw new WrongInput(`import what? ${show(name)} is not known; there are: ${imports.join(', ')}`);
  if (file === undefined) throw new WrongInput(`which file? Give the path of a CSV file after "${what}"`);
  if (rest.length > 0)
    throw new WrongInput(`${show(rest[0])} is one argument too many; repeat --map before each pair`);
  return { what, file };
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

function readMappings<F extends string>(
  pairs: readonly string[],
  isKnown: (name: string) => name is F,
  names: readonly F[],
): Map<F, string> {
  const columns = new Map<F, string>();
  for (const pair of pairs) {
    const at = pair.lastIndexOf('=');
    const field = pair.slice(at + 1).trim();
    if (at < 1) throw new WrongInput(`--map ${show(pair)} is not of the form COLUMN=FIELD`);
    if (!isKnown(field)) {
      throw new WrongInput(
        `--map ${show(pair)}: there is no field ${show(field)}; there are ${names.join(', ')}`,
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
