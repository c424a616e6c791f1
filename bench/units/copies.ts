import type { Sample } from './sample.ts';

/** An item as DynamoDB has it on the wire. */
export type Item = Readonly<Record<string, { readonly S?: string }>>;

/** Makes copies of a sample: the same items under other ids, addresses and order numbers. */
export interface Copier {
  /** The items of the copy with this number, which is below ten million. */
  items(number: number): Item[];
  /** The text in which every id and address of the sample is that of a copy. */
  named(text: string, number: number): string;
}

/** As many digits as a mark has behind its first three. */
const DIGITS = 7;

const padded = (number: number, digits: number): string => String(number).padStart(digits, '0');

/** An id of the same form that no other copy has. */
const idOf = (sample: string, number: number): string => sample.slice(0, -12) + padded(number, 12);

/**
 * @param items of the sample, as they are stored. What says what has happened is left out, so that nothing follows from a
 *   copy, as from a restore.
 */
export function createCopier({ customerId, orderIds, mark }: Sample, items: readonly Item[]): Copier {
  const ids = [customerId, ...orderIds].map((id) => id.slice('cus_'.length));
  const texts = items.map(({ change: _change, ...item }) => JSON.stringify(item));

  function named(text: string, number: number): string {
    const copy = ids.reduce((result, id) => result.replaceAll(id, idOf(id, number)), text);
    return copy.replaceAll(mark, mark.slice(0, -DIGITS) + padded(number, DIGITS));
  }
  return {
    named,
    items: (number) => texts.map((text) => inShard(number, JSON.parse(named(text, number)) as Item)),
  };
}

/** What falls due is spread over 16 shards, whatever the shard of the sample. */
function inShard(number: number, item: Item): Item {
  if (!item.shard || !item.gsi2pk?.S) return item;
  const shard = padded(number % 16, 2);
  return { ...item, shard: { S: shard }, gsi2pk: { S: item.gsi2pk.S.replace(/#due#\d+$/, `#due#${shard}`) } };
}
