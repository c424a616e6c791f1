import type { JsonText } from '../../json-text.ts';
import { type Engine, tableOf } from '../engine.ts';
import { validationError } from '../errors.ts';
import { expressionsOf } from '../expressions/expressions.ts';
import { isWithin, type KeyRange, keyRangeOf } from '../expressions/key-conditions.ts';
import {
  conditionOf,
  keyConditionsFrom,
  type LegacyFilter,
  type LegacyKeyCondition,
} from '../expressions/legacy.ts';
import { checkComparisons, checkConditionalOperator } from '../expressions/legacy-checks.ts';
import { checkExpressionParams } from '../requests/expression-params.ts';
import { asInputErrors, checkDepth, checkValues, type Request } from '../requests/requests.ts';
import { attributesOf, type KeySchema, keyOf } from '../values/keys.ts';
import { checkSelection, type PageRequest, planPage, readPage, startOf } from './pages.ts';

interface QueryRequest extends PageRequest {
  readonly KeyConditions?: Readonly<Record<string, LegacyKeyCondition>>;
  readonly QueryFilter?: LegacyFilter;
  readonly ScanIndexForward?: boolean;
}

const EXPRESSIONS = ['ProjectionExpression', 'FilterExpression', 'KeyConditionExpression'];
const LEGACY = ['AttributesToGet', 'QueryFilter', 'ConditionalOperator', 'KeyConditions'];

export function query(engine: Engine, input: Request): JsonText {
  const request = input as unknown as QueryRequest;
  checkExpressionParams(request, EXPRESSIONS, LEGACY);
  checkConditionalOperator(request.ConditionalOperator, request.QueryFilter);
  checkComparisons(request.QueryFilter);
  checkStartValues(request);
  if (!request.KeyConditions && request.KeyConditionExpression === undefined) {
    throw validationError(
      'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
    );
  }
  const expressions = expressionsOf(request);
  checkDepth(request.ExpressionAttributeValues);
  checkKeyConditions(request.KeyConditions);
  const conditions = expressions.keyConditions ?? keyConditionsFrom(request.KeyConditions ?? {});
  const { QueryFilter } = request;
  const legacyFilter = QueryFilter && conditionOf(QueryFilter, request.ConditionalOperator);
  asInputErrors(() => checkSelection(request));
  const table = tableOf(engine, request.TableName);
  const plan = planPage(table, request, expressions, legacyFilter);
  const schema = plan.index?.keys ?? table.keys;
  const range = keyRangeOf(schema, conditions, plan.values) as KeyRange;
  const after = startOf(plan, request.ExclusiveStartKey);
  checkStart(schema, range, request);
  checkFilter(schema, expressions.filtered, 'Filter Expression');
  checkFilter(schema, new Set(Object.keys(QueryFilter ?? {})), 'QueryFilter');
  const forward = request.ScanIndexForward !== false;
  return readPage(
    plan,
    request,
    table.rows.range({ ...range, ...(after && { after }), forward }, plan.index?.number, request.Limit),
  );
}

function checkKeyConditions(conditions: QueryRequest['KeyConditions']): void {
  if (!conditions) return;
  checkComparisons(conditions);
  if (![1, 2].includes(Object.keys(conditions).length)) {
    throw validationError('Conditions can be of length 1 or 2 only');
  }
}

export function checkStartValues({ ExclusiveStartKey }: PageRequest): void {
  try {
    checkValues(ExclusiveStartKey);
  } catch (error) {
    const { message } = error as Error;
    const known =
      /contains duplicates|number set|numeric value|significant digits|number with magnitude/.test(message);
    throw known ? error : validationError(`The provided starting key is invalid: ${message}`);
  }
}

function checkStart(schema: KeySchema, range: KeyRange, { ExclusiveStartKey: start }: QueryRequest): void {
  if (!start) return;
  const elsewhere = !keyOf(schema, start).hash.equals(range.hash);
  const limited = range.from !== undefined || range.to !== undefined;
  if (limited && !isWithin(schema, range, start)) {
    throw validationError('The provided starting key does not match the range key predicate');
  }
  if (elsewhere) {
    throw validationError(
      limited
        ? 'The query can return at most one row and cannot be restarted'
        : 'The provided starting key is outside query boundaries based on provided conditions',
    );
  }
}

function checkFilter(schema: KeySchema, names: ReadonlySet<string>, member: string): void {
  for (const { name } of attributesOf(schema)) {
    if (names.has(name)) {
      throw validationError(
        `${member} can only contain non-primary key attributes: Primary key attribute: ${name}`,
      );
    }
  }
}
