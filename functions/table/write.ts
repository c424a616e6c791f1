import type { DeleteCommandInput, PutCommandInput } from '@aws-sdk/lib-dynamodb';
import { type Attributes, fromAttributes, type Item } from './attribute-values.ts';
import { putItem, transactWriteItems } from './calls.ts';
import { isPassing, untilUncontended } from './contention.ts';

/** One part of a write. */
export type Operation = { readonly Put: PutCommandInput } | { readonly Delete: DeleteCommandInput };

/** Where a write was refused: for each operation the item that stood in its way, `{}` when none did, else undefined. */
export type Conflicts = readonly (Item | undefined)[];

/**
 * Writes all or nothing: one put, or one transaction.
 *
 * @returns undefined when written, else what stood in the way.
 * @throws Refusal `CUSTOMER.BUSY` when others kept writing the same items.
 */
export async function write(operations: readonly Operation[]): Promise<Conflicts | undefined> {
  return untilUncontended(() => attemptWrite(operations));
}

async function attemptWrite(operations: readonly Operation[]): Promise<Conflicts | 'contended' | undefined> {
  const [first] = operations;
  try {
    if (operations.length === 1 && first && 'Put' in first) {
      await putItem({ ...first.Put, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
    } else {
      await transactWriteItems(operations.map(showingConflicts));
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === 'ConditionalCheckFailedException') return [inTheWay((error as Failure).Item)];
    if (error.name !== 'TransactionCanceledException') throw error;
    const reasons = (error as Failure).CancellationReasons ?? [];
    if (reasons.some((reason) => reason.Code === 'ConditionalCheckFailed')) {
      return reasons.map((reason) =>
        reason.Code === 'ConditionalCheckFailed' ? inTheWay(reason.Item) : undefined,
      );
    }
    if (reasons.every(({ Code = 'None' }) => Code === 'None' || isPassing(Code))) return 'contended';
    throw error;
  }
}

interface Failure extends Error {
  readonly Item?: Attributes;
  readonly CancellationReasons?: readonly { readonly Code?: string; readonly Item?: Attributes }[];
}

// Errors are as the SDK gives them.
const inTheWay = (item: Attributes | undefined): Item => (item ? fromAttributes(item) : {});

function showingConflicts(operation: Operation) {
  const show = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
  return 'Put' in operation
    ? { Put: { ...operation.Put, ...show } as PutCommandInput & { Item: Item } }
    : { Delete: { ...operation.Delete, ...show } as DeleteCommandInput & { Key: Item } };
}
