import { createHash } from 'node:crypto';
import { query } from './calls.ts';
import { crmTable, tenant } from './client.ts';

/**
 * The parts of the index of what falls due. A partition takes 1,000 write units a second
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html): an import writes more.
 */
export const shards: readonly string[] = Array.from({ length: 16 }, (_, n) => String(n).padStart(2, '0'));

/** The shard of a customer: always the same, spread evenly. */
export function shardOf(customerId: string): string {
  const [byte = 0] = createHash('sha256').update(customerId).digest();
  return shards[byte % shards.length] ?? '';
}

const pageSize = 100;

/**
 * The customers of a shard to whom something falls due until a moment, that included, earliest first: one page, perhaps
 * a moment old.
 *
 * @param after where the page before ended
 */
export async function dueIn(
  shard: string,
  until: string,
  after?: string,
): Promise<{ customerIds: string[]; next?: string }> {
  const { items, next } = await query({
    TableName: crmTable.table,
    IndexName: 'gsi2',
    KeyConditionExpression: 'gsi2pk = :shard AND gsi2sk <= :until',
    // Behind the moment stands the customer's id, which is less than `~`.
    ExpressionAttributeValues: { ':shard': `${tenant}#due#${shard}`, ':until': `${until}#~` },
    ProjectionExpression: 'customerId',
    Limit: pageSize,
    ...(after ? { ExclusiveStartKey: JSON.parse(after) } : {}),
  });
  return {
    customerIds: items.map(({ customerId }) => String(customerId)),
    ...(next ? { next: JSON.stringify(next) } : {}),
  };
}
