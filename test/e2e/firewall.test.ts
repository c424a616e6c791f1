import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { readEndpoint } from '../../tools/client/endpoint.ts';
import { signInAs } from '../../tools/client/session.ts';
import { assemblyDir } from '../support/assembly.ts';
import { eventually, signedIn } from '../support/client.ts';
import { type CloudInProcess, startCloudInProcess } from '../support/cloud.ts';
import { queuesOf } from '../support/consumer-queues.ts';

/** Requests that an address may make in five minutes, instead of what the tenant's file says. */
const limit = 20;
const assembly = mkdtempSync(join(tmpdir(), 'fidelia-firewall-'));
let cloud: CloudInProcess;

beforeAll(() => {
  cpSync(assemblyDir, assembly, { recursive: true });
  const file = join(assembly, 'fidelia-demo-app.template.json');
  const template = readFileSync(file, 'utf8');
  const lowered = template.replace(/"Limit": 100000\b/, `"Limit": ${limit}`);
  expect(lowered).not.toBe(template);
  writeFileSync(file, lowered);
});
beforeEach(async () => {
  cloud = await startCloudInProcess({ assembly });
});
afterEach(() => cloud.stop());
afterAll(() => rmSync(assembly, { recursive: true }));

/**
 * Opens a socket with a valid token, and a header that only pretends to sign the handshake; answers with the type of the first
 * frame, or with the status of the refusal.
 */
function connect(token: string): Promise<unknown> {
  const says = Buffer.from(JSON.stringify({ Authorization: token, host: 'localhost' })).toString('base64url');
  const socket = new WebSocket(String(cloud.stack.realtimeUrl), ['graphql-ws', `header-${says}`], {
    headers: { authorization: 'AWS4-HMAC-SHA256' },
  });
  const answer = new Promise((resolve, reject) => {
    socket.on('open', () => socket.send('{"type":"connection_init"}'));
    socket.on('message', (data) => resolve(JSON.parse(String(data)).type));
    socket.on('unexpected-response', (_request, { statusCode }) => resolve(statusCode));
    socket.on('error', reject);
  });
  return answer.finally(() => socket.terminate());
}

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

test('who only pretends to sign the handshake of a socket is held to the limit of users', async () => {
  const token = await (await signInAs(readEndpoint(cloud.stackFile, 'sales', {})))();

  const answers: unknown[] = [];
  for (let handshake = 0; handshake < limit + 2; handshake++) answers.push(await connect(token));

  expect(answers).toEqual([...Array(limit).fill('connection_ack'), 403, 403]);
});
