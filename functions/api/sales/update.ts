import type { Order } from '../../../domain/sales/order.ts';
import { checkUpdateOrder, updateOrder } from '../../../domain/sales/update-order.ts';
import { demand } from '../../../domain/team/access.ts';
import type { ApiRequest } from '../../runtime/api.ts';
import { untilUncontended } from '../../table/contention.ts';
import { knownCustomer } from '../../table/customers.ts';
import { fingerprint } from '../../table/ids.ts';
import { knownOrder, replaceOrder } from '../../table/orders.ts';
import { rememberRequest, requestAnswered } from '../../table/requests.ts';

/** Brings one order into another state; a retry of the same request changes nothing more. */
export function updateOne({ actor, cause }: ApiRequest, input: unknown): Promise<Order> {
  const command = checkUpdateOrder(input);
  const request = command.clientRequestId
    ? { key: `updateOrder|${actor.id}|${command.clientRequestId}`, fingerprint: fingerprint(command) }
    : undefined;

  return untilUncontended(async () => {
    const current = await knownOrder(command.id);
    demand(actor, 'order', await knownCustomer(current.customerId));
    // A retry after the change would see a newer version: what it asked for is there already.
    if (request && (await requestAnswered(request))) return current;
    const { order, change } = updateOrder(current, command, cause());
    if (!change) {
      if (request) await rememberRequest(request, current.id);
      return current;
    }
    return (await replaceOrder(order, change, request)) === 'written' ? order : 'contended';
  });
}
