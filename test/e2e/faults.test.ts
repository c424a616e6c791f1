import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/client.ts';
import { type CloudInProcess, deliverTwiceInAnyOrder, startCloudInProcess } from '../support/cloud.ts';
import { type ConsumerId, queuesOf } from '../support/consumer-queues.ts';
import { consumers, startWorld, type World, workOf } from '../support/consumers.ts';

// Inbound calls at this moment: eight points each.
const call = { channel: 'PHONE', direction: 'INBOUND' };
const pointsOfACall = 8;

/** When the first invocations of a function are killed, in milliseconds after they began. */
const kills = [2, 10, 30];

let cloud: CloudInProcess;
let world: World;

beforeAll(async () => {
  cloud = await startCloudInProcess();
  world = await startWorld(cloud);
  for (const consumer of consumers) await (await queuesOf(cloud.stack, consumer)).comeAgainAfter(1);
});
afterAll(async () => {
  await world.partner.stop();
  await cloud.stop();
});

async function logCalls(customerId: string, count: number): Promise<void> {
  const interactions = Array.from({ length: count }, () => ({ ...call, customerId }));
  await world.firm.asSales(
    'mutation($input: LogInteractionsInput!) { logInteractions(input: $input) { results { error { code } } } }',
    { input: { interactions } },
  );
}

const comesTo = (calls: number) => (score: { readonly engagement: number }) =>
  Math.abs(score.engagement - calls * pointsOfACall) < 0.01 * calls;

/** Kills invocations of a function some milliseconds after they began. Counts them. */
function killSome(name: string): () => number {
  let killed = 0;
  cloud.faults.functions.beforeInvoke = (functionName) => {
    const killAfter = functionName.includes(`${name}Function`) ? kills[killed] : undefined;
    if (killAfter === undefined) return undefined;
    killed++;
    return { killAfter };
  };
  return () => killed;
}

/** Waits until a consumer has nothing to do. */
async function isQuiet(consumer: ConsumerId): Promise<void> {
  await eventually((await queuesOf(cloud.stack, consumer)).waiting, (count) => count === 0, 30_000);
}

function matches(now: unknown, end: unknown): boolean {
  try {
    expect(now).toEqual(end);
    return true;
  } catch {
    return false;
  }
}

test('a relay that is killed while it works loses nothing', async () => {
  const customerId = await world.firm.customer('Told of by a dying relay');
  const killed = killSome('Relay');

  // A quick relay is done with a hundred before it has been killed as often as it is to be.
  let calls = 0;
  while (killed() < kills.length) {
    await logCalls(customerId, 100);
    calls += 100;
  }

  await eventually(() => world.firm.scoreOf(customerId), comesTo(calls), 60_000);
}, 90_000);

test.each(consumers)(
  'what %s was killed at comes to the same end: its messages come back',
  async (consumer) => {
    const killed = killSome(consumer);

    const { state, end, endIfKilled = end, afterwards } = await workOf[consumer](world, `Killed${consumer}`);

    const isAtEnd = (now: unknown) => killed() === kills.length && matches(now, endIfKilled);
    await eventually(state, isAtEnd, 30_000);
    await isQuiet(consumer);
    expect(await state()).toEqual(endIfKilled);
    await afterwards?.();
  },
  90_000,
);

test('events that are delivered twice and in any order come to the same score', async () => {
  cloud.faults.functions.beforeInvoke = () => undefined;
  const names = Array.from({ length: 5 }, (_, index) => `Heard of twice ${index}`);
  const customers = await Promise.all(names.map((name) => world.firm.customer(name)));
  const delivered = deliverTwiceInAnyOrder(cloud.faults);

  for (let round = 0; round < 4; round++) await Promise.all(customers.map((id) => logCalls(id, 25)));

  // A score may hold contacts whose messages are still to come.
  const enough = (count: number) => count >= 500;
  await eventually(async () => delivered(), enough, 60_000);
  for (const id of customers) await eventually(() => world.firm.scoreOf(id), comesTo(100), 60_000);
}, 90_000);

test('every consumer that hears of everything twice, in any order, ends as if it had heard once', async () => {
  deliverTwiceInAnyOrder(cloud.faults);

  const works = await Promise.all(consumers.map((consumer) => workOf[consumer](world, `Twice${consumer}`)));

  for (const { state, end } of works) {
    await eventually(state, (now) => isDeepStrictEqual(now, end), 30_000);
  }
  for (const consumer of consumers) await isQuiet(consumer);
  for (const { state, end } of works) expect(await state()).toEqual(end);
}, 90_000);
