import { validationError } from '../errors.ts';
import type { Update } from '../expressions/updates.ts';
import type { AttributeValue, Item } from '../values/attributes.ts';
import { itemSize, MAX_ITEM_SIZE } from '../values/sizes.ts';

export const TOO_LARGE_UPDATE = 'Item size to update has exceeded the maximum allowed size';

/**
 * Bytes that UpdateItem counts beside what it writes: for the update itself, and for each action. DynamoDB documents
 * none of it; an update of a short key is refused some bytes before its item has 400 KB.
 */
const COST_OF_UPDATE = 3;
const COST_OF_VALUE = 19;
const COST_OF_REMOVAL = 2;
const COST_OF_INDEX = 1;

/**
 * Refuses an update that writes too much. UpdateItem alone, not in a transaction, weighs also the attributes that it
 * writes, with what its actions cost; neither the key nor what it leaves alone counts there.
 */
export function checkUpdateSize({ actions }: Update, updated: Item): void {
  const cost = actions.reduce((sum, { kind, path }) => {
    if (kind === 'remove' || kind === 'delete') return sum + COST_OF_REMOVAL;
    return sum + COST_OF_VALUE + (typeof path.at(-1) === 'number' ? COST_OF_INDEX : 0);
  }, COST_OF_UPDATE);
  const heads = new Set(actions.map(({ path }) => path[0] as string));
  const written: Item = {};
  for (const head of heads) {
    if (updated[head]) written[head] = updated[head] as AttributeValue;
  }
  if (itemSize(written) + cost > MAX_ITEM_SIZE) throw validationError(TOO_LARGE_UPDATE);
}
