import { Entity } from 'electrodb';
import type { Change } from '../../domain/change.ts';
import { Refusal } from '../../domain/errors.ts';
import type { OrderFact } from '../../domain/insights/bucket.ts';
import type { Order, OrderLine } from '../../domain/sales/order.ts';
import { orderStates } from '../../domain/sales/order-state.ts';
import { vias } from '../../domain/via.ts';
import { attributesOf, reading } from './attributes.ts';
import { crmTable, tenant } from './client.ts';
import { ifAtVersion, ifNew } from './conditions.ts';
import { customerPartition } from './keys.ts';
import { allLinesOf, headOf, lineOperations } from './order-lines.ts';
import { putterFor } from './put.ts';
import { getRow, type Key, queryAll, type Row } from './read.ts';
import { type ClientRequest, requestMade, requestOperation } from './requests.ts';
import { write } from './write.ts';

/**
 * An order without its lines, in its customer's partition, in the order of time. Those of all customers are found by state
 * over gsi1; those of a customer that are open, over gsi2, where no other has an entry.
 */
export const orders = new Entity(
  {
    model: { entity: 'order', version: '1', service: 'crm' },
    attributes: {
      tenant: { type: 'string', required: true },
      customerId: { type: 'string', required: true },
      id: { type: 'string', required: true },
      kind: { type: ['SALE', 'RETURN'] as const, required: true },
      state: { type: orderStates },
      source: { type: 'string', required: true },
      externalId: { type: 'string', required: true },
      placedAt: { type: 'string', required: true },
      total: { type: 'any', required: true },
      exchangeRate: { type: 'string' },
      reportingTotal: { type: 'any' },
      via: { type: vias },
      lineCount: { type: 'number', required: true },
      recordedAt: { type: 'string', required: true },
      version: { type: 'number', required: true },
      change: { type: 'any' },
    },
    indexes: {
      orders: {
        pk: customerPartition,
        sk: {
          field: 'sk',
          composite: ['placedAt', 'id'],
          template: 'order#${placedAt}#${id}',
          casing: 'none',
        },
      },
      byState: {
        index: 'gsi1',
        pk: {
          field: 'gsi1pk',
          composite: ['tenant', 'state'],
          template: '${tenant}#orders#${state}',
          casing: 'none',
        },
        sk: {
          field: 'gsi1sk',
          composite: ['placedAt', 'id'],
          template: '${placedAt}#${id}',
          casing: 'none',
        },
      },
      open: {
        index: 'gsi2',
        condition: ({ state }: { readonly state?: string }) => state === 'OPEN',
        pk: {
          field: 'gsi2pk',
          composite: ['tenant', 'customerId'],
          template: '${tenant}#${customerId}#open',
          casing: 'none',
        },
        sk: {
          field: 'gsi2sk',
          composite: ['placedAt'],
          template: '${placedAt}',
          casing: 'none',
        },
      },
    },
  } as const,
  crmTable,
);

const putOrder = putterFor(orders);

/** What is told of an order. */
export const orderAttributes = attributesOf(orders);

const readOrder = reading(orderAttributes);

/** Reads an order's row, as a query finds it. */
export function toOrder(row: Row): Order {
  const order = readOrder(row);
  // Those of before states and ways were recorded are done, and came by the API.
  const before = { exchangeRate: '1', reportingTotal: order.total, via: 'API', state: 'FULFILLED' };
  return { ...before, ...order } as unknown as Order;
}

/**
 * An order in the reporting currency is stored without rate, as it was before rates were recorded: with its keys and its
 * stamp it then takes less than 1 KB, which is what a write unit pays for.
 */
function toRow(order: Order, change: Change) {
  const { exchangeRate, reportingTotal, ...rest } = order;
  const isReported = exchangeRate === '1' && reportingTotal.currency === order.total.currency;
  return { ...(isReported ? rest : order), tenant, change };
}

/** The key of an order. */
export const keyOf = (customerId: string, placedAt: string, id: string): Key => ({
  pk: `${tenant}#${customerId}`,
  sk: `order#${placedAt}#${id}`,
});

/**
 * Adds an order with all its lines, or nothing.
 *
 * @returns the order that is there, and whether this call added it.
 * @throws Refusal `ORDER.EXTERNAL_ID_TAKEN` when source and external id belong to an order with other content.
 */
