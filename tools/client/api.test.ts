import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createApi, pause } from './api.ts';

type Reply = { status: number; body: unknown; slow?: boolean } | 'cut';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const ok: Reply = { status: 200, body: { data: { me: { id: 'usr_1' } } } };
const refused = (errorType: string, message = 'no'): Reply => ({
  status: 200,
  body: { data: { me: null }, errors: [{ message, errorType, path: ['me'] }] },
});

/** An API that gives these replies one after the other, the last one for ever. */
async function answering(...replies: Reply[]) {
  const seen: { authorization: string | undefined; body: unknown }[] = [];
  const waits: number[] = [];
  server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    const { authorization } = request.headers;
    const reply = replies[Math.min(seen.length, replies.length - 1)];
    seen.push({ authorization, body: JSON.parse(Buffer.concat(chunks).toString()) });
    if (reply === undefined || reply === 'cut') request.socket.destroy();
    else if (!reply.slow) response.writeHead(reply.status).end(JSON.stringify(reply.body));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const api = createApi({
    url: `http://127.0.0.1:${port}/graphql`,
    token: async (forceNew) =>
      forceNew || seen.some(({ authorization }) => authorization === 'new') ? 'new' : 'old',
    attempts: 4,
    wait: async (ms) => void waits.push(ms),
    timeoutMs: 200,
  });
  return { ask: () => api<{ me: { id: string } }>('query Me { me { id } }', { a: 1 }), seen, waits };
}

describe('the API client', () => {
  it('sends the operation with the raw token and gives the data', async () => {
    const { ask, seen } = await answering(ok);
    expect(await ask()).toEqual({ me: { id: 'usr_1' } });
    expect(seen).toEqual([
      { authorization: 'old', body: { query: 'query Me { me { id } }', variables: { a: 1 } } },
    ]);
  });

  it.each<[string, Reply]>([
    ['a dropped connection', 'cut'],
    ['a 500', { status: 500, body: {} }],
    ['a 503 without JSON', { status: 503, body: 'down' }],
    ['a 429', { status: 429, body: { errors: [{ message: 'slow down' }] } }],
    ['an answer without data', { status: 200, body: { data: null } }],
    ['an answer that does not come', { status: 200, body: {}, slow: true }],
    ['an internal error', refused('INTERNAL')],
    ['a busy customer', refused('CUSTOMER.BUSY')],
    ['a function that timed out', refused('ExecutionTimeout')],
    ['a function that crashed', refused('Lambda:Unhandled')],
    ['throttling', refused('ThrottlingException')],
  ])('tries again after %s, waiting longer each time', async (_, fault) => {
    const { ask, seen, waits } = await answering(fault, fault, ok);
    expect(await ask()).toEqual({ me: { id: 'usr_1' } });
    expect(seen).toHaveLength(3);
    expect(waits).toHaveLength(2);
  });

  it('gives up after so many attempts, with what happened last', async () => {
    const { ask, seen } = await answering({ status: 503, body: { errors: [{ message: 'down for now' }] } });
    await expect(ask()).rejects.toMatchObject({
      name: 'ApiError',
      code: 'HTTP.503',
      message: 'the API answered 503: down for now (tried 4 times)',
    });
    expect(seen).toHaveLength(4);
  });

  it('says why there is no connection', async () => {
    const api = createApi({
      url: 'http://127.0.0.1:9/graphql',
      token: async () => 't',
      attempts: 1,
    });
    await expect(api('{ me { id } }', {})).rejects.toThrow(
      /http:\/\/127.0.0.1:9\/graphql does not answer: .*(ECONNREFUSED|bad port)/,
    );
  });

  it.each<[string, Reply, string]>([
    ['a refusal', refused('ACCESS.DENIED', 'not you'), 'ACCESS.DENIED at me: not you'],
    [
      'a bad request',
      { status: 400, body: { errors: [{ message: 'bad query' }] } },
      'the API answered 400: bad query',
    ],
    [
      'an error beside data',
      { status: 200, body: { data: { me: {} }, errors: [{ message: 'half' }] } },
      'half',
    ],
  ])('does not repeat %s', async (_, reply, message) => {
    const { ask, seen } = await answering(reply);
    await expect(ask()).rejects.toThrow(message);
    expect(seen).toHaveLength(1);
  });

  it('takes a new token when the old one is not accepted, once', async () => {
    const unauthorized: Reply = { status: 401, body: { errors: [{ message: 'expired' }] } };
    const first = await answering(unauthorized, ok);
    expect(await first.ask()).toEqual({ me: { id: 'usr_1' } });
    const second = await answering(unauthorized);
    await expect(second.ask()).rejects.toThrow('the API answered 401: expired');
    expect(second.seen).toHaveLength(2);
  });
});

describe('pause', () => {
  it('grows from 0.1 s to 10 s at most', () => {
    for (let attempt = 1; attempt < 20; attempt++) {
      const longest = Math.min(10_000, 200 * 2 ** (attempt - 1));
      expect(pause(attempt)).toBeGreaterThanOrEqual(longest / 2);
      expect(pause(attempt)).toBeLessThanOrEqual(longest);
    }
  });
});
