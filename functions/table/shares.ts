import type { Share } from '../../domain/partners/share.ts';
import type { Connection, PageRequest } from '../runtime/page.ts';
import { namesOf, reading } from './attributes.ts';
import { tenant } from './client.ts';
import { ifNew } from './conditions.ts';
import { bySortKey, readPage } from './page.ts';
import { queryOf } from './partition.ts';
import { putWithoutModel } from './put.ts';
import type { Row } from './read.ts';
import { write } from './write.ts';

const readShare = reading(
  namesOf<Share>({
    id: true,
    customerId: true,
    partnerId: true,
    agreementId: true,
    agreementVersion: true,
    purpose: true,
    event: true,
    subjectId: true,
    fields: true,
    sharedAt: true,
  }),
);

const toShare = (row: Row) => readShare(row) as unknown as Share;

/** Records what is about to leave, once: the share that is there, the new one or that of an earlier attempt. */
export async function recordShare(share: Share): Promise<Share> {
  const time = share.id.slice('shr_'.length);
  // In the customer's partition, in the order of time.
  const key = { pk: `${tenant}#${share.customerId}`, sk: `share#${time}` };
  const put = putWithoutModel('share', key, { ...share, time }, ifNew);
  const [present] = (await write([{ Put: put }])) ?? [];
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
