import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { crmTable } from './client.ts';

/** A partition of the table of customers or of one of its indexes, or a part of it, in the order of its sort keys. */
export interface Partition {
  /** @default the table itself */
  readonly index?: 'gsi1' | 'gsi2';
  readonly key: string;
  /** What the sort keys begin with. @default anything */
  readonly prefix?: string;
  /** From the last sort key to the first. @default false */
  readonly latestFirst?: boolean;
}

/**
 * The query that finds what lies in a partition. Its texts are electrodb's, which takes longer to find them than the function
 * for all the rest of a short list; and cursors hold a fingerprint of them, so that other texts would make those of
 * clients worthless.
 */
export function queryOf({ index, key, prefix, latestFirst }: Partition): QueryCommandInput {
  const [pk, sk] = [`${index ?? ''}pk`, `${index ?? ''}sk`];
  const inAll = {
    KeyConditionExpression: '#pk = :pk',
    ExpressionAttributeNames: { '#pk': pk },
    ExpressionAttributeValues: { ':pk': key },
  };
  const inPart = {
    KeyConditionExpression: '#pk = :pk and begins_with(#sk1, :sk1)',
    ExpressionAttributeNames: { '#pk': pk, '#sk1': sk },
    ExpressionAttributeValues: { ':pk': key, ':sk1': prefix },
  };
  return {
    TableName: crmTable.table,
    ...(index ? { IndexName: index } : {}),
    ...(latestFirst ? { ScanIndexForward: false } : {}),
    ...(prefix === undefined ? inAll : inPart),
  };
}
