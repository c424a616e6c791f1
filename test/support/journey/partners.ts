import { eventually } from '../client.ts';
import { type AwsEndpoint, callSqs } from '../sqs.ts';
import { change, idOf, type Journey, type Step } from './step.ts';

interface Partner {
  readonly id: string;
  readonly name: string;
}

const terms = {
  purpose: 'delivery',
  events: ['crm.order.placed.v1'],
  fields: ['customer.name', 'order.total', 'order.lines'],
  validUntil: '2099-01-01T00:00:00Z',
};

async function partnersOf({ as }: Journey): Promise<readonly Partner[]> {
  const { partners } = await (await as('admin'))<{ partners: Partner[] }>('{ partners { id name } }');
  return partners;
}

async function agree(journey: Journey): Promise<void> {
  const ask = await journey.as('admin');
  for (const { id: partnerId } of await partnersOf(journey)) {
    const input = { ...terms, partnerId };
    const id = await change(ask, 'createSharingAgreement', 'CreateSharingAgreementInput', input);
    await change(ask, 'updateSharingAgreement', 'UpdateSharingAgreementInput', { id, purpose: 'shipping' });
    journey.ids.set('agreement', id);
  }
  const { sharingAgreements } = await ask<{
    sharingAgreements: { nodes: { versions: { nodes: object[] } }[] };
  }>('{ sharingAgreements(first: 20) { nodes { id versions(first: 20) { nodes { version } } } } }');
  const counts = sharingAgreements.nodes.map(({ versions }) => versions.nodes.length);
  if (counts.join() !== '2,2') throw new Error(`the agreements have ${counts} versions, and not 2 each`);
}

async function share(journey: Journey): Promise<void> {
  const ask = await journey.as('sales');
  const partners = await partnersOf(journey);
  const ofShares = 'query($id: ID!) { customer(id: $id) { shares(first: 20) { nodes { partnerId } } } }';
  await eventually(
    () => ask<{ customer: { shares: { nodes: object[] } } }>(ofShares, { id: idOf(journey, 'customer') }),
    ({ customer }) => customer.shares.nodes.length === partners.length,
  );
  const { tenant } = journey.cloud.stack;
  const endpoint = journey.cloud.stack as unknown as AwsEndpoint;
  for (const { name } of partners) {
    const QueueName = `fidelia-${tenant}-partner-${name}`;
    const { QueueUrl } = await callSqs(endpoint, 'GetQueueUrl', { QueueName });
    const receive = async () => (await callSqs(endpoint, 'ReceiveMessage', { QueueUrl })).Messages ?? [];
    await eventually(receive, ([message]) => message?.Body.includes('2.50') === true);
  }
}

async function end(journey: Journey): Promise<void> {
  const ask = await journey.as('admin');
  const id = idOf(journey, 'agreement');
  await change(ask, 'endSharingAgreement', 'EndSharingAgreementInput', { id });
}

/** The firm agrees with its partners on what it shares. */
export const agreementSteps: readonly Step[] = [
  { name: 'agreements with partners are made, changed and listed', run: agree },
];

/** Partners get what the agreements say. */
export const sharingSteps: readonly Step[] = [{ name: 'the order is shared with the partners', run: share }];

/** The firm shares no more. */
export const partingSteps: readonly Step[] = [{ name: 'an agreement is ended', run: end }];
