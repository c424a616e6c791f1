import { Entity } from 'electrodb';
import type { Change } from '../../domain/change.ts';
import { Refusal } from '../../domain/errors.ts';
import type { OrderFact } from '../../domain/insights/bucket.ts';
import type { Order, OrderLine } from '../../domain/sales/order.ts';
import { vias } from '../../domain/via.ts';
import { type Connection, type PageRequest, pageSize } from '../runtime/page.ts';
import { crmTable, tenant } from './client.ts';
import { isOrderId, productIdFor } from './ids.ts';
import { customerPartition, ownPartition } from './keys.ts';
import { bySortKey, readPage } from './page.ts';
import { getRow, queryAll, type Row } from './read.ts';
import { type Operation, write } from './write.ts';

/** An order without its lines, in its customer's partition, in the order of time. */
const orders = new Entity(
  {
    model: { entity: 'order', version: '1', service: 'crm' },
    attributes: {
      tenant: { type: 'string', required: true },
      customerId: { type: 'string', required: true },
      id: { type: 'string', required: true },
      kind: { type: ['SALE', 'RETURN'] as const, required: true },
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
    },
  } as const,
  crmTable,
);

/**
 * Up to 100 lines of an order, under the order's own key. The first chunk makes the order unique, whoever its customer
 * is, and says where the order lies.
 */
const chunks = new Entity(
  {
    model: { entity: 'orderLines', version: '1', service: 'crm' },
    attributes: {
      tenant: { type: 'string', required: true },
      id: { type: 'string', required: true },
      chunk: { type: 'string', required: true },
      lines: { type: 'any', required: true },
      customerId: { type: 'string' },
      placedAt: { type: 'string' },
      fingerprint: { type: 'string' },
    },
    indexes: {
      chunk: {
        pk: ownPartition,
        sk: { field: 'sk', composite: ['chunk'], template: 'lines#${chunk}', casing: 'none' },
      },
    },
  } as const,
  crmTable,
);

/** Most lines in one item. */
export const linesInChunk = 100;

function toOrder(row: Row): Order {
  const { data } = orders.parse({ Item: row as never });
  const { tenant: _tenant, change: _change, ...order } = data as never as Row;
  // Those of before rates were recorded are reported in their own currency, and came by the API.
  return { exchangeRate: '1', reportingTotal: order.total, via: 'API', ...order } as unknown as Order;
}

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
  const head = { customerId: order.customerId, placedAt: order.placedAt, fingerprint };
  const operations: Operation[] = chunksOf(lines).map((part, index) => {
    const row = { tenant, id: order.id, chunk: chunkKey(index), lines: part };
    return { Put: (index === 0 ? chunks.create({ ...row, ...head }) : chunks.put(row)).params() as never };
  });
  operations.push({ Put: orders.create({ ...order, tenant, change }).params() as never });

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

const headOf = async (id: string): Promise<Row | undefined> =>
  isOrderId(id)
    ? getRow({ pk: `${tenant}#${id}`, sk: `lines#${chunkKey(0)}` }, { consistent: true })
    : undefined;

async function orderOf(id: string, head: Row): Promise<Order | undefined> {
  const key = { pk: `${tenant}#${head.customerId}`, sk: `order#${head.placedAt}#${id}` };
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
  const read = (pk: string, sk: string) => getRow({ pk: `${tenant}#${pk}`, sk }, { consistent: true });
  const chunkCount = withLines ? Math.ceil(lineCount / linesInChunk) : 0;
  const [row, ...parts] = await Promise.all([
    read(customerId, `order#${placedAt}#${orderId}`),
    ...Array.from({ length: chunkCount }, (_, index) => read(orderId, `lines#${chunkKey(index)}`)),
  ]);
  if (!row) return undefined;
  const order = toOrder(row);
  return withLines
    ? { order, lines: parts.flatMap((part) => (part?.lines ?? []) as OrderLine[]) }
    : { order };
}

const orderPlace = /^order#\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#ord_[0-9A-Z]{26}$/;

/** A page of a customer's orders, latest first. */
export function ordersOf(customerId: string, page: PageRequest): Promise<Connection<Order>> {
  const query = orders.query.orders({ tenant, customerId }).params({ order: 'desc' });
  const places = bySortKey(`${tenant}#${customerId}`, orderPlace);
  return readPage({ query: query as never, ...places, parse: toOrder }, page);
}

/** A line with the id that its product has in the catalogue; a charge has none. */
export type LineOfCatalogue = OrderLine & { readonly productId?: string };

/**
 * A page of an order's lines; reads the one or two chunks that hold it.
 *
 * @throws Refusal `CURSOR.INVALID`, `INPUT.INVALID` for a page size.
 */
export async function linesOf(
  order: Order,
  { first, after }: PageRequest,
): Promise<Connection<LineOfCatalogue>> {
  const size = pageSize(first);
  const skip = after ? readLineCursor(after, order) : 0;
  const rows = await queryAll({
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
    ExpressionAttributeValues: {
      ':pk': `${tenant}#${order.id}`,
      ':from': `lines#${chunkKey(Math.floor(skip / linesInChunk))}`,
      ':to': `lines#${chunkKey(Math.floor((skip + size - 1) / linesInChunk))}`,
    },
  });
  const found = rows.flatMap((row) => row.lines as OrderLine[]);
  const nodes = found
    .filter(({ number }) => number > skip && number <= skip + size)
    .map(
      (line): LineOfCatalogue =>
        line.kind === 'PRODUCT' ? { ...line, productId: productIdFor(order.source, line.code) } : line,
    );
  const edges = nodes.map((node) => ({ node, cursor: writeLineCursor(order, node.number) }));
  return {
    edges,
    nodes,
    pageInfo: { hasNextPage: skip + nodes.length < order.lineCount, endCursor: edges.at(-1)?.cursor ?? null },
  };
}

/** All orders of a UTC month, as last written, for the bucket of that month. */
export async function orderFactsOf(customerId: string, month: string): Promise<OrderFact[]> {
  const rows = await queryAll({
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :month)',
    ExpressionAttributeValues: { ':pk': `${tenant}#${customerId}`, ':month': `order#${month}` },
    ProjectionExpression: '#kind, placedAt, #total, reportingTotal',
    ExpressionAttributeNames: { '#kind': 'kind', '#total': 'total' },
    ConsistentRead: true,
  });
  return rows as unknown as OrderFact[];
}

function chunksOf(lines: readonly OrderLine[]): OrderLine[][] {
  const count = Math.ceil(lines.length / linesInChunk);
  return Array.from({ length: count }, (_, index) =>
    lines.slice(index * linesInChunk, (index + 1) * linesInChunk),
  );
}

const chunkKey = (index: number) => String(index).padStart(4, '0');

const writeLineCursor = (order: Order, number: number) =>
  Buffer.from(`${order.id}/${number}`).toString('base64url');

function readLineCursor(cursor: string, order: Order): number {
  const [id, number] = Buffer.from(cursor, 'base64url').toString().split('/');
  if (id === order.id && number && /^\d{1,4}$/.test(number)) return Number(number);
  throw new Refusal(
    'CURSOR.INVALID',
    `after: ${JSON.stringify(cursor.slice(0, 80))} is no cursor of this order's lines`,
    {
      field: 'after',
    },
  );
}
