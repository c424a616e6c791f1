import type { Api } from '../client/api.ts';
import { inBatches, type RowResult, sendRows } from './batch.ts';
import { withPool } from './pool.ts';

/** How many products are in the CRM now, and how many were refused, by reason. */
export interface ProductCounts {
  recorded: number;
  refused: number;
  readonly refusedBecause: Record<string, number>;
}

const recordProducts = `mutation ImportProducts($input: RecordProductsInput!) {
  recordProducts(input: $input) { results { index product { id } error { code message info } } }
}`;

/**
 * Records products under their codes in the source, each with the name given or else its code.
 *
 * @param names by code
 */
export async function importProducts(
  names: ReadonlyMap<string, string>,
  source: string,
  { api, concurrency, onDone }: { api: Api; concurrency: number; onDone: (count: number) => void },
): Promise<ProductCounts> {
  const counts: ProductCounts = { recorded: 0, refused: 0, refusedBecause: {} };
  const send = async (products: readonly object[]) => {
    type Data = { recordProducts: { results: RowResult[] } };
    return (await api<Data>(recordProducts, { input: { products } })).recordProducts.results;
  };
  const products = [...names].map(([code, name]) => ({ source, code, name: name || code }));
  await withPool(concurrency, async (start) => {
    for await (const batch of inBatches(products, { rows: 100, weight: 100 }, () => 1)) {
      await start(async () => {
        for (const { error } of await sendRows(batch, send)) {
          counts[error ? 'refused' : 'recorded']++;
          if (!error) continue;
          const reason = `${error.code}: ${error.message}`;
          counts.refusedBecause[reason] = (counts.refusedBecause[reason] ?? 0) + 1;
        }
        onDone(batch.length);
      });
    }
  });
  return counts;
}
