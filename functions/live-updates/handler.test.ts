import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SQSEvent } from 'aws-lambda';
import { parse, validate } from 'graphql';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type SignedRequest, verifySignature } from '../../local/sigv4.ts';
import { schema } from '../../test/support/schema.ts';

const received: SignedRequest[] = [];
let answer: { status: number; body: string };
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = '', url = '', headers } = request;
  received.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
afterAll(() => server.close());

vi.stubEnv('GRAPHQL_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`);
vi.stubEnv('AWS_REGION', 'eu-west-2');
vi.stubEnv('AWS_ACCESS_KEY_ID', 'ASIATEST');
vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
vi.stubEnv('AWS_SESSION_TOKEN', 'token');
vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
const { handler } = await import('./handler.ts');
const { mutations } = await import('./publish.ts');

beforeEach(() => {
  received.length = 0;
  answer = { status: 200, body: '{"data":{}}' };
});

const message = (id: string, customerId = 'cus_1') => ({
  messageId: id,
  body: JSON.stringify({
    detail: {
      id,
      type: 'crm.customer.updated.v1',
      time: '2026-11-22T12:00:00.000Z',
      subject: customerId,
      sequence: 2,
      data: { customerId, changedFields: ['name'] },
    },
  }),
});
const deliver = (...messages: readonly object[]) => handler({ Records: messages } as unknown as SQSEvent);
test.each([
  [mutations.activity, '{ id customerId kind channel direction occurredAt version }'],
  [mutations.notification, '{ id recipientId createdAt version }'],
])('a mutation is valid by the schema, selects all fields and has no alias', (mutation, fields) => {
  expect(validate(schema, parse(mutation))).toEqual([]);
  expect(mutation).toContain(fields);
  expect(mutation.replace('$input:', '').replace('input: $input', '')).not.toContain(':');
});

describe('live updates', () => {
  test('publish each event once, signed for AppSync by the function’s role', async () => {
    const outcome = await deliver(message('1'), message('2', 'cus_2'), message('1'));

    expect(outcome).toEqual({ batchItemFailures: [] });
    expect(received).toHaveLength(2);
    for (const request of received) {
      const signature = verifySignature(request, (id) => (id === 'ASIATEST' ? 'secret' : undefined));
      expect(signature).toMatchObject({ service: 'appsync', region: 'eu-west-2' });
      expect(request.headers['x-amz-security-token']).toBe('token');
    }
    const told = received.map(({ body }) => JSON.parse(String(body)).variables.input.customerId).sort();
    expect(told).toEqual(['cus_1', 'cus_2']);
  });

  test('tell a user of a notification, and nothing of what it says', async () => {
    const detail = {
      id: 'chg_2-0',
      type: 'crm.notification.created.v1',
      time: '2026-11-22T12:00:00.000Z',
      subject: 'ntf_1',
      sequence: 1,
      data: { notificationId: 'ntf_1', recipientId: 'usr_ada', customerId: 'cus_1' },
    };

    const outcome = await deliver({ messageId: '1', body: JSON.stringify({ detail }) });

    expect(outcome).toEqual({ batchItemFailures: [] });
    const [{ query, variables }] = received.map(({ body }) => JSON.parse(String(body)));
    expect(query).toContain('_publishNotification');
    expect(variables.input).toEqual({
      id: 'ntf_1',
      recipientId: 'usr_ada',
      createdAt: '2026-11-22T12:00:00.000Z',
      version: 1,
    });
  });

  test.each([
    ['an error of the mutation', { status: 200, body: '{"data":null,"errors":[{"message":"no"}]}' }],
    ['a refused signature', { status: 401, body: '{"errors":[{"message":"no"}]}' }],
    ['a failure without JSON', { status: 502, body: '<html>Bad gateway</html>' }],
  ])('give an event back after %s', async (_, failure) => {
    answer = failure;

    const outcome = await deliver(message('1'), message('2'));

    expect(outcome).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }, { itemIdentifier: '2' }] });
  });

  test('give an event back when AppSync cannot be reached', async () => {
    const listening = server.address() as AddressInfo;
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });

    const outcome = await deliver(message('1'));
    await new Promise<void>((resolve) => server.listen(listening.port, '127.0.0.1', resolve));

    expect(outcome).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
  });
});
