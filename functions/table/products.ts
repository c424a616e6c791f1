import { Entity } from 'electrodb';
import type { Change } from '../../domain/change.ts';
import type { Product } from '../../domain/sales/product.ts';
import type { Connection, PageRequest } from '../runtime/page.ts';
import { attributesOf, reading } from './attributes.ts';
import { crmTable, tenant } from './client.ts';
import { ifAtVersion } from './conditions.ts';
import { isProductId, productIdFor } from './ids.ts';
import { ownPartition } from './keys.ts';
import { readPage } from './page.ts';
import { putterFor } from './put.ts';
import { getRow, type Row } from './read.ts';
import { write } from './write.ts';

/** A product, under a key that follows from source and code; those of a source are found over gsi1, by code. */
const products = new Entity(
  {
    model: { entity: 'product', version: '1', service: 'crm' },
    attributes: {
      tenant: { type: 'string', required: true },
      id: { type: 'string', required: true },
      source: { type: 'string', required: true },
      code: { type: 'string', required: true },
      name: { type: 'string', required: true },
      category: { type: 'string' },
      price: { type: 'any' },
      active: { type: 'boolean', required: true },
      createdAt: { type: 'string', required: true },
      updatedAt: { type: 'string', required: true },
      version: { type: 'number', required: true },
      change: { type: 'any' },
    },
    indexes: {
      product: {
        pk: ownPartition,
        sk: { field: 'sk', composite: [], template: 'product', casing: 'none' },
      },
      bySource: {
        index: 'gsi1',
        pk: {
          field: 'gsi1pk',
          composite: ['tenant', 'source'],
          template: '${tenant}#products#${source}',
          casing: 'none',
        },
        sk: { field: 'gsi1sk', composite: ['code'], template: '${code}', casing: 'none' },
      },
    },
  } as const,
  crmTable,
);

const putProduct = putterFor(products);

const readProduct = reading(attributesOf(products));

const toProduct = (row: Row) => readProduct(row) as unknown as Product;

/** The product, as last written; undefined when there is none. */
export async function getProduct(id: string): Promise<Product | undefined> {
  const row = isProductId(id) ? await getRow(keyOf(id), { consistent: true }) : undefined;
  return row && toProduct(row);
}

/** Replaces the product that still has the version before, or adds it when that is 0; false when it has another. */
export async function replaceProduct(product: Product, change: Change): Promise<boolean> {
  const put = putProduct({ ...product, tenant, change }, ifAtVersion(product.version - 1));
  const [present] = (await write([{ Put: put }])) ?? [];
  // The client sent the write again when its answer was lost: this very change stands in its own way.
  return present === undefined || (present.change as Change | undefined)?.id === change.id;
}

/**
 * A page of the products of a source, by code.
 *
 * @throws Refusal `INPUT.INVALID` for a page size, `CURSOR.INVALID`
 */
export function productsOf(source: string, page: PageRequest): Promise<Connection<Product>> {
  const query = products.query.bySource({ tenant, source }).params();
  const placeOf = ({ code }: Row) => String(code);
  const keyAt = (code: string) =>
    code.length >= 1 && code.length <= 64 && code.isWellFormed()
      ? { ...keyOf(productIdFor(source, code)), gsi1pk: `${tenant}#products#${source}`, gsi1sk: code }
      : undefined;
  return readPage({ query: query as never, placeOf, keyAt, parse: toProduct }, page);
}

const keyOf = (id: string) => ({ pk: `${tenant}#${id}`, sk: 'product' });
