import { validationError } from '../errors.ts';
import { type AttributeValue, compareValues, type Item, typeOf } from '../values/attributes.ts';
import { areNormal } from '../values/normal.ts';
import { problemOf, problemOfNames } from '../values/problems.ts';
import { type Condition, compileCondition, type PlaceholderOf, type Values } from './conditions.ts';
import { type KeyComparison, keyComparisonsOf } from './key-comparisons.ts';
import {
  isCall,
  isPath,
  type ParsedAction,
  type ParsedCall,
  type ParsedOperand,
  type Path,
} from './parsed.ts';
import { type Placeholders, readCondition, readProjection, readUpdate } from './resolution.ts';
import type { Source } from './tokens.ts';
import { assignedTypesOf, compileUpdate, type Update } from './updates.ts';

/** The members of a request that hold expressions. */
export interface ExpressionMembers {
  readonly ConditionExpression?: string;
  readonly FilterExpression?: string;
  readonly KeyConditionExpression?: string;
  readonly UpdateExpression?: string;
  readonly ProjectionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Item;
}

/** Compiled expressions. They hold placeholders, not values, so equal requests with other values share them. */
export interface Expressions {
  readonly condition?: Condition;
  readonly filter?: Condition;
  readonly update?: Update;
  readonly projection?: readonly Path[];
  readonly keyConditions?: ReadonlyMap<string, KeyComparison>;
  /** Attributes of which a part is named, and attributes that the filter names. */
  readonly nested: ReadonlySet<string>;
  readonly filtered: ReadonlySet<string>;
  /** Types that the update assigns to top-level attributes, as far as the request shows them. */
  readonly assignedTypes: ReadonlyMap<string, string>;
  /** What the parser checked of the values themselves, beyond their types. */
  readonly stillHolds: (values: Values) => boolean;
}

const EXPRESSIONS = [
  'UpdateExpression',
  'ConditionExpression',
  'KeyConditionExpression',
  'FilterExpression',
  'ProjectionExpression',
] as const;
type ExpressionMember = (typeof EXPRESSIONS)[number];

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-expression-parameters */
const MAX_EXPRESSION_BYTES = 4096;
const MAX_CACHED = 5000;
const cache = new Map<string, Expressions>();

/** Parses and compiles the expressions of a request, or finds them compiled. Throws a ValidationException. */
export function expressionsOf(request: ExpressionMembers): Expressions {
  const values = request.ExpressionAttributeValues;
  // Values out of their normal form are normalized by the checks, in the request itself.
  if (values && !areNormal(values)) return compile(request);
  const key = cacheKey(request);
  const known = cache.get(key);
  if (known?.stillHolds(values ?? {})) return known;
  // Values are told apart by identity, and a request may hold one object twice.
  const copies =
    values && Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { ...value }]));
  const compiled = compile(copies ? { ...request, ExpressionAttributeValues: copies } : request);
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(key, compiled);
  return compiled;
}

/** Every part is preceded by its length, so that no two requests share a key by their separators. */
function cacheKey(request: ExpressionMembers): string {
  let key = '';
  const add = (part: string): void => {
    key += `${part.length}:${part}`;
  };
  for (const member of EXPRESSIONS) {
    const expression = request[member];
    key += expression === undefined ? '-' : '+';
    add(expression ?? '');
  }
  const { ExpressionAttributeNames: names, ExpressionAttributeValues: values } = request;
  key += names ? 'n' : '';
  for (const name in names) {
    add(name);
    add(names[name] as string);
  }
  key += values ? 'v' : '';
  for (const name in values) {
    add(name);
    key += typeOf(values[name] as AttributeValue);
  }
  return key;
}

interface Parsed {
  readonly update?: readonly ParsedAction[];
  readonly condition?: ParsedCall;
  readonly keyCondition?: ParsedCall;
  readonly filter?: ParsedCall;
  readonly projection?: readonly Path[];
}

function compile(request: ExpressionMembers): Expressions {
  checkNames(request.ExpressionAttributeNames);
  checkPlaceholderValues(request.ExpressionAttributeValues);
  const { ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} } = request;
  const placeholders: Placeholders = { names, values, used: new Set() };
  const read = <T>(member: ExpressionMember, parse: (source: Source, known: Placeholders) => T) => {
    const text = request[member];
    if (text === undefined) return undefined;
    checkLength(member, text);
    return parse({ member, text }, placeholders);
  };
  const update = read('UpdateExpression', readUpdate);
  const condition = read('ConditionExpression', readCondition);
  const keyCondition = read('KeyConditionExpression', readCondition);
  const filter = read('FilterExpression', readCondition);
  const projection = read('ProjectionExpression', readProjection);
  checkUsed('ExpressionAttributeNames', names, placeholders.used);
  checkUsed('ExpressionAttributeValues', values, placeholders.used);
  const placeholdersOf = new Map(Object.entries(values).map(([name, value]) => [value as object, name]));
  return assemble(
    {
      ...(update && { update }),
      ...(condition && { condition }),
      ...(keyCondition && { keyCondition }),
      ...(filter && { filter }),
      ...(projection && { projection }),
    },
    (value) => placeholdersOf.get(value),
  );
}

