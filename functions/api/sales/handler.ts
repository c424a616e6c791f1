import type { Customer } from '../../../domain/customers/customer.ts';
import { isRefusal } from '../../../domain/errors.ts';
import { checkPlaceOrder, numberedLines, type Order, placeOrder } from '../../../domain/sales/order.ts';
import { demand, demandVia, may } from '../../../domain/team/access.ts';
import type {
  CustomerOrdersArgs,
  MutationPlaceOrderArgs,
  MutationPlaceOrdersArgs,
  OrderLinesArgs,
} from '../../../graphql/generated/types.ts';
import { type ApiRequest, apiHandler } from '../../runtime/api.ts';
import { eachRow } from '../../runtime/batch.ts';
import { tenantConfig } from '../../runtime/tenant-config.ts';
import { type CustomerLookup, customerLookup } from '../../table/customers.ts';
import { fingerprintOfCreation, orderIdFor } from '../../table/ids.ts';
import { addOrder, linesOf, orderMadeBy, ordersOf } from '../../table/orders.ts';
import { productFields } from './products.ts';

export const handler = apiHandler({
  'Customer.orders': async ({ args, source: customer, actor }: ApiRequest<CustomerOrdersArgs, Customer>) =>
    may(actor, 'read', customer) ? ordersOf(customer.id, args) : null,
  'Order.lines': ({ args, source: order }: ApiRequest<OrderLinesArgs, Order>) => linesOf(order, args),
  'Mutation.placeOrder': async (request: ApiRequest<MutationPlaceOrderArgs>) => {
    const { input } = request.args;
    return (await placeOne(request, input, customerLookup([input.customerId]))).order;
  },
  'Mutation.placeOrders': (request: ApiRequest<MutationPlaceOrdersArgs>) => {
    const rows = request.args.input.orders;
    const lookup = customerLookup(rows.map((row) => row.customerId));
    return eachRow(rows, (row) => placeOne(request, row, lookup));
  },
  ...productFields,
});

async function placeOne(
  { actor, now, cause }: ApiRequest,
  input: unknown,
  lookup: CustomerLookup,
): Promise<{ order: Order; created: boolean }> {
  const command = checkPlaceOrder(input, now);
  demandVia(actor, command.via);
  demand(actor, 'order', await lookup(command.customerId));
  const id = orderIdFor(command.source, command.externalId);
  // Over what the client sent: a retry is the same order even when the tenant's rate has changed since.
  const fingerprint = fingerprintOfCreation({ ...command, lines: numberedLines(command) });
  try {
    const { order, lines, change } = placeOrder(id, command, tenantConfig.currency, cause());
    return await addOrder(order, lines, change, fingerprint);
  } catch (error) {
    if (!isRefusal(error) || error.code !== 'ORDER.RATE_UNKNOWN') throw error;
    const known = await orderMadeBy(id, fingerprint);
    if (known) return { order: known, created: false };
    throw error;
  }
}
