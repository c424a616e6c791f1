import { BlockList, isIP } from 'node:net';
import { isObject, type Matcher, PatternError } from './leaf.ts';
import { wildcardMatcher } from './wildcard.ts';

/** The matcher of one comparison, such as `{"prefix": "eu-"}`; `exists` is not one of them. Throws `PatternError`. */
export function comparison(operator: string, operand: unknown): Matcher {
  switch (operator) {
    case 'prefix':
      return affix('prefix', operand);
    case 'suffix':
      return affix('suffix', operand);
    case 'equals-ignore-case':
      return equalsIgnoreCase(operand);
    case 'wildcard':
      return wildcardMatcher(text(operator, operand));
    case 'numeric':
      return numeric(operand);
    case 'cidr':
      return cidr(operand);
    case 'anything-but':
      return anythingBut(operand);
    default:
      throw new PatternError(`Unrecognized match type ${operator}`);
  }
}

/** The operator and operand of `comparison`, which has exactly one member. */
export function single(comparison: object): readonly [operator: string, operand: unknown] {
  const [entry, ...more] = Object.entries(comparison);
  if (!entry) throw new PatternError('Match expression name not found');
  if (more.length > 0) throw new PatternError('Only one key allowed in match expression');
  return entry;
}

/** The wildcard patterns of a comparison: its own, or those that it excludes. */
export function wildcardsIn(operator: string, operand: unknown): string[] {
  if (operator === 'anything-but' && isObject(operand)) return wildcardsIn(...single(operand));
  const isText = (value: unknown) => typeof value === 'string';
  return operator === 'wildcard' ? [operand].flat().filter(isText) : [];
}

function text(operator: string, operand: unknown): string {
  if (typeof operand !== 'string') throw new PatternError(`${operator} match pattern must be a string`);
  return operand;
}

const fold = (value: string) => value.toLowerCase();

function affix(operator: 'prefix' | 'suffix', operand: unknown): Matcher {
  const at = (value: string, part: string) =>
    operator === 'prefix' ? value.startsWith(part) : value.endsWith(part);
  if (!isObject(operand)) {
    const part = text(operator, operand);
    return (leaf) => typeof leaf === 'string' && at(leaf, part);
  }
  const [inner, value] = single(operand);
  if (inner !== 'equals-ignore-case') throw new PatternError(`Unsupported ${operator} pattern: ${inner}`);
  const part = fold(text(inner, value));
  return (leaf) => typeof leaf === 'string' && at(fold(leaf), part);
}

function equalsIgnoreCase(operand: unknown): Matcher {
  const expected = fold(text('equals-ignore-case', operand));
  return (leaf) => typeof leaf === 'string' && fold(leaf) === expected;
}

const comparators: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  '=': (value, limit) => value === limit,
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
};

function numeric(operand: unknown): Matcher {
  if (!Array.isArray(operand)) throw new PatternError('Value of numeric must be an array.');
  const [first, low, second, high] = operand;
  const bottom = bound(first, low);
  if (operand.length === 2) return (leaf) => typeof leaf === 'number' && bottom(leaf);
  if (operand.length !== 4 || !/^>/.test(first) || !/^</.test(second)) {
    throw new PatternError('A numeric range must be [">", low, "<", high], each with or without "="');
  }
  const top = bound(second, high);
  if (low >= high) throw new PatternError('Bottom must be less than top');
  return (leaf) => typeof leaf === 'number' && bottom(leaf) && top(leaf);
}

/** Five billion either way is the range that the service compares exactly. */
function bound(operator: unknown, limit: unknown): (value: number) => boolean {
  const compare = comparators[String(operator)];
  if (!compare) throw new PatternError(`Unrecognized numeric range operator: ${operator}`);
  if (typeof limit !== 'number' || Math.abs(limit) > 5e9) {
    throw new PatternError(`Value must be a number between -5.0E9 and +5.0E9, not ${JSON.stringify(limit)}`);
  }
  return (value) => compare(value, limit);
}

function cidr(operand: unknown): Matcher {
  const [address = '', prefix = '', ...more] = text('cidr', operand).split('/');
  const version = isIP(address);
  const bits = Number(prefix);
  const valid =
    version !== 0 && /^\d+$/.test(prefix) && bits <= (version === 4 ? 32 : 128) && more.length === 0;
  if (!valid) throw new PatternError(`Malformed CIDR, one '/' required: ${operand}`);
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const range = new BlockList();
  range.addSubnet(address, bits, family);
  return (leaf) => typeof leaf === 'string' && isIP(leaf) === version && range.check(leaf, family);
}

/** Matches every value there is but the excluded ones, also those of another type. */
function anythingBut(operand: unknown): Matcher {
  if (!isObject(operand)) {
    const excluded = valuesBut(operand);
    return (leaf) => !excluded.has(leaf);
  }
  const [operator, value] = single(operand);
  if (!['prefix', 'suffix', 'equals-ignore-case', 'wildcard'].includes(operator)) {
    throw new PatternError(`Unsupported anything-but pattern: ${operator}`);
  }
  const values = Array.isArray(value) ? value : [value];
  if (values.length === 0) throw new PatternError('Empty arrays are not allowed');
  if (/fix$/.test(operator) && values.includes('')) throw new PatternError('Null prefix/suffix not allowed');
  const excluded = values.map((each) => comparison(operator, text(operator, each)));
  return (leaf) => !excluded.some((matches) => matches(leaf));
}

function valuesBut(operand: unknown): Set<unknown> {
  const values = Array.isArray(operand) ? operand : [operand];
  const kinds = new Set(values.map((value) => typeof value));
  if (kinds.size !== 1 || !(kinds.has('string') || kinds.has('number'))) {
    throw new PatternError(
      'Inside anything but list, either all values are number or string, mixed type is not supported',
    );
  }
  return new Set(values);
}
