import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { assemblyDir } from '../support/assembly.ts';
import { eventually, signedIn } from '../support/client.ts';
import { type CloudInProcess, startCloudInProcess } from '../support/cloud.ts';
import { queuesOf } from '../support/consumer-queues.ts';

/** Requests that an address may make in five minutes, instead of what the tenant's file says. */
const limit = 20;
const assembly = mkdtempSync(join(tmpdir(), 'fidelia-firewall-'));
let cloud: CloudInProcess;

beforeAll(async () => {
  cpSync(assemblyDir, assembly, { recursive: true });
  const file = join(assembly, 'fidelia-demo-app.template.json');
  const template = readFileSync(file, 'utf8');
  const lowered = template.replace(/"Limit": 100000\b/, `"Limit": ${limit}`);
  expect(lowered).not.toBe(template);
  writeFileSync(file, lowered);
  cloud = await startCloudInProcess({ assembly });
});
afterAll(async () => {
  await cloud.stop();
  rmSync(assembly, { recursive: true });
});

test('live updates of an import go on beyond the limit of users, and users are still held to it', async () => {
  const told = new Set<string>();
  cloud.faults.queues.duplicate = (body, queue) => {
    if (queue.includes('LiveUpdatesIncomingQueue')) told.add(body);
    return false;
  };
  const asSales = await signedIn(cloud);
  const { createCustomer } = await asSales<{ createCustomer: { id: string } }>(
    'mutation { createCustomer(input: { kind: PERSON, name: "Ada" }) { id } }',
  );
  const call = { customerId: createCustomer.id, channel: 'PHONE', direction: 'INBOUND' };
  await asSales(
    'mutation($input: LogInteractionsInput!) { logInteractions(input: $input) { results { error { code } } } }',
    { input: { interactions: Array(5 * limit).fill(call) } },
  );

  await eventually(
    () => Promise.resolve(told.size),
    (size) => size > 5 * limit,
  );
  // What was refused would come again only after three minutes.
  const { waiting, deadLetters } = await queuesOf(cloud.stack, 'LiveUpdates');
  await eventually(waiting, (count) => count === 0);
  expect(await deadLetters()).toBe(0);

  const statuses: number[] = [];
  for (let request = 0; request < limit; request++) {
    statuses.push((await fetch(String(cloud.stack.graphqlUrl), { method: 'POST', body: '{}' })).status);
  }
  expect(statuses).toEqual([...Array(limit - 2).fill(401), 403, 403]);
});
