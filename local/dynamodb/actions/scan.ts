import type { JsonText } from '../../json-text.ts';
import { type Engine, tableOf } from '../engine.ts';
import { validationError } from '../errors.ts';
import { expressionsOf } from '../expressions/expressions.ts';
import { conditionOf, type LegacyFilter } from '../expressions/legacy.ts';
import { checkComparisons, checkConditionalOperator } from '../expressions/legacy-checks.ts';
import { checkExpressionParams } from '../requests/expression-params.ts';
import { checkDepth, type Request } from '../requests/requests.ts';
import type { Range } from '../storage/rows.ts';
import { PARTITIONS } from '../values/keys.ts';
import { checkSelection, type PageRequest, planPage, readPage, startOf } from './pages.ts';
import { checkStartValues } from './query.ts';

interface ScanRequest extends PageRequest {
  readonly ScanFilter?: LegacyFilter;
  readonly Segment?: number;
  readonly TotalSegments?: number;
}

const EXPRESSIONS = ['ProjectionExpression', 'FilterExpression'];
const MISMATCH = 'The provided starting key is invalid: The provided key element does not match the schema';
const LEGACY = ['AttributesToGet', 'ScanFilter', 'ConditionalOperator'];

export function scan(engine: Engine, input: Request): JsonText {
  const request = input as unknown as ScanRequest;
  checkExpressionParams(request, EXPRESSIONS, LEGACY);
  checkConditionalOperator(request.ConditionalOperator, request.ScanFilter);
  checkComparisons(request.ScanFilter);
  checkStartValues(request);
  checkSegment(request);
  const expressions = expressionsOf(request);
  checkDepth(request.ExpressionAttributeValues);
  const { ScanFilter } = request;
  const legacyFilter = ScanFilter && conditionOf(ScanFilter, request.ConditionalOperator);
  checkSelection(request);
  const table = tableOf(engine, request.TableName);
  const plan = planPage(table, request, expressions, legacyFilter);
  const after = startOf(plan, request.ExclusiveStartKey, MISMATCH);
  const segment = segmentOf(request);
  if (segment && after && !isIn(segment, after.key.hash)) {
    throw validationError(
      `The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. TotalSegments: ${request.TotalSegments} Segment: ${request.Segment}`,
    );
  }
  const range: Range = { forward: true, ...(after && { after }), ...(segment && { segment }) };
  return readPage(plan, request, table.rows.range(range, plan.index?.number, request.Limit));
}

function checkSegment({ Segment, TotalSegments }: ScanRequest): void {
  if (Segment !== undefined && TotalSegments === undefined) {
    throw validationError(
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    );
  }
  if (TotalSegments === undefined) return;
  if (Segment === undefined) {
    throw validationError(
      'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
    );
  }
  if (Segment >= TotalSegments) {
    throw validationError(
      `The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: ${Segment} is not less than TotalSegments: ${TotalSegments}`,
    );
  }
}

/** A segment is a part of the partitions' hashes. */
function segmentOf({ Segment = 0, TotalSegments = 1 }: ScanRequest): Range['segment'] {
  if (TotalSegments === 1) return undefined;
  const [from, to] = [Segment, Segment + 1].map((part) => Math.ceil((PARTITIONS * part) / TotalSegments)) as [
    number,
    number,
  ];
  if (from === to) return { from: partitionBytes(0), to: partitionBytes(0) };
  return { from: partitionBytes(from), to: to < PARTITIONS ? partitionBytes(to) : undefined };
}

function partitionBytes(partition: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(partition);
  return bytes;
}

function isIn({ from, to }: NonNullable<Range['segment']>, hash: Buffer): boolean {
  return Buffer.compare(hash, from) >= 0 && (!to || Buffer.compare(hash, to) < 0);
}
