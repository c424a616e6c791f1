import { type AskAs, eventually } from '../client.ts';
import { change, idOf, type Journey, type Step } from './step.ts';

/** What somebody orders now. */
export const orderOf = (customerId: string, externalId: string) => ({
  customerId,
  source: 'shop',
  externalId,
  kind: 'SALE',
  placedAt: new Date().toISOString(),
  currency: 'GBP',
  lines: [{ code: 'A', quantity: '1', unitPrice: '2.50' }],
});

async function fillCatalogue({ as, ids }: Journey): Promise<void> {
  const ask = await as('integration');
  const input = { source: 'shop', code: 'A', name: 'Heart' };
  const id = await change(ask, 'recordProduct', 'RecordProductInput', input);
  const { products } = await ask<{ products: { nodes: { id: string }[] } }>(
    'query($id: ID!) { product(id: $id) { name } products(source: "shop", first: 20) { nodes { id } } }',
    { id },
  );
  if (products.nodes[0]?.id !== id) throw new Error('the product is in no list');
  ids.set('product', id);
}

async function order(journey: Journey): Promise<void> {
  const customerId = idOf(journey, 'customer');
  const ask = await journey.as('integration');
  const id = await change(ask, 'placeOrder', 'PlaceOrderInput', orderOf(customerId, '1'));
  journey.ids.set('order', id);
  await (await journey.as('sales'))(
    `query($id: ID!) {
      customer(id: $id) { orders(first: 20) { nodes { id lines(first: 20) { nodes { code } } } } }
    }`,
    { id: customerId },
  );
}

/** The ids of the orders that the customer's owner sees in a state. */
async function ordersIn(ask: AskAs, state: string): Promise<string[]> {
  const { orders } = await ask<{ orders: { nodes: { id: string }[] } }>(
    'query($state: OrderState!) { orders(state: $state, first: 20) { nodes { id customerId } } }',
    { state },
  );
  return orders.nodes.map(({ id }) => id);
}

async function fulfil(journey: Journey): Promise<void> {
  const ask = await journey.as('sales');
  const id = idOf(journey, 'order');
  if (!(await ordersIn(ask, 'OPEN')).includes(id)) throw new Error('the order is not among the open ones');
  const input = { id, state: 'FULFILLED', clientRequestId: 'fulfilled' };
  await change(ask, 'updateOrder', 'UpdateOrderInput', input);
  await eventually(
    () => ordersIn(ask, 'FULFILLED'),
    (ids) => ids.includes(id),
  );
}

const scoreOf = (ask: AskAs, id: string) =>
  ask<{ customer: { score: { engagement: number; frequency: number } | null } }>(
    'query($id: ID!) { customer(id: $id) { score { engagement frequency } } }',
    { id },
  );

async function beScored(journey: Journey): Promise<void> {
  const ask = await journey.as('sales');
  await eventually(
    () => scoreOf(ask, idOf(journey, 'customer')),
    ({ customer }) => (customer.score?.engagement ?? 0) > 20 && (customer.score?.frequency ?? 0) > 0,
  );
}

/** The customer buys something. */
export const salesSteps: readonly Step[] = [
  { name: 'a product is recorded and found', run: fillCatalogue },
  { name: 'something is ordered', run: order },
  { name: 'the score follows', run: beScored },
  { name: 'the order is found among the open ones, and fulfilled', run: fulfil },
];
