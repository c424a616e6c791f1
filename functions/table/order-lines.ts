import { Entity } from 'electrodb';
import { Refusal } from '../../domain/errors.ts';
import type { Order, OrderLine } from '../../domain/sales/order.ts';
import { type Connection, type PageRequest, pageSize } from '../runtime/page.ts';
import { crmTable, tenant } from './client.ts';
import { ifNew } from './conditions.ts';
import { isOrderId, productIdFor } from './ids.ts';
import { ownPartition } from './keys.ts';
import { putterFor } from './put.ts';
import { getRow, queryAll, type Row } from './read.ts';
import type { Operation } from './write.ts';

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

const putChunk = putterFor(chunks);

/** Most lines in one item. */
export const linesInChunk = 100;

/** The parts of a write that add the lines of an order; the first is refused when the order is there. */
export function lineOperations(order: Order, lines: readonly OrderLine[], fingerprint: string): Operation[] {
  const head = { customerId: order.customerId, placedAt: order.placedAt, fingerprint };
  return chunksOf(lines).map((part, index) => {
    const row = { tenant, id: order.id, chunk: chunkKey(index), lines: part };
    return { Put: index === 0 ? putChunk({ ...row, ...head }, ifNew) : putChunk(row) };
  });
}

/** The first chunk of an order, which says where the order lies; undefined when there is no such order. */
export const headOf = async (id: string): Promise<Row | undefined> =>
  isOrderId(id) ? readChunk(id, 0) : undefined;

/** All lines of an order that has so many, as last written. */
export async function allLinesOf(id: string, lineCount: number): Promise<readonly OrderLine[]> {
  const count = Math.ceil(lineCount / linesInChunk);
  const parts = await Promise.all(Array.from({ length: count }, (_, index) => readChunk(id, index)));
  return parts.flatMap((part) => (part?.lines ?? []) as OrderLine[]);
}

const readChunk = (id: string, index: number) =>
  getRow({ pk: `${tenant}#${id}`, sk: `lines#${chunkKey(index)}` }, { consistent: true });

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
