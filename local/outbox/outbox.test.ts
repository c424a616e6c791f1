import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStore, type Store } from '../store.ts';
import { createMailbox } from './http.ts';
import { type Outbox, type Outgoing, openOutbox } from './outbox.ts';

let store: Store;
let outbox: Outbox;
beforeEach(() => {
  store = openStore();
  outbox = openOutbox({ store, most: 3, now: () => Date.parse('2026-01-02T03:04:05.678Z') });
});
afterEach(() => store.close());

const mail = (messageId: string, ...to: string[]): Outgoing => ({
  kind: 'EMAIL',
  service: 'ses',
  from: 'Shop <shop@firm.example>',
  to,
  subject: 'Hello',
  text: 'Hi',
  html: null,
  headers: { 'List-Unsubscribe': '<https://firm.example/u>' },
  tags: { tenant: 'demo' },
  messageId,
});
const idsOf = (query: { to?: string; limit: number }) => outbox.list(query).map(({ messageId }) => messageId);

describe('the outbox', () => {
  test('gives what was kept, newest first, with what became of it', () => {
    outbox.add(mail('1', 'a@x.example'));
    outbox.add(mail('2', 'b@x.example'));
    outbox.happened('1', 'Email Sent');
    outbox.happened('1', 'Email Bounced');
    outbox.happened('none', 'Email Sent');

    expect(outbox.list({ limit: 10 })).toEqual([
      { ...mail('2', 'b@x.example'), id: '2', at: '2026-01-02T03:04:05.678Z', events: [] },
      {
        ...mail('1', 'a@x.example'),
        id: '1',
        at: '2026-01-02T03:04:05.678Z',
        events: ['Email Sent', 'Email Bounced'],
      },
    ]);
  });

  test('finds what went to an address, in whatever case, and no part of one', () => {
    outbox.add(mail('1', 'a@x.example', 'Ann@X.example'));
    outbox.add(mail('2', 'joann@x.example'));

    expect(idsOf({ to: 'ann@x.example', limit: 10 })).toEqual(['1']);
    expect(idsOf({ to: '%', limit: 10 })).toEqual([]);
  });

  test('keeps the latest only', () => {
    for (const id of ['1', '2', '3', '4', '5']) outbox.add(mail(id, 'a@x.example'));

    expect(idsOf({ limit: 10 })).toEqual(['5', '4', '3']);
    expect(idsOf({ limit: 2 })).toEqual(['5', '4']);
  });

  test('keeps nothing of a write that was undone, and everything else over a restart', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'outbox-'));
    const first = openStore(join(dir, 'store.sqlite'));
    const before = openOutbox({ store: first });
    before.add(mail('1', 'a@x.example'));
    expect(() =>
      first.write(() => {
        before.add(mail('2', 'a@x.example'));
        throw new Error('no');
      }),
    ).toThrow('no');
    first.close();

    const second = openStore(join(dir, 'store.sqlite'));
    expect(openOutbox({ store: second }).list({ limit: 10 })).toMatchObject([{ messageId: '1' }]);
    second.close();
    rmSync(dir, { recursive: true });
  });
});

describe('the address of the outbox', () => {
  const server = createServer((incoming, response) => {
    void createMailbox({ outbox, committed: store.committed }).handle(incoming, response);
  });
  let port: number;
  beforeEach(async () => {
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    port = (server.address() as AddressInfo).port;
  });
  afterEach(() => server.close());

  /** `fetch` chooses the host itself. */
  function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
    const { promise, resolve, reject } = Promise.withResolvers<{
      status: number | undefined;
      headers: Record<string, unknown>;
      body: unknown;
    }>();
    const sent = request({ port, host: '127.0.0.1', path, method, headers, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, body: JSON.parse(text) }),
      );
    });
    sent.on('error', reject).end();
    return promise;
  }

  test('answers with JSON that nobody keeps and that no other origin reads', async () => {
    outbox.add(mail('1', 'a+b@x.example'));
    outbox.add(mail('2', 'c@x.example'));

    const found = await get('/mail?to=a%2Bb@x.example&limit=1', { origin: 'https://evil.example' });

    expect(found).toMatchObject({
      status: 200,
      headers: { 'cache-control': 'no-store', 'cross-origin-resource-policy': 'same-origin' },
      body: [{ messageId: '1' }],
    });
    expect(await get('/mail?to=a+b@x.example')).toMatchObject({ body: [{ messageId: '1' }] });
    expect(Object.keys(found.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect(await get('/mail', { host: `localhost:${port}` })).toMatchObject({ body: [{}, {}] });
  });

  test.each([
    ['a host that is not this machine', '/mail', { host: 'evil.example:4000' }, 'GET', 403, 'evil.example'],
    ['a host that only begins so', '/mail', { host: '127.0.0.1.evil.example' }, 'GET', 403, 'is not this'],
    ['a limit of none', '/mail?limit=0', {}, 'GET', 400, 'limit=0'],
    ['a limit that is no number', '/mail?limit=1e3', {}, 'GET', 400, 'limit=1e3'],
    ['another method', '/mail', {}, 'DELETE', 405, 'use GET'],
  ])('refuses %s', async (_, path, headers, method, status, message) => {
    expect(await get(path, headers, method)).toMatchObject({
      status,
      body: { message: expect.stringContaining(message) },
    });
  });
});
