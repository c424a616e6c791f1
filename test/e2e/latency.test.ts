import { afterAll, beforeAll, expect, test } from 'vitest';
import { readEndpoint } from '../../tools/client/endpoint.ts';
import { signInAs } from '../../tools/client/session.ts';
import { realtimeUrl, subscribe } from '../../tools/graphql/subscribe.ts';
import { type AskAs, eventually, signedIn } from '../support/client.ts';
import { type RunningStack, startStack } from '../support/stack.ts';

const rounds = 60;

let running: RunningStack;
let ask: AskAs;

beforeAll(async () => {
  running = await startStack();
  ask = await signedIn(running);
});
afterAll(() => running.remove());

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

test('a logged interaction is on the socket and in the score within a second', async () => {
  const { createCustomer } = await ask<{ createCustomer: { id: string } }>(
    'mutation { createCustomer(input: { kind: PERSON, name: "Measured" }) { id } }',
  );
  const customerId = createCustomer.id;
  const heard = new Map<string, number>();
  const token = await signInAs(readEndpoint(running.stackFile, 'sales', {}));
  const started = Promise.withResolvers<void>();
  const subscription = subscribe({
    graphqlUrl: running.stack.graphqlUrl,
    token: await token(),
    query: 'subscription($id: ID!) { onCustomerActivity(customerId: $id) { id kind } }',
    variables: { id: customerId },
    onStarted: started.resolve,
    onData: (data) => {
      const { id, kind } = (data as { onCustomerActivity: { id: string; kind: string } }).onCustomerActivity;
      if (kind === 'INTERACTION_LOGGED' && !heard.has(id)) heard.set(id, performance.now());
    },
  });
  await started.promise;
  expect(realtimeUrl(running.stack.graphqlUrl)).toBe(running.stack.realtimeUrl);

  const onSocket: number[] = [];
  const inScore: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    const { logInteraction } = await ask<{ logInteraction: { id: string } }>(
      'mutation($id: ID!) { logInteraction(input: { customerId: $id, channel: PHONE, direction: INBOUND }) { id } }',
      { id: customerId },
    );
    const acknowledged = performance.now();
    await eventually(
      () =>
        ask<{ customer: { score: { engagement: number } | null } }>(
          'query($id: ID!) { customer(id: $id) { score { engagement } } }',
          { id: customerId },
        ),
      ({ customer }) => (customer.score?.engagement ?? 0) > round * 8 - 4,
    );
    inScore.push(performance.now() - acknowledged);
    await eventually(
      async () => heard.get(logInteraction.id),
      (at) => at !== undefined,
    );
    onSocket.push(Math.max(0, (heard.get(logInteraction.id) ?? 0) - acknowledged));
  }
  subscription.stop();
  await subscription.ended;

  for (const [where, times] of Object.entries({ 'on the socket': onSocket, 'in the score': inScore })) {
    const sorted = times.slice(5).sort((a, b) => a - b);
    const [p50, p99] = [quantile(sorted, 0.5), quantile(sorted, 0.99)];
    console.log(`an interaction is ${where} after ${p50.toFixed(0)} ms (p50), ${p99.toFixed(0)} ms (p99)`);
    expect(p99, `p99 ${where}`).toBeLessThan(1000);
  }
}, 90_000);
