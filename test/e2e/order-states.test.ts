import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/client.ts';
import { type CloudInProcess, startCloudInProcess } from '../support/cloud.ts';
import { type Firm, startWork } from '../support/firm.ts';
import { partnerEvents } from '../support/partner.ts';

let cloud: CloudInProcess;
let firm: Firm;

beforeAll(async () => {
  cloud = await startCloudInProcess();
  firm = await startWork(cloud);
});
afterAll(() => cloud.stop());

const bring = (id: string, state: string) =>
  firm.asSales<{ updateOrder: { state: string; version: number } }>(
    `mutation($input: UpdateOrderInput!) { updateOrder(input: $input) { state version } }`,
    { input: { id, state } },
  );

const openOf = async (customerId: string) => {
  const { orders, customer360 } = await firm.asSales<{
    orders: { nodes: { id: string; state: string }[] };
    customer360: { openOrders: { id: string; state: string }[] };
  }>(
    `query($id: ID!) {
      orders(state: OPEN, first: 50) { nodes { id state } }
      customer360(id: $id) { openOrders { id state } }
    }`,
    { id: customerId },
  );
  return [orders.nodes, customer360.openOrders];
};

test('an order that is cancelled leaves lists and score, and followers and partners hear of it', async () => {
  const partner = partnerEvents(cloud.stack, 'carrier');
  await firm.agree('par_carrier', {
    events: ['crm.order.placed.v1', 'crm.order.changed.v1'],
    fields: ['order.externalId', 'order.state'],
  });
  const customerId = await firm.customer('Ada Byron');
  await firm.grant(customerId, 'SHARING');
  const kept = await firm.order(customerId, 200);
  const lost = await firm.order(customerId, 1, { externalId: 'lost' });
  const frequency = (wanted: number) =>
    eventually(
      () => firm.scoreOf(customerId),
      (score) => score.frequency === wanted,
    );
  expect(await frequency(2)).toMatchObject({ stage: 'WON_BACK' });
  expect(await openOf(customerId)).toEqual([
    [lost, kept].map((id) => ({ id, state: 'OPEN' })),
    [lost, kept].map((id) => ({ id, state: 'OPEN' })),
  ]);
  const activity = await firm.follow(customerId);

  expect(await bring(lost, 'CANCELLED')).toEqual({ updateOrder: { state: 'CANCELLED', version: 2 } });

  expect(await frequency(1)).toMatchObject({ stage: 'LAPSED' });
  await eventually(
    () => openOf(customerId),
    (lists) => lists.every((list) => list.length === 1 && list[0]?.id === kept),
  );
  await eventually(
    async () => activity.heard,
    (heard) =>
      heard.some(({ id, kind, version }) => id === lost && kind === 'ORDER_CHANGED' && version === 2),
  );
  activity.stop();
  const changed = await eventually(
    async () => partner.events.find(({ type }) => type === 'fidelia.order.changed.v1'),
    (event) => event !== undefined,
  );
  await partner.stop();
  expect(changed).toMatchObject({
    sequence: 2,
    data: { order: { externalId: 'lost', state: 'CANCELLED' } },
  });
  await expect(bring(lost, 'FULFILLED')).rejects.toThrow('CANCELLED and stays so');
});
