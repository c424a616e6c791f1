import {
  checkRecordProduct,
  checkSource,
  type Product,
  recordProduct,
} from '../../../domain/sales/product.ts';
import { demandTenant, reachOf } from '../../../domain/team/access.ts';
import type {
  MutationRecordProductArgs,
  MutationRecordProductsArgs,
  QueryProductArgs,
  QueryProductsArgs,
} from '../../../graphql/generated/types.ts';
import type { ApiRequest } from '../../runtime/api.ts';
import { eachRowOnce } from '../../runtime/batch.ts';
import { emptyPage } from '../../runtime/page.ts';
import { untilUncontended } from '../../table/contention.ts';
import { productIdFor } from '../../table/ids.ts';
import { getProduct, productsOf, replaceProduct } from '../../table/products.ts';

/** The fields of products, which whoever reads customers may read. */
export const productFields = {
  'Query.product': async ({ args, actor }: ApiRequest<QueryProductArgs>) =>
    reachOf(actor, 'read') ? getProduct(args.id) : null,
  'Query.products': async ({ args, actor }: ApiRequest<QueryProductsArgs>) => {
    const source = checkSource(args.source);
    return reachOf(actor, 'read') ? productsOf(source, args) : emptyPage;
  },
  'Mutation.recordProduct': (request: ApiRequest<MutationRecordProductArgs>) =>
    recordOne(request, request.args.input),
  'Mutation.recordProducts': recordMany,
};

function recordMany(request: ApiRequest<MutationRecordProductsArgs>) {
  const nameOf = ({ source, code }: { source: string; code: string }) => ({
    field: 'code',
    value: code,
    key: JSON.stringify([source.trim(), code.trim()]),
  });
  return eachRowOnce(request.args.input.products, nameOf, async (row) => ({
    product: await recordOne(request, row),
  }));
}

/** Records or changes one product; a retry changes nothing more. */
async function recordOne({ actor, cause }: ApiRequest, input: unknown): Promise<Product> {
  const command = checkRecordProduct(input);
  demandTenant(actor, 'products');
  const id = productIdFor(command.source, command.code);
  return untilUncontended(async () => {
    const { product, change } = recordProduct(id, await getProduct(id), command, cause());
    return !change || (await replaceProduct(product, change)) ? product : 'contended';
  });
}
