import type { PutCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Item } from './attribute-values.ts';
import { crmTable, tenant } from './client.ts';
import type { Key } from './read.ts';

/**
 * A put of an item that looks like those of electrodb, which takes ten times as long to make it: for items of which many
 * are written.
 */
export function putOf(kind: string, key: Key, attributes: Readonly<Item>) {
  return {
    TableName: crmTable.table,
    Item: { tenant, ...attributes, ...key, __edb_e__: kind, __edb_v__: '1' },
  } satisfies PutCommandInput;
}
