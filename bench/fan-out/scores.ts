import { setTimeout as sleep } from 'node:timers/promises';
import type { AwsCall, LocalStack } from '../../tools/client/aws.ts';
import { type Arrivals, arrived } from './queue.ts';

/** An interaction that a score is to count. */
export interface Counted {
  readonly id: string;
  readonly customerId: string;
  readonly occurredAt: string;
}

interface Answer {
  readonly Item?: { readonly engagement?: { readonly M: { readonly at: { readonly S: string } } } };
}

/**
 * How long to wait until a score is read again, in milliseconds: a shorter time would load the stack, and what has taken
 * long need not be known as exactly.
 */
export const pauseAfter = (elapsedMs: number): number => Math.max(2, elapsedMs / 8);

/**
 * Reads scores from the table until they count an interaction: the engagement then stands at its moment, or at a later
 * one. Noted is when the answer was there that shows it.
 */
export function watchScores(aws: AwsCall, { tenant, tableName }: Pick<LocalStack, 'tenant' | 'tableName'>) {
  const arrivals: Arrivals = new Map();
  const watching: Promise<void>[] = [];
  let stopped = false;

  async function engagementAt(customerId: string): Promise<string> {
    const { Item } = await aws<Answer>('dynamodb', 'GetItem', {
      TableName: tableName,
      Key: { pk: { S: `${tenant}#${customerId}` }, sk: { S: 'view#score' } },
      ProjectionExpression: 'engagement',
      ConsistentRead: true,
    });
    return Item?.engagement?.M.at.S ?? '';
  }

  async function watch({ id, customerId, occurredAt }: Counted): Promise<void> {
    for (const began = performance.now(); !stopped; await sleep(pauseAfter(performance.now() - began))) {
      if ((await engagementAt(customerId)) < occurredAt) continue;
      arrived(arrivals, id);
      return;
    }
  }

  return {
    arrivals: arrivals as ReadonlyMap<string, number>,
    watch: (counted: Counted): void => void watching.push(watch(counted)),
    stop: async (): Promise<void> => {
      stopped = true;
      await Promise.all(watching);
    },
  };
}
