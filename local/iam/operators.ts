import { BlockList, isIP } from 'node:net';
import { type Context, compileArn, compilePattern, type PatternOptions } from './pattern.ts';

/** Compares the value of a request with one of a policy. */
export interface Comparison {
  /** The policy variables in the policy's value, in lower case. */
  readonly keys: readonly string[];
  matches(value: string, context: Context): boolean;
}

/**
 * Compiles a value of a policy. @throws Error for a value that the operator does not take, with what it takes
 */
export type CompileValue = (value: string, options: Pick<PatternOptions, 'variables'>) => Comparison;

export interface Operator {
  readonly compile: CompileValue;
  /** Whether it holds for values that match none of the policy's, and where there is no value. */
  readonly negated: boolean;
}

const constant = (matches: (value: string) => boolean): Comparison => ({ keys: [], matches });

const text =
  (options: Pick<PatternOptions, 'wildcards' | 'ignoreCase'>): CompileValue =>
  (value, { variables }) =>
    compilePattern(value, { ...options, variables });

function numberOf(value: string): number {
  return value.trim() === '' ? Number.NaN : Number(value);
}

/** Milliseconds since 1970 of a date in ISO 8601 or of seconds since 1970. */
function timeOf(value: string): number {
  return /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value);
}

/** Compares what can be ordered; a value of a request that cannot be read matches nothing. */
function ordered(
  read: (value: string) => number,
  takes: string,
  holds: (given: number, wanted: number) => boolean,
): CompileValue {
  return (value) => {
    const wanted = read(value);
    if (Number.isNaN(wanted)) throw new Error(`${value} is not ${takes}`);
    return constant((given) => holds(read(given), wanted));
  };
}

const bool: CompileValue = (value) => {
  const wanted = value.toLowerCase();
  if (wanted !== 'true' && wanted !== 'false') throw new Error(`${value} is not true or false`);
  return constant((given) => given.toLowerCase() === wanted);
};

/** An address or a block of addresses, IPv4 or IPv6. */
const ipAddress: CompileValue = (value) => {
  const [address = '', prefix] = value.split('/');
  const version = isIP(address);
  const bits = version === 4 ? 32 : 128;
  const length = prefix === undefined ? bits : Number(prefix);
  if (version === 0 || !Number.isInteger(length) || length < 0 || length > bits) {
    throw new Error(`${value} is no address and no block of addresses such as 203.0.113.0/24`);
  }
  const list = new BlockList();
  list.addSubnet(address, length, version === 4 ? 'ipv4' : 'ipv6');
  return constant((given) => isIP(given) !== 0 && list.check(given, isIP(given) === 4 ? 'ipv4' : 'ipv6'));
};

const comparisons = {
  Equals: (given: number, wanted: number) => given === wanted,
  LessThan: (given: number, wanted: number) => given < wanted,
  LessThanEquals: (given: number, wanted: number) => given <= wanted,
  GreaterThan: (given: number, wanted: number) => given > wanted,
  GreaterThanEquals: (given: number, wanted: number) => given >= wanted,
};

function orderedOperators(
  kind: string,
  read: (value: string) => number,
  takes: string,
): [string, Operator][] {
  const all = Object.entries(comparisons).map(([name, holds]): [string, Operator] => [
    `${kind}${name}`,
    { compile: ordered(read, takes, holds), negated: false },
  ]);
  return [...all, [`${kind}NotEquals`, { compile: ordered(read, takes, comparisons.Equals), negated: true }]];
}

const both = (name: string, opposite: string, compile: CompileValue): [string, Operator][] => [
  [name, { compile, negated: false }],
  [opposite, { compile, negated: true }],
];

/**
 * The operators of conditions but `Null`, by name
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
 */
export const operators: ReadonlyMap<string, Operator> = new Map([
  ...both('StringEquals', 'StringNotEquals', text({ wildcards: false })),
  ...both(
    'StringEqualsIgnoreCase',
    'StringNotEqualsIgnoreCase',
    text({ wildcards: false, ignoreCase: true }),
  ),
  ...both('StringLike', 'StringNotLike', text({ wildcards: true })),
  ...orderedOperators('Numeric', numberOf, 'a number'),
  ...orderedOperators('Date', timeOf, 'a date in ISO 8601 or in seconds since 1970'),
  ['Bool', { compile: bool, negated: false }],
  ['BinaryEquals', { compile: text({ wildcards: false }), negated: false }],
  ...both('IpAddress', 'NotIpAddress', ipAddress),
  ...both('ArnEquals', 'ArnNotEquals', compileArn),
  ...both('ArnLike', 'ArnNotLike', compileArn),
]);
