import { isIP } from 'node:net';
import { type GraphQLScalarType, Kind, type ValueNode, valueFromASTUntyped } from 'graphql';
import parsePhoneNumber from 'libphonenumber-js';

/** How a scalar of AppSync is recognised and what it is called in messages. */
interface Format {
  /** As in `Unable to parse ... as a valid <called>.` */
  readonly called: string;
  readonly accepts: (value: unknown) => boolean;
}

const offset = '(?:Z|[+-](?:0\\d|1[0-8]):[0-5]\\d(?::[0-5]\\d)?)';
const clock = '(?:[01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d(?:\\.\\d{1,9})?)?';
const day = '(\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01]))';
const date = new RegExp(`^${day}${offset}?$`);
const time = new RegExp(`^${clock}${offset}?$`);
const dateTime = new RegExp(`^${day}T${clock}${offset}$`);

/** The scalars of AppSync: https://docs.aws.amazon.com/appsync/latest/devguide/scalars.html */
const formats: Readonly<Record<string, Format>> = {
  AWSDate: { called: 'Date Object', accepts: textual((value) => isDay(date.exec(value)?.[1])) },
  AWSTime: { called: 'Time Object', accepts: textual((value) => time.test(value)) },
  AWSDateTime: { called: 'DateTime Object', accepts: textual((value) => isDay(dateTime.exec(value)?.[1])) },
  AWSTimestamp: { called: 'Timestamp', accepts: (value) => Number.isSafeInteger(value) },
  AWSEmail: { called: 'Email Address', accepts: textual(isEmail) },
  AWSURL: { called: 'URL', accepts: textual((value) => URL.canParse(value) && !/\s/.test(value)) },
  AWSPhone: {
    called: 'phone number',
    accepts: textual(
      (value) => /^[+\d\s-]+$/.test(value) && (parsePhoneNumber(value, 'US')?.isValid() ?? false),
    ),
  },
  AWSIPAddress: { called: 'IP Address', accepts: textual(isAddress) },
};

/** The names of AppSync's scalars. */
export const scalarNames: readonly string[] = [...Object.keys(formats), 'AWSJSON'];

/** Makes one of AppSync's scalars, known by its name only, check what goes in and out. */
export function equip(scalar: GraphQLScalarType): void {
  const format = formats[scalar.name];
  if (format) {
    const parse = (value: unknown) => {
      if (format.accepts(value)) return value;
      throw new TypeError(`Unable to parse \`${printed(value)}\` as a valid ${format.called}.`);
    };
    scalar.serialize = (value) => {
      if (format.accepts(value)) return value;
      throw new TypeError(`Unable to serialize \`${printed(value)}\` as a valid ${format.called}.`);
    };
    scalar.parseValue = parse;
    scalar.parseLiteral = (node, variables) => parse(valueFromASTUntyped(node, variables));
  } else if (scalar.name === 'AWSJSON') {
    scalar.serialize = (value) => JSON.stringify(value);
    scalar.parseValue = parseJson;
    scalar.parseLiteral = (node: ValueNode) => parseJson(node.kind === Kind.STRING ? node.value : undefined);
  }
}

/** JSON comes in as text and is read at once: resolvers see the value. */
function parseJson(value: unknown): unknown {
  try {
    if (typeof value === 'string')
      return JSON.parse(value, mayBeTooLarge.test(value) ? asWritten : undefined);
  } catch {
    // Told below, with what is no text at all.
  }
  throw new TypeError(`Unable to parse ${printed(value)} as valid JSON.`);
}

const mayBeTooLarge = /\d[eE]|\d{309}/;

/**
 * Keeps a number as it was written that JavaScript takes for infinite, which JSON has no word for: a function would get
 * null in its place (https://developer.mozilla.org/docs/Web/JavaScript/Reference/Global_Objects/JSON/rawJSON).
 */
function asWritten(_name: string, value: unknown, written?: { readonly source?: string }): unknown {
  const isInfinite = typeof value === 'number' && !Number.isFinite(value);
  return isInfinite ? (JSON as JsonWithRaw).rawJSON(written?.source ?? '') : value;
}

type JsonWithRaw = typeof JSON & { rawJSON(text: string): object };

function textual(accepts: (value: string) => boolean): (value: unknown) => boolean {
  return (value) => typeof value === 'string' && accepts(value);
}

/** Every month has so many days. */
const shortestMonth = 28;

/** Whether there is such a day: the 30th of February is none. */
function isDay(text: string | undefined): boolean {
  if (text === undefined) return false;
  if (Number(text.slice(8)) <= shortestMonth) return true;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

function isEmail(value: string): boolean {
  return value.length <= 254 && /^[^\s@,;<>()[\]\\"]{1,64}@(?:[\w-]+\.)*[\w-]+$/.test(value);
}

function isAddress(value: string): boolean {
  const [address = '', prefix, ...rest] = value.split('/');
  const version = isIP(address.replace(/^\[(.*)\]$/, '$1'));
  if (version === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128));
}

function printed(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
}
