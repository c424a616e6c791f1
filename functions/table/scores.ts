import type { Change } from '../../domain/change.ts';
import { type Bucket, type BucketKind, emptyBucket } from '../../domain/insights/bucket.ts';
import { emptyScore, type Score } from '../../domain/insights/score.ts';
import { namesOf, reading } from './attributes.ts';
import { tenant } from './client.ts';
import { ifAtVersion } from './conditions.ts';
import { shardOf } from './due.ts';
import { putWithoutModel } from './put.ts';
import { getRow, type Key, queryAll } from './read.ts';
import { type Operation, write } from './write.ts';

// Scores and buckets have no model: what only reads a score, as the function `insights` does, need not load electrodb.

/** What is told of a score. */
export const scoreAttributes = namesOf<Score>({
  customerId: true,
  engagement: true,
  lastOrderAt: true,
  previousOrderAt: true,
  frequency: true,
  monetary: true,
  reporting: true,
  policy: true,
  recounting: true,
  stage: true,
  above: true,
  nextDueAt: true,
  evaluatedAt: true,
  version: true,
});

const bucketAttributes = namesOf<Bucket>({
  customerId: true,
  kind: true,
  period: true,
  weight: true,
  policy: true,
  lastAt: true,
  sales: true,
  lastSaleAt: true,
  previousSaleAt: true,
  monetary: true,
  reporting: true,
  revision: true,
});

/** The score lies beside the profile, so that one query reads both. */
const scoreKey = (customerId: string): Key => ({ pk: `${tenant}#${customerId}`, sk: 'view#score' });

/** A period of a customer in numbers; only ever written together with the score. */
const bucketKey = (customerId: string, { kind, period }: Pick<Bucket, 'kind' | 'period'>): Key => ({
  pk: `${tenant}#${customerId}`,
  sk: `bucket#${kind}#${period}`,
});

type Row = Record<string, unknown>;

const readAttributes = reading(scoreAttributes);

/** Reads a score's row, as a query over the customer's partition finds it. */
export function toScore(row: Row): Score {
  const { nextDueAt, ...score } = readAttributes(row);
  // Some are stored with an empty one, of a moment that never comes.
  return { ...score, ...(nextDueAt ? { nextDueAt } : {}) } as unknown as Score;
}

/** The score as a reader sees it, perhaps a moment old; undefined until there is any. */
export async function getScore(customerId: string): Promise<Score | undefined> {
  return readScore(customerId, false);
}

/**
 * The score as last written. To change it, read it before its buckets and their facts: then whatever is written in
 * between is either in all that is read after it, or makes the write fail.
 */
export async function scoreToChange(customerId: string): Promise<Score> {
  return (await readScore(customerId, true)) ?? emptyScore(customerId);
}

/** Buckets of a customer, as last written; empty where there is none. */
export function readBuckets(
  customerId: string,
  periods: readonly { readonly kind: BucketKind; readonly period: string }[],
): Promise<Bucket[]> {
  return Promise.all(
    periods.map(async (one) => {
      const row = await getRow(bucketKey(customerId, one), { consistent: true });
      return row ? toBucket(row) : emptyBucket(customerId, one.kind, one.period);
    }),
  );
}

/** The buckets of all months in which a customer bought something, as last written. */
export async function salesBuckets(customerId: string): Promise<Bucket[]> {
  const rows = await queryAll({
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :buckets)',
    FilterExpression: 'sales > :none',
    ExpressionAttributeValues: { ':pk': `${tenant}#${customerId}`, ':buckets': 'bucket#orders#', ':none': 0 },
    ConsistentRead: true,
  });
  return rows.map(toBucket);
}

/** The periods of a customer that were counted under another policy than `policy`. */
export async function outdatedPeriods(
  customerId: string,
  policy: string,
): Promise<{ kind: BucketKind; period: string }[]> {
  const rows = await queryAll({
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :buckets)',
    FilterExpression: 'attribute_not_exists(#policy) OR #policy <> :policy',
    ProjectionExpression: '#kind, #period',
    ExpressionAttributeNames: { '#policy': 'policy', '#kind': 'kind', '#period': 'period' },
    ExpressionAttributeValues: { ':pk': `${tenant}#${customerId}`, ':buckets': 'bucket#', ':policy': policy },
    ConsistentRead: true,
  });
  return rows as unknown as { kind: BucketKind; period: string }[];
}

/**
 * Writes a score and the buckets that changed with it, if the score still has the version before. Without a change
 * nobody is told.
 *
 * @returns false when another write came first.
 */
export async function writeScore(
  score: Score,
  changed: readonly Bucket[],
  change?: Change,
): Promise<boolean> {
  const { customerId, version, nextDueAt } = score;
  const stamped = { ...score, ...inIndex(customerId, nextDueAt), ...(change ? { change } : {}) };
  const operations: Operation[] = [
    { Put: putWithoutModel('score', scoreKey(customerId), stamped, ifAtVersion(version - 1)) },
    ...changed.map((bucket) => ({
      Put: putWithoutModel('bucket', bucketKey(customerId, bucket), { ...bucket }),
    })),
  ];
  return (await write(operations)) === undefined;
}

/** A score is found over gsi2 as long as something falls due. */
function inIndex(customerId: string, nextDueAt: string | undefined) {
  if (nextDueAt === undefined) return {};
  const shard = shardOf(customerId);
  return { shard, gsi2pk: `${tenant}#due#${shard}`, gsi2sk: `${nextDueAt}#${customerId}` };
}

async function readScore(customerId: string, consistent: boolean): Promise<Score | undefined> {
  const row = await getRow(scoreKey(customerId), { consistent });
  return row && toScore(row);
}

const readBucket = reading(bucketAttributes);

const toBucket = (row: Row) => readBucket(row) as unknown as Bucket;
