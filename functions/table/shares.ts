import { Entity } from 'electrodb';
import type { Share } from '../../domain/partners/share.ts';
import type { Connection, PageRequest } from '../runtime/page.ts';
import { attributesOf, reading } from './attributes.ts';
import { crmTable, tenant } from './client.ts';
import { ifNew } from './conditions.ts';
import { customerPartition } from './keys.ts';
import { bySortKey, readPage } from './page.ts';
import { queryOf } from './partition.ts';
import { putterFor } from './put.ts';
import type { Row } from './read.ts';
import { write } from './write.ts';

/** What was shared about a customer, in the customer's partition, in the order of time. */
const shares = new Entity(
  {
    model: { entity: 'share', version: '1', service: 'crm' },
    attributes: {
      tenant: { type: 'string', required: true },
      customerId: { type: 'string', required: true },
      time: { type: 'string', required: true },
      id: { type: 'string', required: true },
      partnerId: { type: 'string', required: true },
      agreementId: { type: 'string', required: true },
      agreementVersion: { type: 'number', required: true },
      purpose: { type: 'string', required: true },
      event: { type: 'string', required: true },
      subjectId: { type: 'string', required: true },
      fields: { type: 'any', required: true },
      sharedAt: { type: 'string', required: true },
    },
    indexes: {
      shares: {
        pk: customerPartition,
        sk: { field: 'sk', composite: ['time'], template: 'share#${time}', casing: 'none' },
      },
    },
  } as const,
  crmTable,
);

const putShare = putterFor(shares);

const readShare = reading(attributesOf(shares, 'time'));

const toShare = (row: Row) => readShare(row) as unknown as Share;

/** Records what is about to leave, once: the share that is there, the new one or that of an earlier attempt. */
export async function recordShare(share: Share): Promise<Share> {
  const time = share.id.slice('shr_'.length);
  const [present] = (await write([{ Put: putShare({ ...share, tenant, time }, ifNew) }])) ?? [];
  return present ? toShare(present) : share;
}

/**
 * A page of what was shared about a customer, latest first.
 *
 * @throws Refusal `INPUT.INVALID` for a page size, `CURSOR.INVALID`
 */
export function sharesOf(customerId: string, page: PageRequest): Promise<Connection<Share>> {
  const key = `${tenant}#${customerId}`;
  const query = queryOf({ key, prefix: 'share#', latestFirst: true });
  return readPage({ query, ...bySortKey(key, /^share#[0-9A-Z]{26}$/), parse: toShare }, page);
}
