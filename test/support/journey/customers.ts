import { change, idOf, type Journey, type Step } from './step.ts';

const former = { kind: 'EMAIL', value: 'former@journey.example' };
const email = { kind: 'EMAIL', value: 'ada@journey.example' };
const phone = { kind: 'PHONE', value: '+441632960001' };

async function makeCustomer({ as, ids }: Journey): Promise<void> {
  const ask = await as('sales');
  const input = { kind: 'PERSON', name: 'Ada', identities: [former], clientRequestId: 'once' };
  const id = await change(ask, 'createCustomer', 'CreateCustomerInput', input);
  const again = await change(ask, 'createCustomer', 'CreateCustomerInput', input);
  if (again !== id) throw new Error('a retry made another customer');
  ids.set('customer', id);
  const identities = { addIdentities: [phone, email], removeIdentities: [former] };
  const changed = { id, ...identities, clientRequestId: 'twice' };
  await change(ask, 'updateCustomer', 'UpdateCustomerInput', changed);
}

async function findCustomer(journey: Journey): Promise<void> {
  const ask = await journey.as('sales');
  const id = idOf(journey, 'customer');
  const { customerByIdentity, customers, customersByName } = await ask<{
    customerByIdentity: { id: string } | null;
    customers: { nodes: { id: string }[] };
    customersByName: { nodes: { id: string }[] };
  }>(
    `query($identity: IdentityInput!) {
      customerByIdentity(identity: $identity) { id } customers(first: 20) { nodes { id } }
      customersByName(prefix: "ÁD", first: 20) { nodes { id } }
    }`,
    { identity: phone },
  );
  if (customerByIdentity?.id !== id) throw new Error('the customer was not found by phone');
  for (const { nodes } of [customers, customersByName])
    if (!nodes.some((one) => one.id === id)) throw new Error('the customer is not in both lists');
}

const consents = [
  { purpose: 'SHARING', basis: 'CONSENT' },
  { purpose: 'SERVICE', basis: 'CONTRACT' },
  { purpose: 'MARKETING', basis: 'CONSENT' },
];

async function recordConsents(journey: Journey): Promise<void> {
  const ask = await journey.as('sales');
  const customerId = idOf(journey, 'customer');
  for (const consent of consents) {
    const input = { ...consent, customerId, state: 'GRANTED' };
    journey.ids.set('consent', await change(ask, 'recordConsent', 'RecordConsentInput', input));
  }
  const { customer } = await ask<{ customer: { consents: object[]; consentHistory: { nodes: object[] } } }>(
    `query($id: ID!) {
      customer(id: $id) { consents { id } consentHistory(first: 20) { nodes { id } } }
    }`,
    { id: customerId },
  );
  if (customer.consents.length !== 3 || customer.consentHistory.nodes.length !== 3)
    throw new Error('the consents are not all there');
}

/** First a customer is there, with what the firm may do. */
export const customerSteps: readonly Step[] = [
  { name: 'a customer is made, made again and changed', run: makeCustomer },
  { name: 'the customer is found by phone, by name and in the list', run: findCustomer },
  { name: 'consents are recorded and read', run: recordConsents },
];

async function lookAtAll(journey: Journey): Promise<void> {
  const ask = await journey.as('sales');
  await ask('{ me { id } teams { name } }');
  await ask(
    `query($id: ID!) {
      customer360(id: $id) { timeline { id } orders { id } openOrders { id } score { engagement } }
    }`,
    { id: idOf(journey, 'customer') },
  );
  for (const [name, id] of journey.ids) {
    const { node } = await ask<{ node: { id: string } | null }>('query($id: ID!) { node(id: $id) { id } }', {
      id,
    });
    if (node?.id !== id) throw new Error(`the ${name} ${id} was not found by its id`);
  }
}

/** Last, all that there is by now is looked at. */
export const lookingSteps: readonly Step[] = [{ name: 'everything is looked at', run: lookAtAll }];
