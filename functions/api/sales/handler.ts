import type { Customer } from '../../../domain/customers/customer.ts';
import { isRefusal } from '../../../domain/errors.ts';
import { checkPlaceOrder, numberedLines, type Order, placeOrder } from '../../../domain/sales/order.ts';
import { checkOrderState } from '../../../domain/sales/update-order.ts';
import { demand, demandVia, may, reachOf } from '../../../domain/team/access.ts';
import type {
  CustomerOrdersArgs,
  MutationPlaceOrderArgs,
  MutationPlaceOrdersArgs,
  MutationUpdateOrderArgs,
  OrderLinesArgs,
  QueryOrdersArgs,
} from '../../../graphql/generated/types.ts';
import { type ApiRequest, apiHandler } from '../../runtime/api.ts';
import { eachRow } from '../../runtime/batch.ts';
import { emptyPage } from '../../runtime/page.ts';
import { tenantConfig } from '../../runtime/tenant-config.ts';
import { type CustomerLookup, customerLookup, getCustomers } from '../../table/customers.ts';
import { fingerprintOfCreation, orderIdFor } from '../../table/ids.ts';
import { linesOf } from '../../table/order-lines.ts';
import { ordersInState, ordersOf } from '../../table/order-lists.ts';
import { addOrder, orderMadeBy } from '../../table/orders.ts';
import { productFields } from './products.ts';
import { updateOne } from './update.ts';

export const handler = apiHandler({
  'Customer.orders': async ({ args, source: customer, actor }: ApiRequest<CustomerOrdersArgs, Customer>) =>
    may(actor, 'read', customer) ? ordersOf(customer.id, args) : null,
  'Query.orders': orders,
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
  'Mutation.updateOrder': (request: ApiRequest<MutationUpdateOrderArgs>) =>
    updateOne(request, request.args.input),
  ...productFields,
});

async function orders({ args, actor }: ApiRequest<QueryOrdersArgs>) {
  const state = checkOrderState(args.state);
  const reach = reachOf(actor, 'read');
  if (reach === 'all') return ordersInState(state, args);
  if (!reach) return emptyPage;
  return ordersInState(state, args, async (ids) => {
    const customers = [...(await getCustomers(ids, { consistent: false })).values()];
    return new Set(customers.filter((customer) => may(actor, 'read', customer)).map(({ id }) => id));
  });
}

async function placeOne(
  { actor, now, cause }: ApiRequest,
  input: unknown,
  lookup: CustomerLookup,
): Promise<{ order: Order; created: boolean }> {
  const command = checkPlaceOrder(input, now);
  demandVia(actor, command.via);
  demand(actor, 'order', await lookup(command.customerId));
  const id = orderIdFor(command.source, command.externalId);
  // Over what the client sent: a retry is the same order even when the tenant's rate, or the order's state, has changed since.
  const { state: _state, ...content } = command;
  const fingerprint = fingerprintOfCreation({ ...content, lines: numberedLines(command) });
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
