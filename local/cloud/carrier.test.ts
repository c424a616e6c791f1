import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createCarrier } from './carrier.ts';

const told: string[] = [];
const carry = createCarrier({
  gatewayUrl: 'http://127.0.0.1:4001',
  graphqlUrl: 'http://127.0.0.1:4000/graphql',
  gateway: { handle: async ({ url }) => ({ status: 200, headers: {}, body: `gateway ${url}` }) },
  api: () => ({
    answer: async ({ sourceIp }) => ({
      status: 200,
      headers: {},
      body: `api for ${sourceIp}`,
      announce: () => told.push('subscribers'),
    }),
  }),
});

const request = (host: string, url: string) => ({
  method: 'POST',
  url,
  headers: { host },
  body: Buffer.alloc(0),
});

describe('a request of a function', () => {
  it('to the gateway is answered by it', async () => {
    expect(await carry(request('127.0.0.1:4001', '/x?y=1'))).toMatchObject({ body: 'gateway /x?y=1' });
  });

  it('to the API is answered by it, and subscribers hear of it afterwards', async () => {
    const answer = await carry(request('127.0.0.1:4000', '/graphql'));

    expect(answer).toEqual({ status: 200, headers: {}, body: 'api for 127.0.0.1' });
    expect(told).toEqual([]);
    await sleep(1);
    expect(told).toEqual(['subscribers']);
  });

  it.each([
    ['127.0.0.1:4000', '/mail'],
    ['example.com', '/'],
  ])('to %s%s reaches nobody', async (host, url) => {
    await expect(carry(request(host, url))).rejects.toThrow(`${host}${url} is not here`);
  });
});
