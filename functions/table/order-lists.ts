import type { Order } from '../../domain/sales/order.ts';
import type { OrderState } from '../../domain/sales/order-state.ts';
import type { Connection, PageRequest } from '../runtime/page.ts';
import { projecting } from './attributes.ts';
import { query } from './calls.ts';
import { tenant } from './client.ts';
import { keyOf, orderAttributes, toOrder } from './orders.ts';
import { bySortKey, readPage } from './page.ts';
import { queryOf } from './partition.ts';
import type { Row } from './read.ts';

const ofCustomer = projecting([...orderAttributes, 'sk']);
const open = projecting(orderAttributes);
const inState = projecting([...orderAttributes, 'gsi1sk']);

const instant = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;

/** A page of a customer's orders, latest first. */
export function ordersOf(customerId: string, page: PageRequest): Promise<Connection<Order>> {
  const key = `${tenant}#${customerId}`;
  const query = ofCustomer(queryOf({ key, prefix: 'order#', latestFirst: true }));
  const places = bySortKey(key, new RegExp(`^order#${instant}#ord_[0-9A-Z]{26}$`));
  return readPage({ query, ...places, parse: toOrder }, page);
}

/** The latest of a customer's open orders, latest first; perhaps a moment old. */
export async function openOrdersOf(customerId: string, count: number): Promise<readonly Order[]> {
  const key = `${tenant}#${customerId}#open`;
  const list = open(queryOf({ index: 'gsi2', key, latestFirst: true }));
  const { items } = await query({ ...list, Limit: count });
  return items.map(toOrder);
}

/** Of some customers, those whose orders belong to a list. */
export type CustomerFilter = (customerIds: readonly string[]) => Promise<ReadonlySet<string>>;

/**
 * A page of the orders of all customers that are in a state, latest first; given a filter, of those customers that it
 * lets pass, which may end early. A place is where the order stands and whose it is, or a moment.
 *
 * @throws Refusal `INPUT.INVALID` for a page size, `CURSOR.INVALID`
 */
export function ordersInState(
  state: OrderState,
  page: PageRequest,
  filter?: CustomerFilter,
): Promise<Connection<Order>> {
  const key = `${tenant}#orders#${state}`;
  return readPage(
    {
      query: inState(queryOf({ index: 'gsi1', key, latestFirst: true })),
      placeOf: ({ placedAt, id, customerId }) => `${placedAt}#${id}#${customerId}`,
      keyAt: (place) => {
        const { placedAt, id = last, customerId = last } = placeForm.exec(place)?.groups ?? {};
        if (!placedAt) return undefined;
        const entry = { gsi1pk: key, gsi1sk: `${placedAt}#${id}` };
        return { ...keyOf(customerId, placedAt, id), ...entry };
      },
      ...(filter ? { keep: keptBy(filter), momentOf: placedAtIn } : {}),
      parse: toOrder,
    },
    page,
  );
}

const placeForm = new RegExp(
  `^(?<placedAt>${instant})(#(?<id>ord_[0-9A-Z]{26})#(?<customerId>cus_[0-9A-Z]{26}))?$`,
);

/** Sorts behind every id: a list that goes back in time begins from there with all of the moment. */
const last = '~';

const placedAtIn = ({ gsi1sk }: Row) => String(gsi1sk).split('#')[0] ?? '';

/** Asks of each customer once. */
function keptBy(filter: CustomerFilter) {
  const known = new Map<unknown, boolean>();
  return async (rows: readonly Row[]) => {
    const unknown = [...new Set(rows.map(({ customerId }) => String(customerId)))].filter(
      (id) => !known.has(id),
    );
    const passing = await filter(unknown);
    for (const id of unknown) known.set(id, passing.has(id));
    return rows.filter(({ customerId }) => known.get(customerId));
  };
}
