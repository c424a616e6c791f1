import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AskAs, signedIn } from '../support/client.ts';
import { type CloudInProcess, startCloudInProcess } from '../support/cloud.ts';

let cloud: CloudInProcess;
let asSales: AskAs;
let asAdmin: AskAs;
let id: string;

beforeAll(async () => {
  cloud = await startCloudInProcess();
  asSales = await signedIn(cloud, 'sales');
  asAdmin = await signedIn(cloud, 'admin');
  const { createCustomer } = await asSales<{ createCustomer: { id: string; via: string } }>(
    `mutation { createCustomer(input: { kind: PERSON, name: "Ada", attributes: "{\\"vip\\": true}", preferences: { channel: EMAIL, topics: ["gardens"] } }) {
      id via
    } }`,
  );
  expect(createCustomer.via).toBe('API');
  id = createCustomer.id;
});
afterAll(() => cloud.stop());

const consentFields =
  'id customerId purpose channel partnerId state basis proof statedAt recordedAt recordedBy via version';

test('a consent is recorded, in force, in the history, on the first screen, and found by its id', async () => {
  const { recordConsent } = await asSales<{ recordConsent: { id: string } }>(
    `mutation($id: ID!) { recordConsent(input: { customerId: $id, purpose: MARKETING, channel: EMAIL, state: GRANTED, basis: CONSENT, proof: "form 3" }) { ${consentFields} } }`,
    { id },
  );

  const read = await asSales(
    `query($id: ID!, $consent: ID!) {
      customer(id: $id) {
        attributes preferences { channel topics }
        consents { ${consentFields} }
        consentHistory(first: 5) { nodes { ${consentFields} } pageInfo { hasNextPage } }
      }
      customer360(id: $id) { consents { ${consentFields} } }
      node(id: $consent) { ... on Consent { ${consentFields} } }
    }`,
    { id, consent: recordConsent.id },
  );

  expect(read).toEqual({
    customer: {
      attributes: '{"vip":true}',
      preferences: { channel: 'EMAIL', topics: ['gardens'] },
      consents: [recordConsent],
      consentHistory: { nodes: [recordConsent], pageInfo: { hasNextPage: false } },
    },
    customer360: { consents: [recordConsent] },
    node: recordConsent,
  });
});

test('a thread gives the contacts that belong to it', async () => {
  const fields = 'id threadId agentId storeId via body';
  const { logInteraction } = await asSales<{ logInteraction: { id: string } }>(
    `mutation($id: ID!) { logInteraction(input: { customerId: $id, channel: LIVE_CHAT, direction: INBOUND, threadId: "case-7", storeId: "Leeds", body: "Hello" }) { ${fields} } }`,
    { id },
  );

  const { thread } = await asSales<{ thread: unknown }>(
    `query($id: ID!) { thread(customerId: $id, threadId: "case-7") { nodes { ${fields} } } }`,
    { id },
  );

  expect(logInteraction).toMatchObject({ threadId: 'case-7', agentId: null, storeId: 'Leeds', via: 'API' });
  expect(thread).toEqual({ nodes: [logInteraction] });
});

test('an order tells its worth in the reporting currency, and its lines the product', async () => {
  const { recordProduct } = await asAdmin<{ recordProduct: { id: string } }>(
    `mutation { recordProduct(input: { source: "shop", code: "A", name: "Heart", price: { amount: "2.5", currency: "EUR" } }) {
      id source code name category price { amount currency } active createdAt updatedAt version
    } }`,
  );
  const { placeOrder } = await asSales<{ placeOrder: unknown }>(
    `mutation($id: ID!) { placeOrder(input: { customerId: $id, source: "shop", externalId: "1", kind: SALE, placedAt: "2026-01-01T00:00:00Z", currency: "EUR", lines: [{ code: "A", quantity: "4", unitPrice: "2.5" }] }) {
      exchangeRate via total { amount currency } reportingTotal { amount currency } lines { nodes { productId } }
    } }`,
    { id },
  );

  expect(placeOrder).toEqual({
    exchangeRate: '0.85',
    via: 'API',
    total: { amount: '10.00', currency: 'EUR' },
    reportingTotal: { amount: '8.50', currency: 'GBP' },
    lines: { nodes: [{ productId: recordProduct.id }] },
  });
  const { products } = await asSales<{ products: unknown }>(
    '{ products(source: "shop") { nodes { id price { amount } } } }',
  );
  expect(products).toEqual({ nodes: [{ id: recordProduct.id, price: { amount: '2.50' } }] });
});
