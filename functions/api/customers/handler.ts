import { checkOwnerId } from '../../../domain/customers/customer-input.ts';
import { checkIdentity } from '../../../domain/customers/identity-input.ts';
import { checkNamePrefix } from '../../../domain/customers/name.ts';
import { demand, may, reachOf } from '../../../domain/team/access.ts';
import type {
  MutationCreateCustomerArgs,
  MutationCreateCustomersArgs,
  MutationUpdateCustomerArgs,
  MutationUpdateCustomersArgs,
  QueryCustomer360Args,
  QueryCustomerArgs,
  QueryCustomerByIdentityArgs,
  QueryCustomersArgs,
  QueryCustomersByNameArgs,
  SubscriptionOnCustomerActivityArgs,
} from '../../../graphql/generated/types.ts';
import { type ApiRequest, apiHandler, type SubscriptionFilter } from '../../runtime/api.ts';
import { eachRow, eachRowOnce } from '../../runtime/batch.ts';
import { emptyPage } from '../../runtime/page.ts';
import { customersNamed, customersOf } from '../../table/customer-lists.ts';
import { latestOrders, readTogether } from '../../table/customer360.ts';
import { getCustomer, knownCustomer } from '../../table/customers.ts';
import { findByIdentity } from '../../table/identities.ts';
import { withBodiesThatFit } from '../../table/interactions.ts';
import { openOrdersOf, ordersOf } from '../../table/order-lists.ts';
import { customer360Fields } from '../fields.ts';
import { toScoreView } from '../insights/score-view.ts';
import { consentFields } from './consents.ts';
import { createOne } from './create.ts';
import { updateOne } from './update.ts';

export const handler = apiHandler(
  {
    'Query.customer': ({ args, actor }: ApiRequest<QueryCustomerArgs>) => readable(args.id, actor),
    'Query.customerByIdentity': byIdentity,
    'Query.customer360': customer360,
    'Query.customers': customersOfOwner,
    'Query.customersByName': customersByName,
    'Mutation.createCustomer': (request: ApiRequest<MutationCreateCustomerArgs>) =>
      createOne(request, request.args.input),
    'Mutation.createCustomers': (request: ApiRequest<MutationCreateCustomersArgs>) =>
      eachRow(request.args.input.customers, async (row) => ({ customer: await createOne(request, row) })),
    'Mutation.updateCustomer': (request: ApiRequest<MutationUpdateCustomerArgs>) =>
      updateOne(request, request.args.input),
    'Mutation.updateCustomers': (request: ApiRequest<MutationUpdateCustomersArgs>) =>
      eachRowOnce(
        request.args.input.customers,
        ({ id }) => ({ field: 'id', value: id, key: id }),
        async (row) => ({ customer: await updateOne(request, row) }),
      ),
    ...consentFields,
  },
  { 'Subscription.onCustomerActivity': followCustomer },
);

async function readable(id: string, actor: ApiRequest['actor']) {
  const customer = await getCustomer(id);
  return customer && may(actor, 'read', customer) ? customer : null;
}

async function byIdentity({ args, actor }: ApiRequest<QueryCustomerByIdentityArgs>) {
  const id = await findByIdentity(checkIdentity(args.identity));
  return id ? readable(id, actor) : null;
}

async function customer360({ args, actor, now, selects }: ApiRequest<QueryCustomer360Args>) {
  const [together, orders, openOrders] = await Promise.all([
    readTogether(args.id),
    selects('orders', customer360Fields) ? ordersOf(args.id, { first: latestOrders }) : undefined,
    selects('openOrders', customer360Fields) ? openOrdersOf(args.id, latestOrders) : [],
  ]);
  if (!together || !may(actor, 'read', together.customer)) return null;
  const { customer, score, timeline, consents } = together;
  return {
    customer,
    score: score && toScoreView(score, now),
    timeline: selects('timeline/body', customer360Fields) ? await withBodiesThatFit(timeline) : timeline,
    orders: orders?.nodes ?? [],
    openOrders,
    consents,
  };
}

async function customersOfOwner({ args, actor }: ApiRequest<QueryCustomersArgs>) {
  const ownerId = args.ownerId ? checkOwnerId(args.ownerId) : actor.id;
  const reach = reachOf(actor, 'read');
  if (reach === 'all' || (reach === 'team' && ownerId === actor.id)) return customersOf(ownerId, args);
  const teams = reach === 'team' ? actor.teams : [];
  return teams.length > 0 ? customersOf(ownerId, args, teams.toSorted()) : emptyPage;
}

async function customersByName({ args, actor }: ApiRequest<QueryCustomersByNameArgs>) {
  const prefix = checkNamePrefix(args.prefix);
  const reach = reachOf(actor, 'read');
  if (!reach) return emptyPage;
  const own = { ownerId: actor.id, teams: actor.teams.toSorted() };
  return customersNamed(prefix, args, reach === 'team' ? own : undefined);
}

async function followCustomer(
  request: ApiRequest<SubscriptionOnCustomerActivityArgs>,
): Promise<SubscriptionFilter> {
  const { args, actor } = request;
  demand(actor, 'read', await knownCustomer(args.customerId));
  return {
    filterGroup: [{ filters: [{ fieldName: 'customerId', operator: 'eq', value: args.customerId }] }],
  };
}
