import { isObject } from '../events/leaf.ts';

/**
 * The identifiers that a function reports as failed in its answer, or `all` when the answer cannot be understood.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export function failedItems(answer: string): ReadonlySet<string> | 'all' {
  const response: unknown = JSON.parse(answer);
  if (response === null) return new Set();
  if (!isObject(response)) return 'all';
  const failures = response.batchItemFailures ?? [];
  if (!Array.isArray(failures)) return 'all';
  const identifiers = failures.map((failure) => (isObject(failure) ? failure.itemIdentifier : undefined));
  if (identifiers.some((identifier) => typeof identifier !== 'string' || identifier === '')) return 'all';
  return new Set(identifiers as string[]);
}
