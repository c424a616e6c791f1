import { tooDeep, validationError } from '../errors.ts';
import { dropPlusSigns, refuse } from '../requests/requests.ts';
import { type AttributeValue, compareValues, type Item, typeOf } from '../values/attributes.ts';
import { areNormal, isTooDeep } from '../values/normal.ts';
import {
  type Condition,
  compileCondition,
  complaintAbout,
  isCall,
  isPath,
  type PlaceholderOf,
  type Values,
} from './conditions.ts';
import {
  type ParsedCall,
  type ParsedExpressions,
  type ParsedOperand,
  type Path,
  validations,
} from './dynalite.ts';
import { compileUpdate, type Update } from './updates.ts';

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

/** One condition on a key attribute; its values are read by their placeholders. */
export interface KeyComparison {
  readonly operator: string;
  readonly operands: (values: Values) => readonly AttributeValue[];
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

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-expression-parameters */
const MAX_EXPRESSION_BYTES = 4096;
const MAX_CACHED = 5000;
const cache = new Map<string, Expressions>();

/** Parses and compiles the expressions of a request, or finds them compiled. Throws a ValidationException. */
export function expressionsOf(request: ExpressionMembers): Expressions {
  const values = request.ExpressionAttributeValues;
  if (values && !areNormal(values)) return compileUnusual(request, values);
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

/** Values out of their normal form are normalized by the parser's checks, in the request itself. */
function compileUnusual(request: ExpressionMembers, values: Item): Expressions {
  for (const value of Object.values(values)) dropPlusSigns(value);
  const compiled = compile(request);
  if (Object.values(values).some((value) => isTooDeep(value))) throw tooDeep();
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

function compile(request: ExpressionMembers): Expressions {
  for (const member of EXPRESSIONS) {
    const size = Buffer.byteLength(request[member] ?? '');
    if (size > MAX_EXPRESSION_BYTES) {
      throw validationError(
        `Invalid ${member}: Expression size has exceeded the maximum allowed size; expression size: ${size}`,
      );
    }
  }
  const parsed: ExpressionMembers & ParsedExpressions = { ...request };
  const placeholders = new Map<object, string>();
  for (const [name, value] of Object.entries(request.ExpressionAttributeValues ?? {}))
    placeholders.set(value, name);
  refuse(validations.validateExpressions(parsed));
  return assemble(parsed, (value) => placeholders.get(value));
}

function assemble(parsed: ParsedExpressions, placeholderOf: PlaceholderOf): Expressions {
  const { _condition, _filter, _keyCondition, _updates, _projection } = parsed;
  complain('ConditionExpression', _condition?.expression);
  complain('KeyConditionExpression', _keyCondition?.expression);
  complain('FilterExpression', _filter?.expression);
  const conditions = [_condition, _filter, _keyCondition].flatMap((one) => (one ? [one.expression] : []));
  const guards = conditions.flatMap((expression) => guardsOf(expression, placeholderOf));
  const nested = [_projection, _filter, _updates].flatMap((one) => Object.keys(one?.nestedPaths ?? {}));
  return {
    ...(_condition && { condition: compileCondition(_condition.expression, placeholderOf) }),
    ...(_filter && { filter: compileCondition(_filter.expression, placeholderOf) }),
    ...(_keyCondition && { keyConditions: keyConditionsOf(_keyCondition.expression, placeholderOf) }),
    ...(_updates && { update: compileUpdate(_updates.sections, placeholderOf) }),
    ...(_projection && { projection: _projection.paths }),
    nested: new Set(nested),
    filtered: new Set(Object.keys(_filter?.pathHeads ?? {})),
    assignedTypes: new Map(
      (_updates?.sections ?? []).flatMap(({ path, attrType }) =>
        path.length === 1 && attrType ? [[path[0] as string, attrType]] : [],
      ),
    ),
    stillHolds: (values) => guards.every((guard) => guard(values)),
  };
}

function complain(member: string, expression: ParsedCall | undefined): void {
  const complaint = expression && complaintAbout(expression);
  if (complaint) throw validationError(`Invalid ${member}: ${complaint}`);
}

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

function keyConditionsOf(expression: ParsedCall, placeholderOf: PlaceholderOf): Map<string, KeyComparison> {
  const conditions = validations.convertKeyCondition(expression);
  if (typeof conditions === 'string') {
    throw validationError(
      conditions.startsWith('KeyConditionExpressions must only')
        ? `Invalid KeyConditionExpression: ${conditions}`
        : conditions,
    );
  }
  return new Map(
    Object.entries(conditions).map(([attribute, { ComparisonOperator, AttributeValueList }]) => [
      attribute,
      { operator: ComparisonOperator, operands: operandsOf(AttributeValueList, placeholderOf) },
    ]),
  );
}

function operandsOf(list: readonly ParsedOperand[], placeholderOf: PlaceholderOf): KeyComparison['operands'] {
  const placeholders = list.map((operand) => placeholderOf(operand) as string);
  return (values) => placeholders.map((placeholder) => values[placeholder] as AttributeValue);
}
