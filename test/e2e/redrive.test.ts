import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/client.ts';
import { type CloudInProcess, startCloudInProcess } from '../support/cloud.ts';
import { queuesOf } from '../support/consumer-queues.ts';
import { consumers, startWorld, type World, workOf } from '../support/consumers.ts';

let cloud: CloudInProcess;
let world: World;

beforeAll(async () => {
  cloud = await startCloudInProcess();
  world = await startWorld(cloud);
});
afterAll(async () => {
  await world.partner.stop();
  await cloud.stop();
});

test.each(consumers)(
  'dead letters of %s come back with the command of the operations guide, and come to the same end',
  async (consumer) => {
    const queues = await queuesOf(cloud.stack, consumer);
    await queues.comeAgainAfter(0);
    cloud.faults.functions.beforeInvoke = (name) =>
      name.includes(`${consumer}Function`) ? 'kill' : undefined;

    const { state, end, afterwards } = await workOf[consumer](world, `Redriven${consumer}`);
    await eventually(queues.deadLetters, Boolean, 30_000);
    await eventually(queues.waiting, (count) => count === 0, 30_000);
    expect(await state()).not.toEqual(end);

    cloud.faults.functions.beforeInvoke = () => undefined;
    await queues.comeAgainAfter(30);
    await queues.redrive();

    await eventually(state, (now) => isDeepStrictEqual(now, end), 30_000);
    await eventually(queues.waiting, (count) => count === 0, 30_000);
    expect(await queues.deadLetters()).toBe(0);
    expect(await state()).toEqual(end);
    await afterwards?.();
  },
  90_000,
);
