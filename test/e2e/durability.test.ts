import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AskAs, eventually, signedIn } from '../support/client.ts';
import { type RunningStack, startStack } from '../support/stack.ts';

const createCustomer = 'mutation($input: CreateCustomerInput!) { createCustomer(input: $input) { id } }';
const logInteractions = `mutation($input: LogInteractionsInput!) {
  logInteractions(input: $input) { results { interaction { id } error { code } } } }`;
const readBack = `query($id: ID!, $after: String) { customer(id: $id) {
  score { engagement }
  timeline(first: 100, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } } }`;

interface Read {
  readonly customer: {
    readonly score: { readonly engagement: number } | null;
    readonly timeline: {
      readonly nodes: { id: string }[];
      readonly pageInfo: { hasNextPage: boolean; endCursor: string };
    };
  };
}

// Inbound calls at this moment: eight points each.
const call = { channel: 'PHONE', direction: 'INBOUND' };
const pointsOfACall = 8;

let running: RunningStack;
let ask: AskAs;

beforeAll(async () => {
  running = await startStack();
  ask = await signedIn(running);
});
afterAll(() => running.remove());

async function timelineOf(id: string): Promise<string[]> {
  const ids: string[] = [];
  for (let after: string | null = null; ; ) {
    const { customer }: Read = await ask(readBack, { id, after });
    ids.push(...customer.timeline.nodes.map((node) => node.id));
    if (!customer.timeline.pageInfo.hasNextPage) return ids;
    after = customer.timeline.pageInfo.endCursor;
  }
}

test('a stack that is killed at any moment has all that it acknowledged, and goes on where it was', async () => {
  const { createCustomer: customer } = await ask<{ createCustomer: { id: string } }>(createCustomer, {
    input: { kind: 'PERSON', name: 'Killed in the middle' },
  });
  const acknowledged: string[] = [];
  let killed = false;

  const writers = Array.from({ length: 4 }, async () => {
    while (!killed) {
      const rows = Array.from({ length: 10 }, () => ({ ...call, customerId: customer.id }));
      try {
        const answer = await ask<{ logInteractions: { results: { interaction: { id: string } }[] } }>(
          logInteractions,
          {
            input: { interactions: rows },
          },
        );
        acknowledged.push(...answer.logInteractions.results.map(({ interaction }) => interaction.id));
      } catch {
        return;
      }
    }
  });
  await eventually(
    async () => acknowledged.length,
    (count) => count >= 200,
  );
  await running.end('SIGKILL');
  killed = true;
  await Promise.all(writers);

  running = await startStack({ dataDir: running.dataDir });
  ask = await signedIn(running);
  const kept = await timelineOf(customer.id);
  expect(acknowledged.length).toBeGreaterThanOrEqual(200);
  expect(kept).toEqual(expect.arrayContaining(acknowledged));

  // Every interaction that is kept counts, acknowledged or not: its news was in the same commit.
  const expected = kept.length * pointsOfACall;
  await eventually(
    () => ask<Read>(readBack, { id: customer.id }),
    ({ customer: { score } }) => Math.abs((score?.engagement ?? 0) - expected) < expected * 0.001,
    30_000,
  );
});

test('what was entered is there after a clean stop, and the users keep their passwords', async () => {
  const { createCustomer: customer } = await ask<{ createCustomer: { id: string } }>(createCustomer, {
    input: { kind: 'COMPANY', name: 'Still there' },
  });
  const before = running.stack.users;

  const code = await running.end('SIGINT');
  running = await startStack({ dataDir: running.dataDir });
  ask = await signedIn(running);

  expect(code).toBe(0);
  expect(running.stack.users).toEqual(before);
  const read = await ask<{ customer: { name: string } }>('query($id: ID!) { customer(id: $id) { name } }', {
    id: customer.id,
  });
  expect(read.customer.name).toBe('Still there');
});
