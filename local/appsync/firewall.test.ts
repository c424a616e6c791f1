import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { AppSyncOptions } from './api.ts';
import { iamHeader, type Listening, listen, optionsOf, tokenOf } from './fixture.ts';

const definition = 'schema { query: Query } type Query { a: String }';
const blocked = { errors: [{ errorType: 'WAFForbiddenException', message: '403 Forbidden' }] };

let listening: Listening;
afterEach(() => listening.close());

/** How the handshake of a socket ends: `open`, or the status and body of its refusal. */
function handshake(url: string, headers: Record<string, string> = {}): Promise<unknown> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/realtime`, 'graphql-ws', { headers });
  return new Promise((resolve, reject) => {
    socket.on('open', () => {
      socket.terminate();
      resolve('open');
    });
    socket.on('unexpected-response', async (_request, response) => {
      const body = Buffer.concat(await response.toArray()).toString();
      resolve({ status: response.statusCode, body: JSON.parse(body) });
    });
    socket.on('error', reject);
  });
}

test('what the web ACL lets pass, requests and handshakes, is counted with the address of its client, its method and its headers', async () => {
  const asked: unknown[] = [];
  const admits: AppSyncOptions['admits'] = (address, { method, headers }) =>
    asked.push([address, method, headers.authorization]) > 0;
  listening = await listen(optionsOf(definition, {}, { admits }));

  const answer = await listening.post({ query: '{ a }' }, tokenOf('anna'));

  expect(answer.status).toBe(200);
  expect(await handshake(listening.url, { authorization: iamHeader })).toBe('open');
  expect(asked).toEqual([
    ['127.0.0.1', 'POST', tokenOf('anna')],
    ['127.0.0.1', 'GET', iamHeader],
  ]);
});

test('what comes without the network is counted like the rest', async () => {
  const admits: AppSyncOptions['admits'] = (address, { method, headers }) =>
    address !== '10.0.0.1' || method !== 'POST' || headers.authorization !== iamHeader;
  listening = await listen(optionsOf(definition, {}, { admits }));
  const request = { method: 'POST', url: '/graphql', body: Buffer.from('{"query":"{ a }"}') };
  const answer = async (sourceIp: string, authorization: string) =>
    (await listening.api.answer({ ...request, sourceIp, headers: { authorization } })).status;

  expect(await answer('10.0.0.1', iamHeader)).toBe(403);
  expect(await answer('10.0.0.1', tokenOf('anna'))).toBe(200);
  expect(await answer('127.0.0.1', iamHeader)).toBe(200);
});

test('what it blocks gets 403 before anyone asks who it is', async () => {
  listening = await listen(optionsOf(definition, {}, { admits: () => false }));

  const answer = await listening.post({ query: '{ a }' });

  expect(answer.status).toBe(403);
  expect(answer.headers.get('x-amzn-errortype')).toBe('WAFForbiddenException');
  expect(await answer.json()).toEqual(blocked);
  expect(await handshake(listening.url)).toEqual({ status: 403, body: blocked });
});
