import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { createLogger } from './mutation.ts';

let server: Server | undefined;
afterEach(() => server?.close());

/** Logs against an API that answers this, and tells what it got. */
async function loggerOf(status: number, answer: object) {
  const bodies: { variables: { input: object } }[] = [];
  const listening = createServer(async (request, response) => {
    bodies.push((await json(request)) as (typeof bodies)[number]);
    response.writeHead(status).end(JSON.stringify(answer));
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const graphqlUrl = `http://127.0.0.1:${(listening.address() as AddressInfo).port}/graphql`;
  const logger = createLogger({ graphqlUrl, token: 'token', customerIds: ['cus_1', 'cus_2'], run: 'at-50' });
  return { logger, bodies };
}

test('an interaction is logged with one customer after the other, under a subject of its own', async () => {
  const logInteraction = { id: 'int_1', customerId: 'cus_1', occurredAt: '2026-11-22T10:00:00.000Z' };
  const { logger, bodies } = await loggerOf(200, { data: { logInteraction } });

  const dueAt = performance.now();
  const commit = await logger.log(3, dueAt);
  await logger.close();

  expect(bodies[0]?.variables.input).toMatchObject({ customerId: 'cus_2', subject: 'at-50-3' });
  expect(commit).toMatchObject({ ...logInteraction, dueAt });
  expect(commit.committedAt).toBeGreaterThan(dueAt);
});

test.each([
  [200, { data: { logInteraction: null }, errors: [{ message: 'CUSTOMER.BUSY' }] }],
  [200, { data: null, errors: [{ message: 'CUSTOMER.BUSY' }] }],
  [429, { message: 'CUSTOMER.BUSY' }],
])('an answer of %i without an interaction is an error', async (status, answer) => {
  const { logger } = await loggerOf(status, answer);
  await expect(logger.log(0, 0)).rejects.toThrow(`${status} ${JSON.stringify(answer)}`);
  await logger.close();
});
