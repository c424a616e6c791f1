import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AskAs, eventually, signedIn } from '../support/client.ts';
import { type CloudInProcess, deliverTwiceInAnyOrder, startCloudInProcess } from '../support/cloud.ts';
import { type AwsEndpoint, callSqs } from '../support/sqs.ts';

// Inbound calls at this moment: eight points each.
const call = { channel: 'PHONE', direction: 'INBOUND' };
const pointsOfACall = 8;

let cloud: CloudInProcess;
let ask: AskAs;

beforeAll(async () => {
  cloud = await startCloudInProcess();
  ask = await signedIn(cloud);
});
afterAll(() => cloud.stop());

async function customerNamed(name: string): Promise<string> {
  const answer = await ask<{ createCustomer: { id: string } }>(
    'mutation($name: String!) { createCustomer(input: { kind: PERSON, name: $name }) { id } }',
    { name },
  );
  return answer.createCustomer.id;
}

async function logCalls(customerId: string, count: number): Promise<void> {
  const interactions = Array.from({ length: count }, () => ({ ...call, customerId }));
  await ask(
    'mutation($input: LogInteractionsInput!) { logInteractions(input: $input) { results { error { code } } } }',
    {
      input: { interactions },
    },
  );
}

const endpoint = () => cloud.stack as unknown as AwsEndpoint;

async function queueOf(name: string): Promise<string> {
  const { QueueUrls = [] } = await callSqs(endpoint(), 'ListQueues', {});
  return (
    QueueUrls.find((url) => url.includes(name) && !/dead/i.test(url)) ??
    `no queue of ${QueueUrls.join()} is ${name}`
  );
}

function engagementOf(id: string): Promise<number> {
  return ask<{ customer: { score: { engagement: number } | null } }>(
    'query($id: ID!) { customer(id: $id) { score { engagement } } }',
    { id },
  ).then(({ customer }) => customer.score?.engagement ?? 0);
}

const comesTo = (calls: number) => (engagement: number) =>
  Math.abs(engagement - calls * pointsOfACall) < 0.01 * calls;

/** Kills the first three invocations of a function some milliseconds after they began. */
function killThrice(name: string): () => number {
  let killed = 0;
  cloud.faults.functions.beforeInvoke = (functionName) => {
    if (!functionName.includes(name) || killed >= 3) return undefined;
    killed++;
    return { killAfter: 2 };
  };
  return () => killed;
}

test('a relay that is killed while it works loses nothing', async () => {
  const customerId = await customerNamed('Told of by a dying relay');
  const killed = killThrice('Relay');

  await logCalls(customerId, 100);

  await eventually(() => engagementOf(customerId), comesTo(100), 60_000);
  expect(killed()).toBe(3);
}, 90_000);

test('a scoring that is killed while it works loses nothing: its messages come back', async () => {
  const queueUrl = await queueOf('ScoringIncoming');
  await callSqs(endpoint(), 'SetQueueAttributes', {
    QueueUrl: queueUrl,
    Attributes: { VisibilityTimeout: '1' },
  });
  const customers = await Promise.all(
    Array.from({ length: 30 }, (_, index) => customerNamed(`One call ${index}`)),
  );
  const killed = killThrice('Scoring');

  await Promise.all(customers.map((id) => logCalls(id, 1)));

  for (const id of customers) await eventually(() => engagementOf(id), comesTo(1), 60_000);
  expect(killed()).toBe(3);
}, 90_000);

test('events that are delivered twice and in any order come to the same score', async () => {
  cloud.faults.functions.beforeInvoke = undefined as never;
  const customers = await Promise.all(
    Array.from({ length: 5 }, (_, index) => customerNamed(`Heard of twice ${index}`)),
  );
  const delivered = deliverTwiceInAnyOrder(cloud.faults);

  for (let round = 0; round < 4; round++) await Promise.all(customers.map((id) => logCalls(id, 25)));

  for (const id of customers) await eventually(() => engagementOf(id), comesTo(100), 60_000);
  expect(delivered()).toBeGreaterThanOrEqual(500);
}, 90_000);
