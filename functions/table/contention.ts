import { Refusal } from '../../domain/errors.ts';

const mostAttempts = 8;

/** What passes by itself: others write the same items, or the partition or table has had enough for this second. */
const passing: ReadonlySet<string> = new Set([
  'TransactionConflict',
  'TransactionConflictException',
  'TransactionInProgressException',
  'ThrottlingError',
  'ThrottlingException',
  'ProvisionedThroughputExceeded',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
]);

/** Whether a call, or a part of one, failed for a reason of this name that passes by itself. */
export const isPassing = (reason: string): boolean => passing.has(reason);

/**
 * Attempts up to 8 times what others stand in the way of, with longer and longer random waits: at most 2.5 seconds in all.
 * What DynamoDB refuses for a passing reason is contended as well.
 *
 * @throws Refusal `CUSTOMER.BUSY` when it was contended to the last.
 */
export async function untilUncontended<T>(attempt: () => Promise<T | 'contended'>): Promise<T> {
  for (let made = 1; ; made++) {
    const outcome = await attempt().catch(contended);
    if (outcome !== 'contended') return outcome;
    if (made === mostAttempts) throw busy();
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * 2 ** made));
  }
}

function contended(error: unknown): 'contended' {
  if (error instanceof Error && isPassing(error.name)) return 'contended';
  throw error;
}

const busy = () =>
  new Refusal('CUSTOMER.BUSY', 'Others are changing the same: try again in a second', {
    retryAfterMs: 1000,
  });