function checkNames(names: Readonly<Record<string, string>> | undefined): void {
  if (!names) return;
  checkPlaceholderKeys('ExpressionAttributeNames', names, /^#[0-9a-zA-Z_]+$/);
  for (const [placeholder, name] of Object.entries(names)) {
    const problem = name === '' ? 'Empty attribute name' : problemOfNames({ [name]: {} });
    if (problem) {
      throw validationError(
        `ExpressionAttributeNames contains invalid value: ${problem} for key ${placeholder}`,
      );
    }
  }
}

function checkPlaceholderValues(values: Item | undefined): void {
  if (!values) return;
  checkPlaceholderKeys('ExpressionAttributeValues', values, /^:[0-9a-zA-Z_]+$/);
  for (const [name, value] of Object.entries(values)) {
    const problem = problemOf(value);
    if (problem) {
      throw validationError(`ExpressionAttributeValues contains invalid value: ${problem} for key ${name}`);
    }
  }
}

function checkPlaceholderKeys(member: string, map: object, pattern: RegExp): void {
  const keys = Object.keys(map);
  if (keys.length === 0) throw validationError(`${member} must not be empty`);
  for (const key of keys) {
    if (!pattern.test(key)) {
      throw validationError(`${member} contains invalid key: Syntax error; key: "${key}"`);
    }
  }
}

function checkLength(member: string, text: string): void {
  if (text === '') throw validationError(`Invalid ${member}: The expression can not be empty;`);
  const size = Buffer.byteLength(text);
  if (size > MAX_EXPRESSION_BYTES) {
    throw validationError(
      `Invalid ${member}: Expression size has exceeded the maximum allowed size; expression size: ${size}`,
    );
  }
}

function checkUsed(member: string, map: object, used: ReadonlySet<string>): void {
  const unused = Object.keys(map).filter((key) => !used.has(key));
  if (unused.length > 0) {
    throw validationError(`Value provided in ${member} unused in expressions: keys: {${unused.join(', ')}}`);
  }
}

function assemble(parsed: Parsed, placeholderOf: PlaceholderOf): Expressions {
  const { update, condition, keyCondition, filter, projection } = parsed;
  const conditions = [condition, keyCondition, filter].filter((one) => one !== undefined);
  const guards = conditions.flatMap((one) => guardsOf(one, placeholderOf));
  const filtered = filter ? pathsOf(filter) : [];
  const named = [...(projection ?? []), ...filtered, ...(update ?? []).flatMap(pathsOfAction)];
  return {
    ...(condition && { condition: compileCondition(condition, placeholderOf) }),
    ...(filter && { filter: compileCondition(filter, placeholderOf) }),
    ...(keyCondition && { keyConditions: keyComparisonsOf(keyCondition, placeholderOf) }),
    ...(update && { update: compileUpdate(update, placeholderOf) }),
    ...(projection && { projection }),
    nested: new Set(named.filter((path) => path.length > 1).map(([head]) => head as string)),
    filtered: new Set(filtered.map(([head]) => head as string)),
    assignedTypes: assignedTypesOf(update ?? []),
    stillHolds: (values) => guards.every((guard) => guard(values)),
  };
}

function pathsOf(operand: ParsedOperand): Path[] {
  if (isPath(operand)) return [operand];
  return isCall(operand) ? operand.args.flatMap(pathsOf) : [];
}

const pathsOfAction = ({ path, value }: ParsedAction): Path[] => [path, ...(value ? pathsOf(value) : [])];

/** The parser compares BETWEEN's bounds and reads attribute_type's name: with other values it must do so again. */
function guardsOf(call: ParsedCall, placeholderOf: PlaceholderOf): ((values: Values) => boolean)[] {
  const guards = call.args.flatMap((arg) =>
    !isPath(arg) && isCall(arg) ? guardsOf(arg, placeholderOf) : [],
  );
  const [low, high] = call.args.slice(1).map((arg) => (isPath(arg) ? undefined : placeholderOf(arg)));
  if (call.type === 'between' && low && high) {
    guards.push((values) => {
      const [a, b] = [values[low], values[high]];
      return a !== undefined && b !== undefined && (compareValues(a, b) ?? 1) <= 0;
    });
  }
  if (call.name === 'attribute_type') {
    const name = (call.args[1] as AttributeValue).S;
    guards.push((values) => low !== undefined && values[low]?.S === name);
  }
  return guards;
}
