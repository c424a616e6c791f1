import type { Item as StoredItem } from '../../local/dynamodb/values/attributes.ts';
import { itemSize } from '../../local/dynamodb/values/sizes.ts';

/** An item as DynamoDB has it on the wire. */
export type Item = Readonly<Record<string, { readonly S?: string }>>;

/** What DynamoDB adds to each item, in the table and in an index: https://aws.amazon.com/dynamodb/pricing/on-demand/ */
const OVERHEAD = 100;

/** What items take, in bytes: in the table, and once more in each index that holds them whole. */
export function storedBytes(items: readonly Item[]): number {
  return items.reduce((sum, item) => {
    const places = 1 + ['gsi1pk', 'gsi2pk'].filter((key) => item[key]?.S).length;
    return sum + places * (itemSize(item as StoredItem) + OVERHEAD);
  }, 0);
}
