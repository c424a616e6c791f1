import { may, reachOf } from '../../../domain/team/access.ts';
import type { QueryNodeArgs } from '../../../graphql/generated/types.ts';
import { groupsOf } from '../../directory/groups.ts';
import { findUser } from '../../directory/users.ts';
import { type ApiRequest, apiHandler } from '../../runtime/api.ts';
import { getAgreement } from '../../table/agreements.ts';
import { getConsent } from '../../table/consents.ts';
import { getCustomer } from '../../table/customers.ts';
import { getInteraction, withBodies } from '../../table/interactions.ts';
import { getMessage } from '../../table/messages.ts';
import { getNotification } from '../../table/notifications.ts';
import { getOrder } from '../../table/orders.ts';
import { getProduct } from '../../table/products.ts';
import { toUserView } from '../team/view.ts';

export const handler = apiHandler({ 'Query.node': node });

type Actor = ApiRequest['actor'];

/** How the things behind an id are fetched, by the prefix that tells their type. */
const fetchers: Readonly<Record<string, (id: string, actor: Actor) => Promise<object | null>>> = {
  usr: async (id) => {
    const user = await findUser(id);
    return user ? { __typename: 'User', ...toUserView(user, await groupsOf(user)) } : null;
  },
  cus: async (id, actor) => {
    const customer = await getCustomer(id);
    return customer && may(actor, 'read', customer) ? { __typename: 'Customer', ...customer } : null;
  },
  con: async (id, actor) => {
    const consent = await getConsent(id);
    return consent && (await mayRead(actor, consent.customerId))
      ? { __typename: 'Consent', ...consent }
      : null;
  },
  int: async (id, actor) => {
    const interaction = await getInteraction(id);
    if (!interaction || !(await mayRead(actor, interaction.customerId))) return null;
    const [whole] = await withBodies([interaction]);
    return { __typename: 'Interaction', ...whole };
  },
  msg: async (id, actor) => {
    const { message } = (await getMessage(id)) ?? {};
    return message && (await mayRead(actor, message.customerId))
      ? { __typename: 'Message', ...message }
      : null;
  },
  ntf: async (id, actor) => {
    const notification = await getNotification(id);
    return notification?.recipientId === actor.id ? { __typename: 'Notification', ...notification } : null;
  },
  ord: async (id, actor) => {
    const order = await getOrder(id);
    return order && (await mayRead(actor, order.customerId)) ? { __typename: 'Order', ...order } : null;
  },
  prd: async (id, actor) => {
    const product = reachOf(actor, 'read') ? await getProduct(id) : undefined;
    return product ? { __typename: 'Product', ...product } : null;
  },
  agr: async (id) => {
    const agreement = await getAgreement(id);
    return agreement ? { __typename: 'SharingAgreement', ...agreement } : null;
  },
};

async function node({ args, actor }: ApiRequest<QueryNodeArgs>) {
  return (await fetchers[args.id.slice(0, 3)]?.(args.id, actor)) ?? null;
}

async function mayRead(actor: Actor, customerId: string): Promise<boolean> {
  const customer = await getCustomer(customerId);
  return customer !== undefined && may(actor, 'read', customer);
}