export async function addOrder(
  order: Order,
  lines: readonly OrderLine[],
  change: Change,
  fingerprint: string,
): Promise<{ order: Order; created: boolean }> {
  const operations = lineOperations(order, lines, fingerprint);
  operations.push({ Put: putOrder(toRow(order, change), ifNew) });

  const conflicts = await write(operations);
  if (!conflicts) return { order, created: true };
  if (conflicts[0]?.fingerprint === fingerprint) {
    const header = conflicts.at(-1);
    const stored = header ? toOrder(header) : await getOrder(order.id);
    return { order: stored ?? order, created: false };
  }
  throw new Refusal(
    'ORDER.EXTERNAL_ID_TAKEN',
    `${order.externalId} of ${order.source} is an order with other content: compare it with ${order.id}`,
    { field: 'externalId', value: order.externalId, orderId: order.id },
  );
}

/**
 * Replaces an order that still has the version before, and remembers the request.
 *
 * @returns 'contended' when another change came first; 'repeated' when this request was made before.
 * @throws Refusal `REQUEST.ID_REUSED`
 */
export async function replaceOrder(
  order: Order,
  change: Change,
  request: ClientRequest | undefined,
): Promise<'written' | 'contended' | 'repeated'> {
  const conflicts = await write([
    { Put: putOrder(toRow(order, change), ifAtVersion(order.version - 1)) },
    ...(request ? [requestOperation(request, order.id)] : []),
  ]);
  if (!conflicts) return 'written';
  const [present, made] = conflicts;
  if (made && request) return requestMade(made, request.fingerprint);
  // The client sent the write again when its answer was lost: this very change stands in its own way.
  return (present?.change as Change | undefined)?.id === change.id ? 'written' : 'contended';
}

/** @throws Refusal `ORDER.NOT_FOUND` when there is no such order. */
export async function knownOrder(id: string): Promise<Order> {
  const order = await getOrder(id);
  if (order) return order;
  throw new Refusal('ORDER.NOT_FOUND', `There is no order ${id}: check the id, or place the order first`, {
    field: 'id',
    value: id,
  });
}

/** The order; undefined when there is none. */
export async function getOrder(id: string): Promise<Order | undefined> {
  const head = await headOf(id);
  return head && orderOf(id, head);
}

/** The order that a request with this fingerprint made; undefined when there is none, or one with other content. */
export async function orderMadeBy(id: string, fingerprint: string): Promise<Order | undefined> {
  const head = await headOf(id);
  return head?.fingerprint === fingerprint ? orderOf(id, head) : undefined;
}

async function orderOf(id: string, head: Row): Promise<Order | undefined> {
  const key = keyOf(String(head.customerId), String(head.placedAt), id);
  const row = await getRow(key, { consistent: true });
  return row && toOrder(row);
}

/** Where an order lies, as its event says. */
export interface OrderPlace {
  readonly orderId: string;
  readonly customerId: string;
  readonly placedAt: string;
  readonly lineCount: number;
}

/** The order at its place, as last written, and all its lines when they are asked for; undefined when there is none. */
export async function orderAt(
  { orderId, customerId, placedAt, lineCount }: OrderPlace,
  { withLines }: { readonly withLines: boolean },
): Promise<{ readonly order: Order; readonly lines?: readonly OrderLine[] } | undefined> {
  const [row, lines] = await Promise.all([
    getRow(keyOf(customerId, placedAt, orderId), { consistent: true }),
    withLines ? allLinesOf(orderId, lineCount) : undefined,
  ]);
  if (!row) return undefined;
  const order = toOrder(row);
  return lines ? { order, lines } : { order };
}

/** All orders of a UTC month, as last written, for the bucket of that month. */
export async function orderFactsOf(customerId: string, month: string): Promise<OrderFact[]> {
  const rows = await queryAll({
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :month)',
    ExpressionAttributeValues: { ':pk': `${tenant}#${customerId}`, ':month': `order#${month}` },
    ProjectionExpression: '#kind, placedAt, #total, reportingTotal, #state, version',
    ExpressionAttributeNames: { '#kind': 'kind', '#total': 'total', '#state': 'state' },
    ConsistentRead: true,
  });
  return rows as unknown as OrderFact[];
}
