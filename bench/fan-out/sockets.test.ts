import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { followCustomers } from './sockets.ts';

let server: WebSocketServer | undefined;
afterEach(() => server?.close());

interface Frame {
  readonly id?: string;
  readonly type: string;
}

/** An API whose socket answers each start of a subscription with some frames. */
async function serving(answer: (id: string) => object[]) {
  const sockets: WebSocket[] = [];
  const opened = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'graphql-ws' });
  server = opened;
  await once(opened, 'listening');
  opened.on('connection', (socket) => {
    sockets.push(socket);
    const send = (frame: object) => socket.send(JSON.stringify(frame));
    socket.on('message', (message) => {
      const { id = '', type }: Frame = JSON.parse(String(message));
      if (type === 'connection_init') send({ type: 'connection_ack' });
      else if (type === 'start') answer(id).forEach(send);
    });
  });
  const graphqlUrl = `http://127.0.0.1:${(opened.address() as AddressInfo).port}/graphql`;
  return { sockets, subscriber: { graphqlUrl, token: 'token' } };
}

const told = (id: string, kind: string) => ({
  type: 'data',
  payload: { data: { onCustomerActivity: { id, kind } } },
});

test('customers are followed on as few sockets as may be, and interactions noted when they are told', async () => {
  const { sockets, subscriber } = await serving((id) => [
    { id, type: 'start_ack' },
    told(`int_${id}`, 'INTERACTION_LOGGED'),
    told(id, 'SCORE_CHANGED'),
  ]);
  const ids = Array.from({ length: 201 }, (_, n) => String(n));

  const following = await followCustomers(subscriber, ids);
  while (following.arrivals.size < 201) await new Promise((resolve) => setTimeout(resolve, 5));
  following.stop();

  expect(sockets).toHaveLength(2);
  expect([...following.arrivals.keys()]).toEqual(ids.map((id) => `int_${id}`));
});

test('a refused subscription is an error', async () => {
  const { subscriber } = await serving((id) => [
    { id, type: 'error', payload: { errors: [{ message: 'no' }] } },
  ]);
  await expect(followCustomers(subscriber, ['1'])).rejects.toThrow('a subscription was refused: {"id":"1"');
});
