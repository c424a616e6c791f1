import { afterAll, beforeAll, expect, test } from 'vitest';
import { readEndpoint } from '../../tools/client/endpoint.ts';
import { signInAs } from '../../tools/client/session.ts';
import { subscribe } from '../../tools/graphql/subscribe.ts';
import { type AskAs, signedIn } from '../support/client.ts';
import { type CloudInProcess, startCloudInProcess } from '../support/cloud.ts';

let cloud: CloudInProcess;
let asSales: AskAs;
let asAdmin: AskAs;
let salesToken: string;

beforeAll(async () => {
  cloud = await startCloudInProcess();
  asSales = await signedIn(cloud, 'sales');
  salesToken = await (await signInAs(readEndpoint(cloud.stackFile, 'sales', {})))();
  asAdmin = await signedIn(cloud, 'admin');
});
afterAll(() => cloud.stop());

async function follow(customerId: string, onData: (data: unknown) => void = () => {}) {
  const started = Promise.withResolvers<void>();
  const subscription = subscribe({
    graphqlUrl: String(cloud.stack.graphqlUrl),
    token: salesToken,
    query: 'subscription($id: ID!) { onCustomerActivity(customerId: $id) { id kind } }',
    variables: { id: customerId },
    onStarted: started.resolve,
    onData,
  });
  await Promise.race([started.promise, subscription.ended]);
  return subscription;
}

test('a salesperson who loses a customer hears no more of it', async () => {
  const { createCustomer } = await asSales<{ createCustomer: { id: string } }>(
    'mutation { createCustomer(input: { kind: PERSON, name: "Handed over" }) { id } }',
  );
  const { id } = createCustomer;
  const subscription = await follow(id);

  await asAdmin(
    'mutation($id: ID!) { updateCustomer(input: { id: $id, team: "south", ownerId: "usr_someone-else" }) { id } }',
    { id },
  );

  await subscription.ended;
  await expect(follow(id)).rejects.toThrow(/may not read/);
  const read = await asSales<{ customer: unknown }>('query($id: ID!) { customer(id: $id) { name } }', { id });
  expect(read.customer).toBeNull();
}, 20_000);

test('whoever may still read a customer that changed hands, starts again', async () => {
  const { createCustomer } = await asSales<{ createCustomer: { id: string } }>(
    'mutation { createCustomer(input: { kind: PERSON, name: "Kept" }) { id } }',
  );
  const { id } = createCustomer;
  const first = await follow(id);

  await asAdmin(
    'mutation($id: ID!) { updateCustomer(input: { id: $id, ownerId: "usr_a-colleague" }) { id } }',
    { id },
  );
  await first.ended;

  const heard: unknown[] = [];
  const second = await follow(id, (data) => heard.push(data));
  await asSales(
    'mutation($id: ID!) { logInteraction(input: { customerId: $id, channel: PHONE, direction: INBOUND }) { id } }',
    { id },
  );
  await expect.poll(() => JSON.stringify(heard), { timeout: 5000 }).toContain('INTERACTION_LOGGED');
  second.stop();
}, 20_000);
