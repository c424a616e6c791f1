import { createHash } from 'node:crypto';
import type { Sample } from './sample.ts';
import type { Item } from './stored.ts';

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
 * @param items as they are stored, in any order: those whose key is of the sample are copied. What says what has happened
 *   is left out, so that nothing follows from a copy, as from a restore.
 */
export function createCopier(
  { customerId, orderIds, mark }: Pick<Sample, 'customerId' | 'orderIds' | 'mark'>,
  items: Iterable<Item>,
): Copier {
  const ids = [customerId, ...orderIds].map((id) => id.slice('cus_'.length));
  const isOfSample = ({ pk, sk }: Item) => [...ids, mark].some((part) => `${pk?.S} ${sk?.S}`.includes(part));
  const texts: string[] = [];
  for (const item of items) {
    if (!isOfSample(item)) continue;
    checkShard(item);
    const { change: _change, ...rest } = item;
    texts.push(JSON.stringify(rest));
  }

  function named(text: string, number: number): string {
    const copy = ids.reduce((result, id) => result.replaceAll(id, idOf(id, number)), text);
    return copy.replaceAll(mark, mark.slice(0, -DIGITS) + padded(number, DIGITS));
  }
  return {
    named,
    items: (number) => texts.map((text) => sharded(JSON.parse(named(text, number)) as Item)),
  };
}

/** The shard of what falls due to a customer, by the rule of `functions/table/due.ts`. */
const shardOf = (customerId: string): string => {
  const [byte = 0] = createHash('sha256').update(customerId).digest();
  return padded(byte % 16, 2);
};

/** The item in the shard of its customer. */
function sharded(item: Item): Item {
  if (!item.shard || !item.customerId?.S) return item;
  const shard = shardOf(item.customerId.S);
  const gsi2pk = item.gsi2pk?.S?.replace(/#due#\d+$/, `#due#${shard}`);
  return { ...item, shard: { S: shard }, ...(gsi2pk !== undefined && { gsi2pk: { S: gsi2pk } }) };
}

/** @throws Error when what is stored was put into another shard */
function checkShard({ shard, customerId }: Item): void {
  if (shard?.S && shard.S !== shardOf(customerId?.S ?? ''))
    throw new Error(
      `${customerId?.S} is in shard ${shard.S}: bring the rule here in step with functions/table/due.ts.`,
    );
}
