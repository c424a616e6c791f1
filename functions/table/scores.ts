import { Entity } from 'electrodb';
import type { Change } from '../../domain/change.ts';
import { type Bucket, type BucketKind, emptyBucket } from '../../domain/insights/bucket.ts';
import { emptyScore, type Score } from '../../domain/insights/score.ts';
import { stages } from '../../domain/insights/stage.ts';
import { attributesOf, reading } from './attributes.ts';
import { crmTable, tenant } from './client.ts';
import { shardOf } from './due.ts';
import { customerPartition } from './keys.ts';
import { getRow, queryAll } from './read.ts';
import { type Operation, write } from './write.ts';

/** Stands for a moment that never comes: electrodb wants every part of an index in every put. */
const never = '';

/** The score of a customer, beside the profile, so that one query reads both; found over gsi2 when something falls due. */
export const scores = new Entity(
  {
    model: { entity: 'score', version: '1', service: 'crm' },
    attributes: {
      tenant: { type: 'string', required: true },
      customerId: { type: 'string', required: true },
      engagement: { type: 'any' },
      lastOrderAt: { type: 'string' },
      previousOrderAt: { type: 'string' },
      frequency: { type: 'number', required: true },
      monetary: { type: 'any', required: true },
      reporting: { type: 'any' },
      policy: { type: 'string' },
      recounting: { type: 'boolean' },
      stage: { type: stages },
      above: { type: 'any' },
      nextDueAt: { type: 'string' },
      shard: { type: 'string' },
      evaluatedAt: { type: 'string' },
      version: { type: 'number', required: true },
      change: { type: 'any' },
    },
    indexes: {
      score: {
        pk: customerPartition,
        sk: { field: 'sk', composite: [], template: 'view#score', casing: 'none' },
      },
      due: {
        index: 'gsi2',
        condition: ({ nextDueAt }: { readonly nextDueAt?: string }) => nextDueAt !== never,
        pk: {
          field: 'gsi2pk',
          composite: ['tenant', 'shard'],
          template: '${tenant}#due#${shard}',
          casing: 'none',
        },
        sk: {
          field: 'gsi2sk',
          composite: ['nextDueAt', 'customerId'],
          template: '${nextDueAt}#${customerId}',
          casing: 'none',
        },
      },
    },
  } as const,
  crmTable,
);

/** A period of a customer in numbers; only ever written together with the score. */
const buckets = new Entity(
  {
    model: { entity: 'bucket', version: '1', service: 'crm' },
    attributes: {
      tenant: { type: 'string', required: true },
      customerId: { type: 'string', required: true },
      kind: { type: ['interactions', 'orders'] as const, required: true },
      period: { type: 'string', required: true },
      weight: { type: 'number', required: true },
      policy: { type: 'string' },
      lastAt: { type: 'string' },
      sales: { type: 'number', required: true },
      lastSaleAt: { type: 'string' },
      previousSaleAt: { type: 'string' },
      monetary: { type: 'any', required: true },
      reporting: { type: 'any' },
      revision: { type: 'number' },
    },
    indexes: {
      bucket: {
        pk: customerPartition,
        sk: {
          field: 'sk',
          composite: ['kind', 'period'],
          template: 'bucket#${kind}#${period}',
          casing: 'none',
        },
      },
    },
  } as const,
  crmTable,
);

type Row = Record<string, unknown>;

/** What is told of a score. */
export const scoreAttributes = attributesOf(scores, 'shard');

const readAttributes = reading(scoreAttributes);

/** Reads a score's row, as a query over the customer's partition finds it. */
export function toScore(row: Row): Score {
  const { nextDueAt, ...score } = readAttributes(row);
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
    periods.map(async ({ kind, period }) => {
      const key = { pk: `${tenant}#${customerId}`, sk: `bucket#${kind}#${period}` };
      const row = await getRow(key, { consistent: true });
      return row ? toBucket(row) : emptyBucket(customerId, kind, period);
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
  const before = score.version - 1;
  const due = { nextDueAt: score.nextDueAt ?? never, shard: shardOf(score.customerId) };
  const operations: Operation[] = [
    {
      Put: scores
        .put({ ...score, ...due, tenant, ...(change ? { change } : {}) } as never)
        .where(({ version }, { eq, notExists }) => (before === 0 ? notExists(version) : eq(version, before)))
        .params() as never,
    },
    ...changed.map((bucket) => ({ Put: buckets.put({ ...bucket, tenant }).params() as never })),
  ];
  return (await write(operations)) === undefined;
}

async function readScore(customerId: string, consistent: boolean): Promise<Score | undefined> {
  const row = await getRow({ pk: `${tenant}#${customerId}`, sk: 'view#score' }, { consistent });
  return row && toScore(row);
}

const readBucket = reading(attributesOf(buckets));

const toBucket = (row: Row) => readBucket(row) as unknown as Bucket;
